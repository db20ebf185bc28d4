"""Letters that fail and why, on the keeper's desk: look, try again, lift a silence."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import forms, i18n, web
from mobilise.errors import N_
from mobilise.mail import failing, streams
from mobilise.pages.forms import SilencedForm
from mobilise.trust.at_keep import keeper

# For each reason: what it is called, and what to do.
REASONS = {
    "silent": (
        N_("No answer from the mail server"),
        N_("Look whether it runs, and whether MOBILISE_SMTP_URL names it rightly."),
    ),
    "login": (
        N_("The mail server does not let us in"),
        N_("Look at user and password in MOBILISE_SMTP_URL, and start again."),
    ),
    "unwanted": (
        N_("Refused as unwanted"),
        N_("Look at SPF, DKIM and DMARC of your domain: `mobilise doctor` shows them."),
    ),
    "unknown": (
        N_("The mailbox does not exist"),
        N_("Nothing to mend. We do not write to it again, unless you say so."),
    ),
    "full": (
        N_("The mailbox is full"),
        N_("We try again by ourselves, or send it again tomorrow."),
    ),
    "later": (
        N_("The other side says: later"),
        N_("We try again by ourselves, for two days."),
    ),
    "waits": (
        N_("Not tried yet"),
        N_("Is `mobilise work` running?"),
    ),
    "other": (
        N_("Refused for another reason"),
        N_("Read what the mail server said."),
    ),
}


async def letters(request: Request) -> Response:
    """Whether mail flows, and each letter that did not arrive with its reason."""
    await keeper(request)
    return await _page(request, SilencedForm())


async def _page(request: Request, form: forms.Form, status: int = 200, **more: Any) -> Response:
    database = web.database(request)
    wrong = await streams.wrong(database)
    return web.render(
        request,
        "pages/keep_letters.html",
        status=status,
        private=True,
        wrong=wrong,
        why=failing.reason(wrong["last_code"], wrong["last_error"]) if wrong else None,
        totals=await failing.reasons(database),
        letters=await failing.letters(database),
        words=REASONS,
        form=form,
        **more,
    )


async def again(request: Request) -> Response:
    """Sends one letter again, or all that failed."""
    person = await keeper(request)
    sent = await request.form(max_files=0, max_fields=5)
    which = None  # all of them; only a button that names no letter means so
    if "petition" in sent or "letter" in sent:
        which = _number(sent.get("petition")), _number(sent.get("letter"))
    went = await failing.send_again(web.database(request), person.id, which)
    to = web.url(request, "pages.keep_letters")
    return web.redirect(to, said="sent_again" if went else "nothing_to_send")


async def now(request: Request) -> Response:
    """Ends the pause: the postman tries at once."""
    await keeper(request)
    await streams.try_now(web.database(request))
    return web.redirect(web.url(request, "pages.keep_letters"), said="tried_now")


async def lift(request: Request) -> Response:
    """Lets an address be written to again that refused once."""
    person = await keeper(request)
    form = await web.filled(request, SilencedForm)
    if form.validate():
        recipient = web.tokens(request).recipient(form.email.address.key)
        reason = await failing.lift_silence(web.database(request), person.id, recipient)
        if reason == "bounced":
            to = web.url(request, "pages.keep_letters")
            return web.redirect(to, said="silence_lifted")
        form.email.errors = [_why_not(reason)]
    return await _page(request, form, status=422)


def _why_not(reason: str) -> str:
    if not reason:
        return i18n.gettext("We can write to this address. Nothing stops our email.")
    return i18n.gettext("This person asked us not to write. Only they can change that.")


def _number(typed: Any) -> int:
    """0, which no letter has, for what is no number."""
    sent = str(typed)
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else 0


ROUTES = [
    Route("/keep/letters", letters, name="pages.keep_letters"),
    Route("/keep/letters/again", again, name="pages.keep_again", methods=["POST"]),
    Route("/keep/letters/now", now, name="pages.keep_now", methods=["POST"]),
    Route("/keep/letters/silence", lift, name="pages.keep_lift", methods=["POST"]),
]
