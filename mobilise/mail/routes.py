"""Stopping mail, from any letter; and on a development run, reading the letters."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.errors import NotFound
from mobilise.mail import queries
from mobilise.mail.relay import dev_mailbox
from mobilise.tokens import Broken

LETTER_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


async def unsubscribe(request: Request) -> Response:
    """GET shows one button and changes nothing; POST stops the mail, without cookie or log-in.

    RFC 8058: a mailbox provider may send the POST for its user.
    """
    try:
        petition_id, who = (
            web.tokens(request).read_unsubscribe(request.path_params["token"]).payload
        )
    except Broken:
        raise NotFound() from None
    i18n.set_language(request.query_params.get("lang", i18n.language()))  # the letter's own
    database, name = web.database(request), web.settings(request).name
    title = await queries.title(database, petition_id, i18n.language()) if petition_id else None
    page = {"about": title or name, "token": request.path_params["token"], "private": True}
    if request.method != "POST":
        return web.render(request, "mail/unsubscribe.html", everything=not petition_id, **page)
    sent = await request.form(max_files=0, max_fields=5)
    again = sent.get("again") == "yes"
    if petition_id:
        await queries.unsubscribe(database, petition_id, who)
    elif again:
        await queries.let_in_again(database, bytes.fromhex(who))
    else:
        await queries.stop_all(database, bytes.fromhex(who))
    return web.render(
        request, "mail/unsubscribed.html", everything=not petition_id, again=again, **page
    )


async def dev(request: Request) -> Response:
    """The letters of this run, newest first. Only where nobody but the developer can come."""
    box = _box(request)
    letters = [_shown(key, box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118 - a mailbox
    letters.sort(key=lambda letter: (letter["at"], letter["key"]), reverse=True)
    return web.render(request, "mail/dev.html", letters=letters)


async def dev_letter(request: Request) -> Response:
    key = request.path_params["key"]
    letter = _shown(key, _bytes(request, key))
    letter["html_url"] = web.url(request, "mail.dev_html", key=key)
    return web.render(request, "mail/dev_letter.html", letter=letter)


async def dev_html(request: Request) -> Response:
    """The letter as a mail program would show it."""
    message = _parsed(_bytes(request, request.path_params["key"]))
    body = message.get_body(("html",))
    content = str(body.get_content()) if body else ""
    return HTMLResponse(content, headers={"content-security-policy": LETTER_CSP})


# What a proxy says of itself: whoever comes through one is not at this computer.
_COME_FROM_AFAR = {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"}


def _box(request: Request) -> Any:
    if not web.settings(request).dev_mail or _COME_FROM_AFAR & set(request.headers):
        raise NotFound()
    return dev_mailbox(web.settings(request).data)


def _bytes(request: Request, key: str) -> bytes:
    box = _box(request)
    if key not in box:
        raise NotFound()
    return cast(bytes, box.get_bytes(key))


def _parsed(raw: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(raw)


def _shown(key: str, raw: bytes) -> dict[str, Any]:
    message = _parsed(raw)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return {
        "key": key,
        "to": str(message["To"]),
        "sender": str(message["From"]),
        "subject": str(message["Subject"]),
        "at": parsedate_to_datetime(str(message["Date"])),
        "text": text,
        "links": [word for word in text.split() if word.startswith(("http://", "https://"))],
    }


ROUTES = [
    Route("/u/{token}", unsubscribe, name="mail.unsubscribe", methods=["GET", "POST"]),
    Route("/dev/mail", dev, name="mail.dev", methods=["GET"]),
    Route("/dev/mail/{key}", dev_letter, name="mail.dev_letter", methods=["GET"]),
    Route("/dev/mail/{key}/html", dev_html, name="mail.dev_html", methods=["GET"]),
]
