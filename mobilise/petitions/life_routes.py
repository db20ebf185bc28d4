"""The moves of a petition, at the desk of its group: publish, close, reopen, hand over, answered,
throw away, start again."""

from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import web
from mobilise.accounts import access
from mobilise.errors import NotNow
from mobilise.petitions import beginning_again, deleting, lifecycle
from mobilise.petitions.life_forms import DayForm
from mobilise.petitions.mine import MINE, mine
from mobilise.petitions.reading import Petition


async def publish(request: Request) -> Response:
    """Opens it, today or on its day, or hands it to the keeper first; the desk says which."""
    person, petition = await mine(request, access.may_publish)
    sent = await request.form(max_files=0, max_fields=5)
    done = await lifecycle.publish(
        web.database(request), web.tokens(request), petition, person.id,
        web.settings(request).moderated, _today(request), at_once=sent.get("at_once") == "1",
    )  # fmt: skip
    return _to_desk(request, petition.slug, said=done)


async def take_back(request: Request) -> Response:
    person, petition = await mine(request, access.may_publish)
    await lifecycle.take_back(web.database(request), petition, person.id)
    return _to_desk(request, petition.slug, said="taken_back")


async def close(request: Request) -> Response:
    """Asks once more."""
    _, petition = await mine(request, access.may_close)
    return _ask(request, petition, "close", "petitions/close.html")


async def close_now(request: Request) -> Response:
    person, petition = await mine(request, access.may_close)
    await lifecycle.close(web.database(request), web.tokens(request), petition, person.id)
    return _to_desk(request, petition.slug, said="closed")


async def reopen(request: Request) -> Response:
    """Asks once more, or says at once why it stays closed."""
    _, petition = await mine(request, access.may_close)
    why = await lifecycle.why_not_reopened(web.database(request), petition, _today(request))
    if why:
        raise NotNow(why)
    return _ask(request, petition, "reopen", "petitions/reopen.html")


async def reopen_now(request: Request) -> Response:
    person, petition = await mine(request, access.may_close)
    await lifecycle.reopen(
        web.database(request), web.tokens(request), petition, person.id, _today(request)
    )
    return _to_desk(request, petition.slug, said="reopened")


async def deliver(request: Request) -> Response:
    _, petition = await mine(request, access.may_close)
    return _ask(
        request,
        petition,
        "deliver",
        "petitions/deliver.html",
        DayForm(data={"day": _today(request)}),
    )


async def deliver_now(request: Request) -> Response:
    """On the day that the group says. What we have of its signers goes a month later."""
    person, petition = await mine(request, access.may_close)
    form = await web.filled(request, DayForm)
    if not form.between(petition.opened_at, _today(request)).is_right():
        return _ask(request, petition, "deliver", "petitions/deliver.html", form)
    assert form.day.data is not None
    await lifecycle.deliver(web.database(request), petition, person.id, form.day.data)
    return _to_desk(request, petition.slug, said="delivered")


async def answer(request: Request) -> Response:
    _, petition = await mine(request, access.may_close)
    return _ask(
        request, petition, "answer", "petitions/answer.html", DayForm(data={"day": _today(request)})
    )


async def answer_now(request: Request) -> Response:
    person, petition = await mine(request, access.may_close)
    form = await web.filled(request, DayForm)
    if not form.between(petition.delivered_on, _today(request)).is_right():
        return _ask(request, petition, "answer", "petitions/answer.html", form)
    assert form.day.data is not None
    await lifecycle.answer(web.database(request), petition, person.id, form.day.data)
    return _to_desk(request, petition.slug, said="answered")


async def delete(request: Request) -> Response:
    """Asks once more: nothing of a draft comes back."""
    _, petition = await mine(request, access.may_delete)
    if petition.state != "draft":
        raise NotNow(deleting.NO_DRAFT)
    return _page(request, petition, "petitions/delete.html")


async def delete_now(request: Request) -> Response:
    person, petition = await mine(request, access.may_delete)
    database, store = web.database(request), web.store(request)
    await deleting.delete(database, store, petition, person.id)
    return web.redirect(web.url(request, "pages.desk"), said="thrown_away")


async def again(request: Request) -> Response:
    """A new draft with the words of the rejected one."""
    person, petition = await mine(request, access.may_publish)
    slug = await beginning_again.begin_again(web.database(request), petition, person.id)
    return _to_desk(request, slug, said="begun_again")


def _ask(
    request: Request, petition: Petition, name: str, template: str, form: DayForm | None = None
) -> Response:
    """The page that asks once more, while the move can be made."""
    if petition.state not in lifecycle.MOVES[name].begins:
        raise NotNow(lifecycle.MOVES[name].otherwise)
    return _page(request, petition, template, form)


def _page(
    request: Request, petition: Petition, template: str, form: DayForm | None = None
) -> Response:
    wrong = form is not None and bool(form.errors)
    return web.render(
        request, template, status=422 if wrong else 200, private=True,
        petition=petition, form=form, days_kept=lifecycle.DAYS_DELIVERED,
    )  # fmt: skip


def _today(request: Request) -> date:
    return datetime.now(web.settings(request).zone).date()


def _to_desk(request: Request, slug: str, *, said: str) -> Response:
    return web.redirect(web.url(request, "pages.manage", slug=slug), said=said)


# fmt: off
GET, POST = ["GET"], ["POST"]
ROUTES = [
    Route(f"{MINE}/publish", publish, name="petitions.publish", methods=POST),
    Route(f"{MINE}/take-back", take_back, name="petitions.take_back", methods=POST),
    Route(f"{MINE}/close", close, name="petitions.close", methods=GET),
    Route(f"{MINE}/close", close_now, name="petitions.close", methods=POST),
    Route(f"{MINE}/reopen", reopen, name="petitions.reopen", methods=GET),
    Route(f"{MINE}/reopen", reopen_now, name="petitions.reopen", methods=POST),
    Route(f"{MINE}/deliver", deliver, name="petitions.deliver", methods=GET),
    Route(f"{MINE}/deliver", deliver_now, name="petitions.deliver", methods=POST),
    Route(f"{MINE}/answer", answer, name="petitions.answer", methods=GET),
    Route(f"{MINE}/answer", answer_now, name="petitions.answer", methods=POST),
    Route(f"{MINE}/delete", delete, name="petitions.delete", methods=GET),
    Route(f"{MINE}/delete", delete_now, name="petitions.delete", methods=POST),
    Route(f"{MINE}/again", again, name="petitions.again_from", methods=POST),
]
# fmt: on
