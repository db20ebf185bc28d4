"""The mail: can we log in, does a letter leave, and do others believe that it is ours?"""

import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from urllib.parse import urlsplit

import dns.asyncresolver
import dns.exception
import dns.resolver
import dns.reversename

from mobilise.doctor.findings import Finding, ok, warn, wrong
from mobilise.mail.relay import Fault, way_out
from mobilise.mail.writing import Letter
from mobilise.settings import Settings

Resolver = dns.asyncresolver.Resolver
NOT_FOUND = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)


async def server(settings: Settings, to: str | None) -> AsyncIterator[Finding]:
    """Logs in, and with an address sends a letter there."""
    if settings.smtp_url is None:
        yield warn("no mail server is set", "Set MOBILISE_SMTP_URL; letters wait until then.")
        return
    where = urlsplit(settings.smtp_url)
    named = f"{where.hostname}" + (f":{where.port}" if where.port else "")
    try:
        async with way_out(settings) as way:
            let_in = " and lets us in" if where.username else ""
            yield ok(f"the mail server {named} answers{let_in}")
            if to is None:
                yield ok("no test letter was sent: `--to you@post.example` sends one")
                return
            await way.send(_letter(settings, to))
            yield ok(f"the mail server took a letter to {to}: look whether it arrived")
    except Fault as fault:
        yield wrong(f"the mail server {named} says: {_said(fault)}", _mends(fault))


def _letter(settings: Settings, to: str) -> Letter:
    """A letter that says what it is for; nobody but the keeper gets it."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"] = settings.mail_from, to
    message["Subject"] = f"Test letter of {settings.name}"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=_domain(settings) or None)
    message.set_content(
        f"{settings.base_url} can send you letters.\n\n"
        "Look at the source of this one: spf=pass, dkim=pass and dmarc=pass should stand there.\n"
    )
    return Letter("test", to, message.as_bytes())


def _said(fault: Fault) -> str:
    return f"{fault.code} {fault.words}" if fault.code else fault.words


def _mends(fault: Fault) -> str:
    if fault.whose == "relay":
        return "Look at user and password in MOBILISE_SMTP_URL."
    if _is_about_tls(fault):
        return "Use smtps:// for port 465 and smtp:// for 587, and the name on its certificate."
    if fault.whose == "moment" and fault.code is None:
        return "Look at name and port in MOBILISE_SMTP_URL, and whether it runs."
    return "Ask whoever runs the mail server; does it send for your domain?"


def _is_about_tls(fault: Fault) -> bool:
    cause = fault.__cause__
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return any(word in fault.words.upper() for word in ("TLS", "SSL", "CERTIFICATE"))


# --- what others look up ------------------------------------------------------------------


def records(settings: Settings, selector: str) -> Iterator[str]:
    """The lines to publish in the DNS of the sender's domain, to be copied."""
    domain, relay = _domain(settings), _relay(settings)
    allowed = f"a:{relay}" if relay else "include:YOUR-MAIL-PROVIDER"
    reports = f"; rua=mailto:{settings.contact}" if settings.contact else ""
    yield f'{domain}.  TXT  "v=spf1 {allowed} -all"'
    yield f'{selector}._domainkey.{domain}.  TXT  "v=DKIM1; k=rsa; p=THE-KEY-OF-YOUR-MAIL-SERVER"'
    yield f'_dmarc.{domain}.  TXT  "v=DMARC1; p=quarantine{reports}"'


async def believed(
    settings: Settings, selector: str, resolver: Resolver | None = None
) -> AsyncIterator[Finding]:
    """Looks up SPF, DKIM, DMARC and the name of the mail server's address."""
    domain = _domain(settings)
    if not domain or domain == "localhost" or "." not in domain:
        yield warn(f"MOBILISE_MAIL_FROM is {settings.mail_from}", "Choose one in your own domain.")
        return
    try:
        asked = resolver or Resolver()
        yield await _record(asked, domain, "v=spf1", "SPF")
        yield await _record(asked, f"{selector}._domainkey.{domain}", "v=DKIM1", "DKIM")
        yield await _record(asked, f"_dmarc.{domain}", "v=DMARC1", "DMARC")
        yield await _name_of_relay(asked, _relay(settings))
    except (dns.exception.DNSException, OSError) as error:
        yield warn(f"the DNS was not looked up: {error}", "Compare the lines below yourself.")


async def _record(resolver: Resolver, name: str, begins: str, what: str) -> Finding:
    try:
        answer = await resolver.resolve(name, "TXT")
        texts = [b"".join(row.strings).decode("utf-8", "replace") for row in answer]
    except NOT_FOUND:
        texts = []
    found = [text for text in texts if text.lower().startswith(begins.lower())]
    if what == "DKIM" and not found:
        found = [text for text in texts if "p=" in text]
    if not found:
        return warn(f"no {what} at {name}", "Publish the line below, or what your provider gives.")
    if len(found) > 1 and what == "SPF":
        return wrong(f"{len(found)} SPF records at {name}", "Leave one; with two, none counts.")
    return ok(f"{what} at {name}: {found[0]}")


async def _name_of_relay(resolver: Resolver, relay: str) -> Finding:
    """Large providers refuse mail from an address without a name of its own."""
    if not relay:
        return ok("the mail server is on this machine: its address needs a name (PTR)")
    try:
        address = (await resolver.resolve(relay, "A"))[0].to_text()
        back = dns.reversename.from_address(address)
        named = (await resolver.resolve(back, "PTR"))[0].to_text().rstrip(".")
    except NOT_FOUND:
        return warn(f"the address of {relay} has no name (PTR)", "Ask whoever rents it out.")
    return ok(f"{relay} is {address}, which is called {named}")


def _domain(settings: Settings) -> str:
    return parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()


def _relay(settings: Settings) -> str:
    """The mail server, unless it is this machine."""
    host = urlsplit(settings.smtp_url or "").hostname or ""
    return "" if host in ("localhost", "127.0.0.1", "::1") else host
