"""The one cookie of a signer: it recognises, for two hours, the browser that filled in the form."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from mobilise import cookies, web
from mobilise.signatures.signing import Attempt
from mobilise.tokens import ATTEMPT_HOURS, Broken

ATTEMPT = "attempt"


def give(request: Request, answer: Response, attempt: Attempt) -> None:
    """Always the same kind of value, whatever came of the attempt."""
    value = web.tokens(request).attempt(attempt.petition_id, attempt.id)
    cookies.give(request, answer, ATTEMPT, value, timedelta(hours=ATTEMPT_HOURS))


def attempt(request: Request) -> Attempt | None:
    """The attempt that this browser made, if it did and not too long ago."""
    kept = cookies.read(request, ATTEMPT)
    if not kept:
        return None
    try:
        read = web.tokens(request).read_attempt(kept)
    except Broken:
        return None
    return None if read.expired else Attempt(*read.payload)


def earlier(request: Request) -> int | None:
    """The number of that attempt: a browser may correct what it wrote itself."""
    found = attempt(request)
    return found.id if found else None


def a_person_opened_this(request: Request) -> bool:
    """A page that somebody went to, in a browser that says so: no scanner, no prefetch."""
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and "sec-purpose" not in headers
        and "purpose" not in headers
    )
