"""How a refusal reaches the reader: one handler, three forms."""

from collections.abc import Mapping
from typing import Any

import orjson
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from mobilise import db, i18n
from mobilise.errors import Broken, NotFound, Refusal, TooLarge, Unavailable, WrongMethod
from mobilise.web import OPEN, known_at_desk, render, settings


async def refuse(request: Request, error: Exception) -> Response:
    """Every refusal, once: problem+json for machines, a fragment for htmx, else a page."""
    refusal = _as_refusal(error)
    heading = i18n.gettext(refusal.heading)
    sentence = i18n.gettext(refusal.message, **refusal.values)
    headers = dict(getattr(error, "headers", None) or {})  # Allow, of a wrong method
    if refusal.status == 503:
        headers["retry-after"] = "10"
    if _wants_json(request):
        return _problem(request, refusal, heading, sentence, headers)
    if request.headers.get("hx-request") == "true":
        fragment = Markup('<p class="notice error" role="alert"><strong>{}.</strong> {}</p>')
        return HTMLResponse(fragment.format(heading, sentence), refusal.status, headers)
    answer = render(
        request,
        "error.html",
        status=refusal.status,
        **_place(request),
        heading=heading,
        message=sentence,
        retry=refusal.status == 503,
        request_id=request.scope.get("mobilise.request_id", ""),
    )
    answer.headers.update({**headers, **({"refresh": "10"} if refusal.status == 503 else {})})
    return answer


def _place(request: Request) -> dict[str, Any]:
    """Around it the desk, for who is in: no other page need say "Log in" to her."""
    person = known_at_desk(request).get("person")
    if person is None:
        return {"shell": "_layout.html"}
    keeping = person.keeper and request.url.path.startswith("/keep")
    return {"shell": "_keep.html" if keeping else "_desk.html", "private": True}


def _problem(
    request: Request, refusal: Refusal, heading: str, sentence: str, headers: Mapping[str, str]
) -> Response:
    """RFC 9457, readable from any other site. Its type leads to a page that explains it."""
    problem = {
        "type": f"{settings(request).base_url}/api#{refusal.code}",
        "title": heading,
        "status": refusal.status,
        "detail": sentence,
        "instance": f"urn:request:{request.scope.get('mobilise.request_id', '')}",
    }
    kind = "application/problem+json"
    return Response(orjson.dumps(problem), refusal.status, {**headers, **OPEN}, kind)


_KINDS: Mapping[int, type[Refusal]] = {
    404: NotFound,
    405: WrongMethod,
    413: TooLarge,
    503: Unavailable,
}


def _as_refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        if error.status_code in _KINDS:
            return _KINDS[error.status_code]()
        refusal = Refusal()
        refusal.status = error.status_code
        return refusal
    if isinstance(error, db.LOST):
        return Unavailable()
    return Broken()


def _wants_json(request: Request) -> bool:
    path = request.url.path
    return (
        path.startswith(("/api/", "/data/", "/catalog."))
        or path.endswith((".json", ".atom", ".ics"))
        or (path.startswith("/petitions/") and "/data/" in path)
        or ("json" in request.headers.get("accept", "") and "html" not in request.headers["accept"])
    )
