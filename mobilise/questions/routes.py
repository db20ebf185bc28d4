"""Questions to the group: the form, the button in the mailbox, my question, what was answered."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import db, i18n, limits, web
from mobilise.accounts.asking import network
from mobilise.errors import NotFound, NotNow, TooMany
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition
from mobilise.questions import asking, desk_routes
from mobilise.questions.forms import AskForm
from mobilise.tokens import Broken


async def form(request: Request) -> Response:
    petition = await _petition(request)
    if not asking.takes_questions(petition):
        raise NotNow(asking.NOT_NOW)
    return web.render(request, "questions/ask.html", petition=petition, form=AskForm())


async def ask(request: Request) -> Response:
    """Keeps the question, and asks its mailbox. One answer for every address."""
    petition = await _petition(request)
    sent = await web.filled(request, AskForm)
    status = 422
    if sent.validate():
        database, tokens = web.database(request), web.tokens(request)
        if await limits.take(database, limits.ASK, network(request)):
            await asking.ask(database, tokens, petition, sent.asked(i18n.language()))
            return web.redirect(web.url(request, "questions.asked", slug=petition.slug))
        sent.form_errors.append(i18n.gettext(TooMany.message))
        status = TooMany.status
    return web.render(
        request, "questions/ask.html", status=status, private=True, petition=petition, form=sent
    )


async def asked(request: Request) -> Response:
    return web.render(
        request, "questions/asked.html", private=True, petition=await _petition(request)
    )


async def answers(request: Request) -> Response:
    """What was asked and answered, newest first."""
    petition, page = await _petition(request), web.page_number(request)
    found = await asking.answered(web.database(request), petition.id, page)
    answer = web.render(
        request, "questions/answers.html", public=not request.query_params, reads_query=True,
        petition=petition, answers=found[: asking.A_PAGE], more=len(found) > asking.A_PAGE,
        page=page, takes_questions=asking.takes_questions(petition),
    )  # fmt: skip
    answer.headers["x-robots-tag"] = "noindex"  # first names stand there
    return answer


async def mine(request: Request) -> Response:
    """My question: the button while it waits for it, then the answer."""
    question, petition = await _own(request)
    return web.render(
        request, "questions/mine.html", private=True, question=question, petition=petition,
        token=request.path_params["token"],
    )  # fmt: skip


async def prove(request: Request) -> Response:
    """The button. A repeat changes nothing."""
    question, _ = await _own(request)
    await asking.prove(
        web.database(request), web.tokens(request), question["petition_id"], question["id"]
    )
    token = request.path_params["token"]
    return web.redirect(web.url(request, "questions.mine", token=token))


async def take_back(request: Request) -> Response:
    """Asks once more; then question and answer are erased."""
    question, petition = await _own(request)
    if request.method != "POST":
        return web.render(
            request, "questions/take_back.html", private=True, question=question,
            petition=petition, token=request.path_params["token"],
        )  # fmt: skip
    await asking.take_back(web.database(request), question["petition_id"], question["id"])
    return web.render(request, "questions/taken_back.html", private=True, petition=petition)


async def _petition(request: Request) -> Petition:
    return await reading.public(web.database(request), request.path_params["slug"], i18n.language())


async def _own(request: Request) -> tuple[db.Record, Petition]:
    """The question whose link this is; NotFound for a link of somebody's own making."""
    try:
        read = web.tokens(request).read_question(request.path_params["token"])
    except Broken:
        raise NotFound() from None
    database = web.database(request)
    question = await asking.own(database, *read.payload)
    return question, await reading.by_id(database, question["petition_id"], i18n.language())


# fmt: off
_PETITION = "/{lang:lang}/petitions/{slug}"
_MINE = "/{lang:lang}/question/{token}"
GET, POST, BOTH = ["GET"], ["POST"], ["GET", "POST"]
ROUTES = [
    Route(f"{_PETITION}/ask", form, name="questions.ask", methods=GET),
    Route(f"{_PETITION}/ask", ask, name="questions.ask", methods=POST),
    Route(f"{_PETITION}/ask/check-your-mail", asked, name="questions.asked", methods=GET),
    Route(f"{_PETITION}/questions", answers, name="questions.answers", methods=GET),
    Route(_MINE, mine, name="questions.mine", methods=GET),
    Route(_MINE, prove, name="questions.mine", methods=POST),
    Route(f"{_MINE}/take-back", take_back, name="questions.take_back", methods=BOTH),
    *desk_routes.ROUTES,
]
# fmt: on
