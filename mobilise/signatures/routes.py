"""From the form to "your signature counts", and back again for whoever changes their mind."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.errors import NotFound
from mobilise.petitions import reading
from mobilise.petitions.eligibility import NotEligible
from mobilise.signatures import (
    comment_routes,
    cookie,
    find_routes,
    mine_routes,
    names,
    queries,
    signers_routes,
    signing,
)
from mobilise.signatures.checking import check, code, letter, typed_here
from mobilise.signatures.forms import SignForm
from mobilise.signatures.links import (
    Link,
    after_confirming,
    dead,
    opened,
    slug,
    today,
)


async def form(request: Request) -> Response:
    """The form on a page of its own, for whoever comes by a plain link."""
    petition = await reading.public(web.database(request), slug(request), i18n.language())
    return web.render(request, "signatures/sign.html", petition=petition, form=SignForm())


async def sign(request: Request) -> Response:
    """Stores the attempt and answers the same whatever came of it."""
    sent = await web.filled(request, SignForm)
    if not sent.validate():
        return await _form_again(request, sent)
    try:
        attempt = await signing.sign(
            web.database(request), web.tokens(request), slug(request), sent.wish(i18n.language()),
            network=web.network(request), today=today(request), before=cookie.earlier(request),
        )  # fmt: skip
    except NotEligible:
        return await _form_again(request, sent)
    answer = web.redirect(web.url(request, "signatures.check", slug=slug(request)))
    cookie.give(request, answer, attempt)
    return answer


async def _form_again(request: Request, sent: SignForm) -> Response:
    petition = await reading.public(web.database(request), slug(request), i18n.language())
    sent.hold_to(petition)
    return web.render(request, "signatures/sign.html", status=422, petition=petition, form=sent)


async def confirm(request: Request) -> Response:
    """One big button. Only in the browser that signed, opened by a person, one click is enough."""
    link = opened(request)
    if link is None or link.expired:
        return await dead(request, link, "expired" if link else "broken")
    standing = await signing.standing(web.database(request), *link.ids)
    if standing == "already":
        return web.redirect(after_confirming(request, link, standing))
    if standing != "full":  # that one is decided by the statement that confirms
        return await dead(request, link, standing)
    if await _same_browser(request, link):
        return await _count(request, link, "same_browser")
    return await _confirm_page(request, link)


async def press(request: Request) -> Response:
    """The button. A repeat says that it counted already."""
    link = opened(request)
    if link is None or link.expired:
        return await dead(request, link, "expired" if link else "broken")
    return await _count(request, link, "button")


async def new_letter(request: Request) -> Response:
    """A dead button offers a living one: a new letter to the same address."""
    link = opened(request)
    if link is None:
        return await dead(request, None, "broken")
    database = web.database(request)
    row = await queries.signature(database, link.petition_id, link.signature_id)
    petition = await reading.by_id(database, link.petition_id, i18n.language())
    if row is not None:
        await signing.ask_again(
            database, web.tokens(request), link.petition_id, row["email_key"],
            signature_id=link.signature_id,
        )  # fmt: skip
    to = web.url(request, "signatures.check", slug=petition.slug)
    return web.redirect(f"{to}?notice=sent_again")


async def disown(request: Request) -> Response:
    """ "This was not me": a page that says what happens, and the button on it."""
    link = opened(request)
    if link is None:
        return await dead(request, None, "broken")
    if request.method == "POST":
        await signing.disown(web.database(request), *link.ids)
        return await mine_routes.page(request, "signatures/disowned.html", link, taken_back=True)
    return await mine_routes.page(request, "signatures/disown.html", link)


async def named(request: Request) -> Response:
    """One letter of the list: `?letter=A&page=2`. Nobody without a name there is told of."""
    database = web.database(request)
    petition = await reading.public(database, request.path_params["slug"], i18n.language())
    letters = await names.initials(database, petition.id)
    letter = request.query_params.get("letter", letters[0] if letters else "A")
    page = web.page_number(request)
    if letter not in (*names.ALPHABET, names.OTHER):
        raise NotFound()
    found = await names.beginning(database, petition.id, letter, page)
    answer = web.render(
        request, "signatures/names.html", public=not request.query_params, reads_query=True,
        petition=petition, letters=letters, letter=letter, page=page,
        names=found[: names.A_PAGE], more=len(found) > names.A_PAGE,
    )  # fmt: skip
    answer.headers["x-robots-tag"] = "noindex"
    return answer


# --- parts of the handlers above ------------------------------------------------------------


async def _count(request: Request, link: Link, method: signing.Method) -> Response:
    outcome = await signing.confirm(
        web.database(request), *link.ids, method=method, seconds=link.age
    )
    if outcome in ("counted", "already"):
        return web.redirect(after_confirming(request, link, outcome))
    return await dead(request, link, outcome)


async def _confirm_page(request: Request, link: Link) -> Response:
    corrections = await queries.corrections_since(web.database(request), *link.ids[:2])
    return await mine_routes.page(request, "signatures/confirm.html", link, corrections=corrections)


async def _same_browser(request: Request, link: Link) -> bool:
    attempt = cookie.attempt(request)
    if attempt is None or not cookie.a_person_opened_this(request):
        return False
    typed = await typed_here(request, attempt, link.petition_id)
    if typed is None or typed["signature_id"] != link.signature_id:
        return False
    return bool(typed["stands"])  # else look first at what somebody else made of it


# fmt: off
_PETITION = "/{lang:lang}/petitions/{slug}"
_CONFIRM = "/{lang:lang}/confirm/{token}"
GET, POST, BOTH = ["GET"], ["POST"], ["GET", "POST"]
HOT = [
    Route(f"{_PETITION}/signatures", sign, name="signatures.sign", methods=POST),
    Route(_CONFIRM, confirm, name="signatures.confirm", methods=GET),
    Route(_CONFIRM, press, name="signatures.press", methods=POST),
]
ROUTES = [
    Route(f"{_PETITION}/sign", form, name="signatures.form", methods=GET),
    Route(f"{_PETITION}/names", named, name="signatures.names", methods=GET),
    Route(f"{_PETITION}/check-your-mail", check, name="signatures.check", methods=GET),
    Route(f"{_PETITION}/check-your-mail/code", code, name="signatures.code", methods=POST),
    Route(f"{_PETITION}/check-your-mail/letter", letter, name="signatures.letter", methods=POST),
    Route(f"{_CONFIRM}/new", new_letter, name="signatures.new_letter", methods=POST),
    Route(f"{_CONFIRM}/not-me", disown, name="signatures.disown", methods=BOTH),
    *mine_routes.ROUTES,
    *find_routes.ROUTES,
    *comment_routes.ROUTES,
    *signers_routes.ROUTES,
]
# fmt: on
