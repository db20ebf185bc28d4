"""My signature: see it, mend it, move it, take it along, take it back, have it erased."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mobilise import addresses, db, i18n, limits, web
from mobilise.accounts.asking import network
from mobilise.errors import NotFound, TooMany
from mobilise.petitions import reading
from mobilise.signatures import correcting, counting, erasing, queries, signing, telling
from mobilise.signatures.forms import AddressForm, CorrectForm, countries
from mobilise.signatures.links import Link, dead, mine, signed_page
from mobilise.tokens import Broken


async def signed(request: Request) -> Response:
    """My signature: whether it counts, what I agreed to, and what I can do with it."""
    link = mine(request)
    if link is None:
        return await dead(request, None, "broken")
    said = request.query_params.keys() & {"new", "again", "saved", "corrected", "moved"}
    corrections = await queries.corrections_since(web.database(request), *link.ids[:2])
    return await page(request, "signatures/signed.html", link, said=said, corrections=corrections)


async def consents(request: Request) -> Response:
    link = mine(request)
    if link is None:
        return await dead(request, None, "broken")
    sent = await request.form(max_files=0, max_fields=10)
    row = await _row(request, link)
    await signing.change_consents(
        web.database(request), link.petition_id, row["id"],
        public_name=sent.get("public_name") == "on", updates=sent.get("updates") == "on",
    )  # fmt: skip
    return web.redirect(f"{signed_page(request, link, 'saved')}#mine")


async def correct(request: Request) -> Response:
    """What was filled in, in a form of its own."""
    link = mine(request)
    if link is None:
        return await dead(request, None, "broken")
    row = await _counted(request, link)
    return await _correct_page(request, link, CorrectForm(data=dict(row)))


async def correct_now(request: Request) -> Response:
    link = mine(request)
    if link is None:
        return await dead(request, None, "broken")
    row = await _counted(request, link)
    sent = await web.filled(request, CorrectForm)
    if not sent.validate():
        return await _correct_page(request, link, sent, status=422)
    database = web.database(request)
    petition = await reading.by_id(database, link.petition_id, i18n.language())
    wrong = await correcting.correct(database, petition, link.ids, row, sent.correction())
    if wrong:
        sent[wrong.field].errors = [wrong.sentence]
        return await _correct_page(request, link, sent, status=422)
    return web.redirect(f"{signed_page(request, link, 'corrected')}#mine")


async def address(request: Request) -> Response:
    """A letter goes to the new address; until its button is pressed nothing changes."""
    link = mine(request)
    if link is None:
        return await dead(request, None, "broken")
    row = await _counted(request, link)
    sent = await web.filled(request, AddressForm)
    if not sent.validate():
        form = CorrectForm(data=dict(row))
        return await _correct_page(request, link, form, address_form=sent, status=422)
    if not await limits.take(web.database(request), limits.MOVE, network(request)):
        raise TooMany()
    await correcting.ask_new_address(
        web.database(request), web.tokens(request), link.ids, sent.email.address
    )
    return await page(
        request, "signatures/address_asked.html", link, new_address=sent.email.address.sent
    )


async def new_address(request: Request) -> Response:
    """The link of that letter: one button."""
    found = await _change(request)
    if found is None:
        return await dead(request, None, "broken")
    petition_id, change = found
    if change["done"]:
        return _moved(request, (petition_id, change["signature_id"], change["token_version"]))
    petition = await reading.by_id(web.database(request), petition_id, i18n.language())
    return web.render(
        request, "signatures/new_address.html", private=True, petition=petition, change=change,
        token=request.path_params["token"],
    )  # fmt: skip


async def move(request: Request) -> Response:
    found = await _change(request)
    if found is None:
        return await dead(request, None, "broken")
    petition_id, change = found
    outcome, ids = await correcting.move(web.database(request), petition_id, change["id"])
    if ids is None:
        return await dead(request, Link(petition_id, change["signature_id"], 0), outcome)
    return _moved(request, ids)


async def withdraw(request: Request) -> Response:
    """Asks once more on a page of its own; then the count goes down by one."""
    link = mine(request)
    if link is None:
        return await dead(request, None, "broken")
    if request.method == "POST":
        await signing.withdraw(web.database(request), *link.ids)
        return await page(request, "signatures/withdrawn.html", link, taken_back=True)
    return await page(request, "signatures/withdraw.html", link)


async def erase(request: Request) -> Response:
    """Says what goes and what stays, and asks once more."""
    link = mine(request)
    if link is None:
        return await dead(request, None, "broken")
    if request.method != "POST":
        return await page(request, "signatures/erase.html", link)
    await erasing.erase(web.database(request), web.tokens(request), *link.ids)
    row = await queries.signature(web.database(request), link.petition_id, link.signature_id)
    if row is not None and row["email"]:
        return await dead(request, link, "replaced")
    petition = await reading.by_id(web.database(request), link.petition_id, i18n.language())
    return web.render(request, "signatures/erased.html", private=True, petition=petition)


async def receipt(request: Request) -> Response:
    """What is stored of my signature, as a text file to keep."""
    link = mine(request)
    if link is None:
        raise NotFound()
    row = await _row(request, link)
    petition = await reading.by_id(web.database(request), link.petition_id, i18n.language())
    text = web.web(request).page(
        request, "signatures/receipt.txt", petition=petition, signature=row,
        address=web.settings(request).base_url
        + web.url(request, "pages.petition", slug=petition.slug),
    )  # fmt: skip
    return PlainTextResponse(text, headers=_to_keep(f"{petition.slug}.txt"))


async def everything(request: Request) -> Response:
    """All that is held of me here, for another program."""
    link = mine(request)
    if link is None:
        raise NotFound()
    row = await _row(request, link)
    database = web.database(request)
    petition = await reading.by_id(database, link.petition_id, i18n.language())
    told = await telling.held(database, petition, row)
    return Response(
        orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
        media_type="application/json", headers=_to_keep(f"{petition.slug}.json"),
    )  # fmt: skip


# --- parts of the handlers above, and of those about one signature in `routes` ----------------


async def page(
    request: Request, template: str, link: Link, *, taken_back: bool = False, status: int = 200,
    **more: Any,
) -> Response:  # fmt: skip
    """A page about one signature, for whoever holds its link. `taken_back`: it says just that."""
    database = web.database(request)
    petition = await reading.by_id(database, link.petition_id, i18n.language())
    row = await queries.signature(database, link.petition_id, link.signature_id)
    reason = _why_dead(row, link, taken_back)
    if row is None or reason:
        return await dead(request, link, reason or "gone")
    # the short address: it is told further, typed over, and opens in the reader's own language
    short = web.url(request, "pages.short", code=petition.code)
    share_url = web.settings(request).base_url + short
    return web.render(
        request, template, private=True, petition=petition, token=link.token, status=status,
        tally=await counting.tally(database, petition),
        signature={**row, "masked_email": addresses.masked(row["email"]),
                   "updates": row["gets_news"] and row["updates"], "wants_news": row["updates"],
                   "country_name": dict(countries(i18n.language())).get(row["country"], ""),
                   "agreed": telling.agreed(row["consents"]),
                   "corrected": telling.corrected(row["consents"])},
        share_url=share_url, share_text=f"{petition.title} {share_url}", **more,
    )  # fmt: skip


def _why_dead(row: db.Record | None, link: Link, taken_back: bool) -> str | None:
    """What keeps a link from opening its signature; None when nothing does."""
    if row is None or (not row["email"] and not taken_back):
        return "gone"
    if taken_back:  # an old link, and a signature begun anew
        return None if row["state"] in ("withdrawn", "disowned") else "replaced"
    if row["state"] == "withdrawn":
        return "withdrawn"
    return "replaced" if row["token_version"] != link.version else None


async def _correct_page(
    request: Request,
    link: Link,
    form: CorrectForm,
    *,
    status: int = 200,
    address_form: AddressForm | None = None,
) -> Response:
    return await page(
        request, "signatures/correct.html", link, status=status, form=form,
        address_form=address_form or AddressForm(),
    )  # fmt: skip


async def _row(request: Request, link: Link) -> db.Record:
    row = await queries.signature(web.database(request), link.petition_id, link.signature_id)
    if row is None or row["token_version"] != link.version or not row["email"]:
        raise NotFound()
    return row


async def _counted(request: Request, link: Link) -> db.Record:
    """Only what counts can be corrected; before that one fills in the form again."""
    row = await _row(request, link)
    if row["state"] != "confirmed":
        raise NotFound()
    return row


async def _change(request: Request) -> tuple[int, db.Record] | None:
    try:
        read = web.tokens(request).read_new_address(request.path_params["token"])
    except Broken:
        return None
    petition_id, change_id = read.payload
    change = await correcting.waiting_move(web.database(request), petition_id, change_id)
    return None if change is None else (petition_id, change)


def _moved(request: Request, ids: tuple[int, int, int]) -> Response:
    return web.redirect(f"{signed_page(request, Link(*ids), 'moved')}#mine")


def _to_keep(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


# fmt: off
_MINE = "/{lang:lang}/signature/{token}"
_NEW = "/{lang:lang}/new-address/{token}"
GET, POST, BOTH = ["GET"], ["POST"], ["GET", "POST"]
ROUTES = [
    Route(_MINE, signed, name="signatures.signed", methods=GET),
    Route(f"{_MINE}/consents", consents, name="signatures.consents", methods=POST),
    Route(f"{_MINE}/correct", correct, name="signatures.correct", methods=GET),
    Route(f"{_MINE}/correct", correct_now, name="signatures.correct", methods=POST),
    Route(f"{_MINE}/address", address, name="signatures.address", methods=POST),
    Route(f"{_MINE}/withdraw", withdraw, name="signatures.withdraw", methods=BOTH),
    Route(f"{_MINE}/erase", erase, name="signatures.erase", methods=BOTH),
    Route(f"{_MINE}/receipt", receipt, name="signatures.receipt", methods=GET),
    Route(f"{_MINE}/everything.json", everything, name="signatures.everything", methods=GET),
    Route(_NEW, new_address, name="signatures.new_address", methods=GET),
    Route(_NEW, move, name="signatures.move", methods=POST),
]
# fmt: on
