"""Start a petition: one question a page, kept from the first page on."""

from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, limits, web
from mobilise.accounts import asking, door
from mobilise.errors import TooMany
from mobilise.petitions import alike, starting, steps, writing_routes
from mobilise.petitions.forms import StepForm, Writer

LIVE = ("what", "why")
"""The questions whose page answers while one types: petitions alike, how the text will look."""
SPEAKING = ("what", "why")
"""The questions whose page says in which language the petition is."""
Begun = Literal["not yet", "before", "now"]


async def start(request: Request) -> Response:
    """The first question; who has begun something is asked whether to go on with it."""
    person = await door.person(request)
    found = await writing_routes.drafts(request, person)
    if found and "new" not in request.query_params:
        return web.render(request, "petitions/start_choose.html", private=True, drafts=found)
    writer = await writing_routes.writer(request, person)
    return step_page(request, "what", steps.form("what", {}, writer), writer)


async def begin(request: Request) -> Response:
    """A draft of its own, from its title on."""
    person = await door.person(request)
    writer = await writing_routes.writer(request, person)
    form = await web.filled(request, steps.FORMS["what"], writer=writer)
    if not form.validate():
        return step_page(request, "what", form, writer, 422)
    if not await limits.take(web.database(request), limits.DRAFT, asking.network(request)):
        form.form_errors.append(i18n.gettext(TooMany.message))
        return step_page(request, "what", form, writer, TooMany.status)
    start_id = await starting.keep(
        web.database(request), None, writer.person_id, i18n.language(),
        steps.typed(form, await request.form()),
    )  # fmt: skip
    answer = web.redirect(await _after_title(request, form.said()["title"]))
    return writing_routes.remember(request, answer, start_id)


async def step(request: Request) -> Response:
    """One question, with what was answered before."""
    person, name = await door.person(request), request.path_params["step"]
    draft = await writing_routes.draft(request, person)
    writer = await writing_routes.writer(request, person)
    if draft is None or name not in steps.asked(writer):
        return web.redirect(web.url(request, "petitions.start"))
    form = steps.form(name, draft.words, writer)
    return step_page(request, name, form, writer, begun="before")


async def answer(request: Request) -> Response:
    """Keeps what was typed, right or wrong, before anything is said of it; then goes on."""
    person, name = await door.person(request), request.path_params["step"]
    draft = await writing_routes.draft_to_change(request, person)
    writer = await writing_routes.writer(request, person)
    if name not in steps.asked(writer):  # she logged in meanwhile: it is known who she is
        return web.redirect(step_url(request, None))
    form = await web.filled(request, steps.FORMS[name], writer=writer)
    typed = steps.typed(form, await request.form())
    if draft is None and not any(typed.values()):
        return web.redirect(web.url(request, "petitions.start"))
    language = i18n.language() if name in SPEAKING else None
    try:
        start_id = await writing_routes.keep(request, draft, writer, typed, language)
    except TooMany as refusal:
        form.form_errors.append(i18n.gettext(refusal.message))
        return step_page(request, name, form, writer, refusal.status)
    if draft is None or start_id != draft.id:
        shown = step_page(request, name, form, writer, begun="now")
    else:
        shown = await _after_answer(request, name, form, writer)
    return writing_routes.remember(request, shown, start_id)


async def _after_answer(request: Request, name: str, form: StepForm, writer: Writer) -> Response:
    """A look at it, a sentence about a mistake, or the next page."""
    if writing_routes.wants_a_look(form):
        return step_page(request, name, form, writer, begun="before")
    goes = writing_routes.goes(request, await request.form())
    if goes in ("on", "check") and not form.validate():
        return step_page(request, name, form, writer, 422, "before")
    if name == "what" and goes == "on":
        return web.redirect(await _after_title(request, form.said()["title"]))
    return web.redirect(after(request, name, goes, writer))


async def _after_title(request: Request, title: str) -> str:
    """To those that look alike, if there are any, before anything else is written."""
    if await alike.alike(web.database(request), title, i18n.language()):
        return web.url(request, "petitions.alike")
    return step_url(request, "whom")


def after(request: Request, name: str, goes: str, writer: Writer) -> str:
    if goes == "later":
        return web.url(request, "petitions.later")
    to = None
    if goes != "check" and request.query_params.get("then") != "check":
        to = steps.beside(name, -1 if goes == "back" else 1, steps.asked(writer))
    return step_url(request, to)


def step_url(request: Request, name: str | None) -> str:
    """The page of a question; without a name the list to check."""
    if name is None or name == "check":
        return web.url(request, "petitions.check_list")
    return web.url(request, "petitions.step", step=name)


def step_page(
    request: Request,
    name: str,
    form: StepForm,
    writer: Writer,
    status: int = 200,
    begun: Begun = "not yet",
) -> Response:
    """`begun`: is there a draft that keeps what is typed here? "now": what was typed began another
    one, because the draft that it was for is gone."""
    asked = steps.asked(writer)
    came_from_list = request.query_params.get("then") == "check"
    more: dict[str, Any] = {
        "step": name,
        "form": form,
        "begun": begun,
        "action": request.url.path + ("?then=check" if came_from_list else ""),
        "progress": writing_routes.progress(name, asked),
        "back": begun != "not yet" and (came_from_list or name != asked[0]),
        "logged_in": writer.logged_in,
    }
    return web.render(
        request, "petitions/start.html", status=status, private=True, live=name in LIVE, **more
    )


ROUTES = [
    Route("/{lang:lang}/start", start, name="petitions.start"),
    Route("/{lang:lang}/start", begin, name="petitions.start", methods=["POST"]),
    Route("/{lang:lang}/start/{step:step}", step, name="petitions.step"),
    Route("/{lang:lang}/start/{step:step}", answer, name="petitions.step", methods=["POST"]),
]
