"""Content of a bucket as an answer: what `FileResponse` does for a file, with one range at most."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from mobilise.store import Store


class Malformed(ValueError):
    """No range at all: 400."""


class BehindTheEnd(ValueError):
    """A range of which nothing is there: 416."""


def answer(
    request: Request, store: Store, sha256: str, size: int, headers: dict[str, str]
) -> Response:
    """The whole, or the part that is asked for. `headers`: with the etag of the content."""
    try:
        part = asked_for(request.headers, size, headers["etag"])
    except Malformed as error:
        return PlainTextResponse(str(error), status_code=400)
    except BehindTheEnd:
        return PlainTextResponse(status_code=416, headers={"content-range": f"bytes */{size}"})
    start, end = part or (0, size)
    headers = headers | {"accept-ranges": "bytes", "content-length": str(end - start)}
    if part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(store.read(sha256, start, end), status, headers)


def asked_for(headers: Headers, size: int, etag: str) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole. Who asks for several parts, or
    for a part of another version, gets the whole."""
    unit, equals, ranges = headers.get("range", "").partition("=")
    if not unit or headers.get("if-range", etag) != etag:
        return None
    if unit.strip().lower() != "bytes" or not equals:
        raise Malformed("Only bytes can be asked for")
    if "," in ranges:
        return None
    first, dash, last = (part.strip() for part in ranges.partition("-"))
    if not dash or not (first or last) or not all(_is_number(part) for part in (first, last)):
        raise Malformed("A range has a first byte, a last byte, or both")
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if start >= size:
        raise BehindTheEnd()
    if start >= end:
        raise Malformed("The last byte comes before the first")
    return start, end


def _is_number(part: str) -> bool:
    return not part or (part.isascii() and part.isdigit() and len(part) < 20)
