"""The floor of everything that goes over HTTP: Starlette with nothing behind it.

`GET` answers the page that was measured, byte for byte, compressed beforehand; `POST` answers
with a redirect and a cookie, as signing does.
"""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise.lifeline import die_with_parent


def app() -> Starlette:
    die_with_parent()
    folder = Path(os.environ["BARE_FOLDER"])
    plain, zipped = (folder / "page.html").read_bytes(), (folder / "page.html.gz").read_bytes()

    async def page(request: Request) -> Response:
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(zipped, media_type="text/html", headers={"content-encoding": "gzip"})
        return Response(plain, media_type="text/html")

    async def accept(request: Request) -> Response:
        await request.body()
        answer = Response(status_code=303, headers={"location": "/en/petitions/yard/check"})
        answer.set_cookie("attempt", "x" * 60, max_age=7200, httponly=True, samesite="lax")
        return answer

    return Starlette(
        routes=[
            Route("/{path:path}", page, methods=["GET"]),
            Route("/{path:path}", accept, methods=["POST"]),
        ]
    )
