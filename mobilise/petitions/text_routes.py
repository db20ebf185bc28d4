"""The languages of a petition at its desk: one added, one written, one corrected, one removed."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.accounts import access, door
from mobilise.errors import NotFound, NotNow
from mobilise.petitions import text_queries, versions
from mobilise.petitions.mine import MINE, mine
from mobilise.petitions.reading import Petition
from mobilise.petitions.text_forms import CorrectionForm, WordsForm
from mobilise.petitions.versions import Overtaken, Way, Words


@dataclass(frozen=True)
class Place:
    """One language of one petition, and what may be done to its text."""

    person: door.Person
    petition: Petition
    language: str
    now: Words | None  # None: the petition is not in this language yet
    way: Way

    @property
    def form(self) -> type[WordsForm]:
        return CorrectionForm if self.way == "correct" and self.now else WordsForm


async def languages(request: Request) -> Response:
    """Which languages there are, and what may be done with each."""
    _, petition = await mine(request, access.may_edit)
    found = await text_queries.texts_now(web.database(request), petition.id)
    present = [row["language"] for row in found]
    return web.render(
        request, "petitions/languages.html", private=True, petition=petition, texts=found,
        missing={code: name for code, name in i18n.LANGUAGES.items() if code not in present},
        names=i18n.LANGUAGES, way=versions.way(petition),
    )  # fmt: skip


async def language(request: Request) -> Response:
    place = await _place(request)
    if place.way == "over":
        raise NotNow(versions.OVER)
    now = place.now
    form = place.form(
        data={
            "title": now.title,
            "addressee": now.addressee,
            "why": now.body,
            "picture_alt": now.picture_alt,
            "seen": now.mark,
        }
        if now
        else None
    )
    return _page(request, place, form)


async def write(request: Request) -> Response:
    """Keeps the text; where somebody has signed, as a new and public version."""
    place = await _place(request)
    form = await web.filled(request, place.form)
    if form.preview.data:
        return _page(request, place, form)
    if not form.validate():
        return _page(request, place, form, 422)
    try:
        await _saved(request, place, form)
    except Overtaken as refusal:
        form.seen.data = refusal.now.mark  # to save again is to know of it
        form.form_errors.append(i18n.gettext(refusal.message))
        return _page(request, place, form, refusal.status, theirs=refusal.now)
    except NotNow as refusal:
        form.form_errors.append(i18n.gettext(refusal.message))
        return _page(request, place, form, refusal.status)
    to = web.url(request, "petitions.languages", slug=place.petition.slug)
    return web.redirect(to, said="saved")


async def remove(request: Request) -> Response:
    """Asks once more."""
    place = await _removable(request)
    return web.render(
        request, "petitions/remove_language.html", private=True, petition=place.petition,
        own_name=i18n.LANGUAGES[place.language],
    )  # fmt: skip


async def remove_now(request: Request) -> Response:
    place = await _removable(request)
    await versions.remove(web.database(request), place.petition, place.person.id, place.language)
    to = web.url(request, "petitions.languages", slug=place.petition.slug)
    return web.redirect(to, said="taken_away")


# --- parts of the handlers above ------------------------------------------------------------


async def _place(request: Request) -> Place:
    person, petition = await mine(request, access.may_edit)
    code = request.path_params["language"]
    found = await text_queries.newest(web.database(request), petition.id, code)
    way = versions.way(petition)
    return Place(person, petition, code, Words.of(found) if found else None, way)


async def _removable(request: Request) -> Place:
    place = await _place(request)
    if place.now is None:
        raise NotFound()
    if place.language == place.petition.languages[0]:
        raise NotNow(versions.FIRST_STAYS)
    return place


async def _saved(request: Request, place: Place, form: WordsForm) -> None:
    await versions.save(
        web.database(request), place.petition, place.person.id, place.language, form.words(),
        seen=form.seen.data or "", note=form.reason,
    )  # fmt: skip


def _page(
    request: Request,
    place: Place,
    form: WordsForm,
    status: int = 200,
    theirs: Words | None = None,
) -> Response:
    """`theirs`: what somebody else saved while this was written."""
    return web.render(
        request, "petitions/language.html", status=status, private=True, live=True,
        petition=place.petition, form=form, place=place, own_name=i18n.LANGUAGES[place.language],
        theirs=theirs, changes=versions.changes(theirs, form.words()),
    )  # fmt: skip


_LANGUAGE = f"{MINE}/languages/{{language:lang}}"
ROUTES = [
    Route(f"{MINE}/languages", languages, name="petitions.languages"),
    Route(_LANGUAGE, language, name="petitions.language"),
    Route(_LANGUAGE, write, name="petitions.language", methods=["POST"]),
    Route(f"{_LANGUAGE}/remove", remove, name="petitions.remove_language"),
    Route(f"{_LANGUAGE}/remove", remove_now, name="petitions.remove_language", methods=["POST"]),
]
