"""The site as others reach it: under its public address, and as this instance."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from mobilise.doctor.findings import Finding, ok, warn, wrong
from mobilise.doctor.house import CLOCK_SLIP
from mobilise.settings import Settings
from mobilise.tokens import Tokens

SECONDS = 10


async def site(settings: Settings) -> AsyncIterator[Finding]:
    """Asks the public address whether it is alive, past any proxy of this machine's own."""
    address = f"{settings.base_url}/healthz"
    try:
        final, headers = await asyncio.to_thread(_get, address)
    except urllib.error.HTTPError as error:
        yield wrong(f"{address} answers {error.code}", "Does the proxy before it pass requests on?")
        return
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", error)
        yield warn(f"{address} does not answer: {why}", "Is it running, and is the name right?")
        return
    told = headers.get("mobilise-instance", "")
    if not told:
        yield wrong(
            f"something else answers at {settings.base_url}", "Look at the proxy before it."
        )
    elif told != Tokens(settings.signing_keys).instance():
        yield wrong(
            f"another mobilise answers at {settings.base_url}, or one with other keys",
            "Give all of them the same MOBILISE_SECRET_KEYS.",
        )
    elif not final.startswith(settings.base_url):
        yield warn(f"{settings.base_url} leads on to {final}", "Set MOBILISE_BASE_URL to that.")
    else:
        yield ok(f"{settings.base_url} answers as this instance")
        for finding in proxy(settings, headers.get("mobilise-forwarded", "")):
            yield finding
    slip = _slip(headers.get("date", ""))
    if slip is not None and slip > CLOCK_SLIP.total_seconds():
        yield wrong(f"the clock of the site differs by {slip:.0f} s", "Set clocks by the network.")


def proxy(settings: Settings, forwarded: str) -> Iterator[Finding]:
    """`forwarded`: what the site made of the proxy's word about who asks. Not believed, all
    visitors are one: after the first few, nobody can sign."""
    if forwarded == "believed":
        yield ok("the site knows visitors apart behind the proxy")
    elif forwarded == "ignored":
        value = settings.trusted_proxies.strip() or "empty"
        yield wrong(
            f"every visitor looks like the proxy: MOBILISE_TRUSTED_PROXIES is {value}",
            "Set it to the address that the proxy comes from: 127.0.0.1, or its container's.",
        )
    elif forwarded == "none" and settings.secure:
        yield warn(
            "the proxy does not say who asks: every visitor looks like it",
            "Let it send X-Forwarded-For.",
        )


def _get(address: str) -> tuple[str, Message]:
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with straight.open(address, timeout=SECONDS) as answer:
        return answer.url, answer.headers


def _slip(date: str) -> float | None:
    """Seconds between that moment and now; None when it is none."""
    try:
        return abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return None
