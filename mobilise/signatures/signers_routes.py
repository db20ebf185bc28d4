"""The list of signers at the desk: behind a fresh log-in, and each look is written down.

A GET changes nothing, so a look is a POST: it leaves its line in the trail and leads to the page
that shows the rows, to this person alone, for half an hour.
"""

from collections.abc import AsyncIterator

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.accounts import access, door
from mobilise.errors import N_
from mobilise.forms import Form, Text
from mobilise.petitions.mine import MINE, mine
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting, signers, signers_files
from mobilise.signatures.signers import Look
from mobilise.signatures.signers_files import FORMS
from mobilise.tokens import Broken

PRIVATE = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
_ROWS = "<!-- rows -->"


class LookForm(Form):
    name = Text(
        N_("Look up a name"),
        hint=N_("A part is enough. Leave it empty to see everybody."),
        longest=signers.SOUGHT_LONGEST,
    )


async def show(request: Request) -> Response:
    """How many there are, and what this person asked to see within the last half hour."""
    person, petition = await _allowed(request)
    return await _page(request, petition, _wanted(request, person, petition), LookForm())


async def look(request: Request) -> Response:
    """Writes the look down, then leads to the rows."""
    person, petition = await _allowed(request)
    sent = await request.form(max_files=0, max_fields=10)
    form = await web.filled(request, LookForm)
    wanted = _further(request, person, petition, str(sent.get("look", "")))
    if wanted is None:
        if not form.validate():
            return await _page(request, petition, None, form, 422)
        state = "waiting" if sent.get("state") == "waiting" else "confirmed"
        wanted = Look(state, form.name.data or "")
    await signers.look(web.database(request), petition, person.id, wanted)
    here = web.url(request, "signatures.signers", slug=petition.slug)
    return web.redirect(f"{here}?look={_token(request, person, petition, wanted)}")


async def whole(request: Request) -> Response:
    """Everybody who confirmed, on one page: to be read, or printed."""
    person, petition = await _allowed(request)
    await signers.take(web.database(request), petition, person.id, "print")
    page = web.web(request).page(
        request, "signatures/signers_print.html", petition=petition, person=person, live=False,
        tally=await counting.tally(web.database(request), petition),
    )  # fmt: skip
    before, _, after = page.partition(_ROWS)
    body = _printed(request, petition, before, after)
    return StreamingResponse(body, media_type="text/html", headers=PRIVATE)


async def file(request: Request) -> Response:
    """Everybody who confirmed, as a workbook; as CSV or JSON for whoever asks for that."""
    person, petition = await _allowed(request)
    database, zone = web.database(request), web.settings(request).zone
    sent = await request.form(max_files=0, max_fields=10)
    form = FORMS.get(str(sent.get("form", "")), FORMS["xlsx"])
    await signers.take(database, petition, person.id, "file", form=form.name)
    name = f"{petition.slug}-signers.{form.name}"
    return StreamingResponse(
        signers_files.file(database, petition.id, form, zone),
        media_type=form.media_type,
        headers=PRIVATE | {"content-disposition": f'attachment; filename="{name}"'},
    )


# --- parts of the handlers above ------------------------------------------------------------


async def _allowed(request: Request) -> tuple[door.Person, Petition]:
    """Who may see the list, and proved the mailbox just now. A stranger is not asked to."""
    _, petition = await mine(request, access.may_see_signers)
    return await door.fresh(request), petition


async def _page(
    request: Request, petition: Petition, wanted: Look | None, form: LookForm, status: int = 200
) -> Response:
    database = web.database(request)
    gone = await signers.gone_since(database, petition)
    found = await signers.part(database, petition, wanted) if wanted and not gone else None
    if wanted is not None and not form.errors:
        form.name.data = wanted.sought
    return web.render(
        request, "signatures/signers.html", status=status, private=True, petition=petition,
        tally=await counting.tally(database, petition), gone=gone, form=form, wanted=wanted,
        ways=signers.WAYS, found=found, following=_following(request, petition, wanted, found),
    )  # fmt: skip


def _following(
    request: Request, petition: Petition, wanted: Look | None, found: signers.Part | None
) -> str | None:
    """The key to the next page, or None on the last."""
    if wanted is None or found is None or found.following is None:
        return None
    person = web.known_at_desk(request)["person"]
    return _token(request, person, petition, Look(wanted.state, wanted.sought, found.following))


def _token(request: Request, person: door.Person, petition: Petition, wanted: Look) -> str:
    rows = [wanted.state, wanted.sought, wanted.before]
    return web.tokens(request).look(petition.id, person.id, rows)


def _wanted(request: Request, person: door.Person, petition: Petition) -> Look | None:
    return _further(request, person, petition, request.query_params.get("look", ""))


def _further(request: Request, person: door.Person, petition: Petition, token: str) -> Look | None:
    """What a key of this person's opens; None for anybody else's, an old one, or none."""
    try:
        read = web.tokens(request).read_look(token)
    except Broken:
        return None
    petition_id, person_id, rows = read.payload
    if read.expired or (petition_id, person_id) != (petition.id, person.id):
        return None
    return Look(*rows)


async def _printed(
    request: Request, petition: Petition, before: str, after: str
) -> AsyncIterator[bytes]:
    zone, language, done = web.settings(request).zone, i18n.language(), 0
    yield before.encode()
    async for batch in signers.all_confirmed(web.database(request), petition.id):
        with i18n.using(language):  # it is written after the request was answered
            lines = [
                _row(i18n.number(number), signer, i18n.day(signer.at, zone))
                for number, signer in enumerate(batch, done + 1)
            ]
        yield "".join(lines).encode()
        done += len(batch)
    yield after.encode()


def _row(number: str, signer: signers.Signer, day: str) -> str:
    cells = (number, signer.name, signer.postcode, signer.country, day)
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n"


_SIGNERS = f"{MINE}/signers"
ROUTES = [
    Route(_SIGNERS, show, name="signatures.signers"),
    Route(_SIGNERS, look, name="signatures.signers", methods=["POST"]),
    Route(f"{_SIGNERS}/print", whole, name="signatures.signers_print", methods=["POST"]),
    Route(f"{_SIGNERS}/file", file, name="signatures.signers_file", methods=["POST"]),
]
