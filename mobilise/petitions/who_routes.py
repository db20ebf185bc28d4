"""Who may sign a petition: decided at its desk until somebody has."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.accounts import access
from mobilise.errors import NotNow
from mobilise.petitions import eligibility, postcodes, texts
from mobilise.petitions.mine import MINE, mine
from mobilise.petitions.reading import Petition
from mobilise.petitions.text_forms import WhoForm


async def who(request: Request) -> Response:
    _, petition = await mine(request, access.may_edit)
    return _page(request, petition, _filled_in(petition))


async def decide(request: Request) -> Response:
    person, petition = await mine(request, access.may_edit)
    form = await web.filled(request, WhoForm)
    if not form.validate():
        return _page(request, petition, form, 422)
    try:
        await eligibility.decide(
            web.database(request), petition, person.id, form.places, form.minimum_age.number,
            seen=form.seen.data or "",
        )  # fmt: skip
    except NotNow as refusal:
        # What somebody else decided stands beside it; to save again is to know of it.
        form.form_errors.append(i18n.gettext(refusal.message))
        form.seen.data = eligibility.mark(petition.postcodes, petition.minimum_age)
        return _page(request, petition, form, refusal.status)
    to = web.url(request, "petitions.who", slug=petition.slug)
    return web.redirect(to, said="saved")


def _filled_in(petition: Petition) -> WhoForm:
    lands = [place[:2] for place in petition.postcodes]
    country = lands[0] if lands else "BE"
    return WhoForm(
        data={
            "postcodes": postcodes.written(petition.postcodes, country),
            "country": country,
            "minimum_age": str(petition.minimum_age or ""),
            "seen": eligibility.mark(petition.postcodes, petition.minimum_age),
        }
    )


def _page(request: Request, petition: Petition, form: WhoForm, status: int = 200) -> Response:
    fixed = texts.why_not_editable(petition)
    if petition.is_frozen:
        fixed = eligibility.FIXED
    return web.render(
        request, "petitions/who.html", status=status, private=True,
        petition=petition, form=form, fixed=i18n.gettext(fixed) if fixed else None,
    )  # fmt: skip


ROUTES = [
    Route(f"{MINE}/who-may-sign", who, name="petitions.who"),
    Route(f"{MINE}/who-may-sign", decide, name="petitions.who", methods=["POST"]),
]
