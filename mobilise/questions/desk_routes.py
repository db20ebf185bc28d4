"""Questions at the group's desk: what waits, the answer, what was put aside."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import db, web
from mobilise.accounts import access, door
from mobilise.errors import NotFound
from mobilise.petitions.mine import MINE, mine
from mobilise.petitions.reading import Petition
from mobilise.questions import asking
from mobilise.questions.forms import AnswerForm


async def manage(request: Request) -> Response:
    person, petition = await mine(request, access.may_answer)
    which = request.query_params.get("which", "waiting")
    if which not in asking.STATES:
        raise NotFound()
    database, number = web.database(request), web.page_number(request)
    found = await asking.listed(database, petition.id, which, number)
    return web.render(
        request, "questions/manage.html", private=True, person=person, petition=petition,
        which=which, page=number, questions=found[: asking.A_PAGE],
        more=len(found) > asking.A_PAGE, totals=await asking.totals(database, petition.id),
    )  # fmt: skip


async def question(request: Request) -> Response:
    """One question, and the form for its answer."""
    person, petition = await mine(request, access.may_answer)
    found = await _question(request, petition)
    form = AnswerForm(data={"answer": found["answer"], "shown": found["shown"]})
    return _page(request, person, petition, found, form)


async def answer(request: Request) -> Response:
    person, petition = await mine(request, access.may_answer)
    found = await _question(request, petition)
    form = await web.filled(request, AnswerForm)
    if not form.validate():
        return _page(request, person, petition, found, form, 422)
    await asking.answer(
        web.database(request), web.tokens(request), petition, person.id, found["id"],
        form.answer.data or "", shown=bool(form.shown.data),
    )  # fmt: skip
    return _to_list(request, petition, "sent")


async def aside(request: Request) -> Response:
    """Put aside, or put back: `aside` says which."""
    person, petition = await mine(request, access.may_answer)
    found = await _question(request, petition)
    sent = await request.form(max_files=0, max_fields=5)
    away = sent.get("aside") == "yes"
    await asking.put(web.database(request), petition, person.id, found["id"], aside=away)
    return _to_list(request, petition, "put_aside" if away else "put_back")


async def _question(request: Request, petition: Petition) -> db.Record:
    number = request.path_params["number"]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound()
    return await asking.at_desk(web.database(request), petition, int(number))


def _page(
    request: Request,
    person: door.Person,
    petition: Petition,
    found: db.Record,
    form: AnswerForm,
    status: int = 200,
) -> Response:
    return web.render(
        request, "questions/question.html", status=status, private=True, person=person,
        petition=petition, question=found, form=form,
    )  # fmt: skip


def _to_list(request: Request, petition: Petition, said: str) -> Response:
    return web.redirect(web.url(request, "questions.manage", slug=petition.slug), said=said)


# fmt: off
_DESK = f"{MINE}/questions"
GET, POST = ["GET"], ["POST"]
ROUTES = [
    Route(_DESK, manage, name="questions.manage", methods=GET),
    Route(f"{_DESK}/{{number}}", question, name="questions.question", methods=GET),
    Route(f"{_DESK}/{{number}}", answer, name="questions.question", methods=POST),
    Route(f"{_DESK}/{{number}}/aside", aside, name="questions.aside", methods=POST),
]
# fmt: on
