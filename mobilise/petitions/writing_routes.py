"""What the pages on which a petition is written share: who writes, and which draft."""

from datetime import datetime
from typing import Any

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from mobilise import cookies, i18n, limits, tokens, web
from mobilise.accounts import asking, door, groups
from mobilise.errors import NotNow, TooMany
from mobilise.petitions import starting, steps
from mobilise.petitions.forms import StepForm, Writer
from mobilise.petitions.starting import Draft

COOKIE = "start"
MOST_DRAFTS = 5  # that one browser remembers


class StepConvertor(Convertor[str]):
    regex = "|".join(steps.FORMS)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("step", StepConvertor())


async def writer(request: Request, person: door.Person | None) -> Writer:
    today = datetime.now(web.settings(request).zone).date()
    if person is None:
        return Writer(today)
    return Writer(today, person.id, await groups.owned(web.database(request), person.id))


async def drafts(request: Request, person: door.Person | None) -> list[Draft]:
    """What this browser wrote, and this person, the latest first."""
    ids, person_id = remembered(request), None if person is None else person.id
    if not ids and person_id is None:
        return []
    return await starting.drafts(web.database(request), ids, person_id)


async def draft(request: Request, person: door.Person | None) -> Draft | None:
    """The one that this browser works on."""
    first = remembered(request)[:1]
    found = await drafts(request, person) if first else []
    return next((each for each in found if each.id == first[0]), None)


async def draft_to_change(request: Request, person: door.Person | None) -> Draft | None:
    """The same for what is sent; LogInFirst when it is that of somebody who was logged out."""
    found, first = await draft(request, person), remembered(request)[:1]
    if found is None and person is None and first:
        theirs = await starting.by_letter(web.database(request), first[0])
        if theirs is not None and theirs.person_id is not None:
            raise door.LogInFirst()
    return found


async def keep(
    request: Request,
    before: Draft | None,
    writer: Writer,
    words: dict[str, str],
    language: str | None = None,
) -> int:
    """What was typed, whatever is wrong with it, in the draft that this browser works on; in a new
    one where that is gone. TooMany when this network began enough of them."""
    database = web.database(request)
    if before is not None:
        try:
            return await starting.keep(database, before, writer.person_id, language, words)
        except NotNow:
            pass  # another tab threw it away a moment ago
    if not await limits.take(database, limits.DRAFT, asking.network(request)):
        raise TooMany()
    return await starting.keep(database, None, writer.person_id, i18n.language(), words)


def remembered(request: Request) -> list[int]:
    """The drafts that this browser carries the key of, the one it works on first."""
    cookie = cookies.read(request, COOKIE)
    if not cookie:
        return []
    try:
        read = web.tokens(request).read_drafts(cookie)
    except tokens.Broken:
        return []
    return [] if read.expired else [int(number) for number in read.payload[0]][:MOST_DRAFTS]


def remember(request: Request, answer: Response, start_id: int) -> Response:
    """This browser works on that draft from now on, and keeps the keys of its others."""
    others = [number for number in remembered(request) if number != start_id]
    kept = [start_id, *others][:MOST_DRAFTS]
    cookies.give(request, answer, COOKIE, web.tokens(request).drafts(kept), starting.KEPT)
    return answer


def forget(request: Request, answer: Response, start_id: int) -> Response:
    """The draft is no draft any more: nothing here leads to it."""
    ids = remembered(request)
    kept = [number for number in ids if number != start_id]
    if kept:
        value = web.tokens(request).drafts(kept)
        cookies.give(request, answer, COOKIE, value, starting.KEPT)
    elif ids:
        cookies.take(request, answer, COOKIE)
    return answer


def progress(step: str, asked: tuple[str, ...]) -> str:
    """ "Step 3 of 8": the last one is the list to check."""
    place = asked.index(step) + 1 if step in asked else len(asked) + 1
    return i18n.gettext("Step %(step)s of %(steps)s", step=place, steps=len(asked) + 1)


def goes(request: Request, form_sent: Any) -> str:
    """Where the pressed button leads: on, back, later, or to the list one came from."""
    pressed = str(form_sent.get("then", ""))
    if pressed in ("back", "later"):
        return pressed
    return "check" if request.query_params.get("then") == "check" else "on"


def wants_a_look(form: StepForm) -> bool:
    """Was it the button that shows how the text will look?"""
    preview = getattr(form, "preview", None)
    return bool(preview is not None and preview.data)
