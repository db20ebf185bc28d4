"""Why people sign: for every reader what the group let through, at the desk what waits for it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.accounts import access
from mobilise.errors import NotFound
from mobilise.petitions import reading
from mobilise.petitions.mine import MINE, mine
from mobilise.signatures import comments


async def reasons(request: Request) -> Response:
    """What was let through, newest first."""
    database = web.database(request)
    petition = await reading.public(database, request.path_params["slug"], i18n.language())
    page = web.page_number(request)
    found = await comments.listed(database, petition.id, "shown", page)
    answer = web.render(
        request, "signatures/reasons.html", public=not request.query_params, reads_query=True,
        petition=petition, comments=found[: comments.A_PAGE], page=page,
        more=len(found) > comments.A_PAGE,
    )  # fmt: skip
    answer.headers["x-robots-tag"] = "noindex"  # like the names
    return answer


async def desk(request: Request) -> Response:
    """What waits, what is shown, what was put aside."""
    person, petition = await mine(request, access.may_answer)
    which = comments.verdict_of(request.query_params.get("which", "waiting"))
    page, database = web.page_number(request), web.database(request)
    found = await comments.listed(database, petition.id, which, page)
    return web.render(
        request, "signatures/comments.html", private=True, person=person, petition=petition,
        which=which, page=page, comments=found[: comments.A_PAGE],
        more=len(found) > comments.A_PAGE, totals=await comments.totals(database, petition.id),
        undo=_undo(request),
    )  # fmt: skip


async def judge(request: Request) -> Response:
    """Let through, put aside, or back among those that wait."""
    person, petition = await mine(request, access.may_answer)
    sent = await request.form(max_files=0, max_fields=5)
    verdict = comments.verdict_of(str(sent.get("verdict", "")))
    came_from = comments.verdict_of(str(sent.get("from", "waiting")))
    number, seen = _number(request.path_params["number"]), str(sent.get("seen", ""))[:40]
    await comments.judge(web.database(request), petition, person.id, number, verdict, seen)
    here = web.url(request, "signatures.comments", slug=petition.slug)
    return web.redirect(f"{here}?which={came_from}&did={verdict}&number={number}&seen={seen}")


def _undo(request: Request) -> dict[str, str] | None:
    """What was just done, so that the page can offer to undo it."""
    asked = {name: request.query_params.get(name, "") for name in ("did", "number", "seen")}
    known = asked["did"] in comments.VERDICTS and asked["number"].isascii()
    return asked if known and asked["number"].isdigit() and asked["seen"].isalnum() else None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound()
    return int(text)


# fmt: off
_PETITION = "/{lang:lang}/petitions/{slug}"
ROUTES = [
    Route(f"{_PETITION}/comments", reasons, name="signatures.reasons", methods=["GET"]),
    Route(f"{MINE}/comments", desk, name="signatures.comments", methods=["GET"]),
    Route(f"{MINE}/comments/{{number}}", judge, name="signatures.judge", methods=["POST"]),
]
# fmt: on
