""" "Now check your email": the page between the form and the letter, and what one can do there."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mobilise import addresses, i18n, limits, web
from mobilise.accounts.asking import network
from mobilise.petitions import reading
from mobilise.signatures import cookie, queries, signing
from mobilise.signatures.forms import AddressForm, CodeForm
from mobilise.signatures.links import Link, after_confirming, slug, today


async def check(request: Request) -> Response:
    """ "Now check your email": the address as typed, the code, and what to do without a letter."""
    return await _check_page(request, notice=request.query_params.get("notice"))


async def code(request: Request) -> Response:
    """The six digits, typed where the form was filled in."""
    sent = await web.filled(request, CodeForm)
    attempt = cookie.attempt(request)
    if not sent.validate() or attempt is None:
        return await _check_page(request, code_form=sent, status=422)
    outcome, tried = await signing.confirm_by_code(
        web.database(request), web.tokens(request), attempt, sent.code.data or ""
    )
    if outcome in ("counted", "already"):
        assert tried is not None
        link = Link(attempt.petition_id, tried["id"], tried["token_version"])
        return web.redirect(after_confirming(request, link, outcome))
    sent.code.errors = [_why_not(outcome)]
    return await _check_page(request, code_form=sent, status=422)


async def letter(request: Request) -> Response:
    """ "Send the email again", to the same address or to a corrected one. Always one answer."""
    sent = await web.filled(request, AddressForm)
    if not sent.validate():
        return await _check_page(request, address_form=sent, status=422)
    database, tokens = web.database(request), web.tokens(request)
    petition = await reading.public(database, slug(request), i18n.language())
    answer = web.redirect(web.url(request, "signatures.check", slug=petition.slug))
    answer.headers["location"] += "?notice=sent_again"
    if not await limits.take(database, limits.LETTER_AGAIN, network(request)):
        return answer
    attempt = cookie.attempt(request)
    typed = await typed_here(request, attempt, petition.id)
    if attempt and typed and typed["typed"]["email_key"] != sent.email.address.key:
        return await _correct(request, petition, attempt, sent.email.address)
    await signing.ask_again(
        database, tokens, petition.id, sent.email.address.key,
        signature_id=typed["signature_id"] if typed else None,
        attempt_id=attempt.id if typed and attempt else None,
    )  # fmt: skip
    return answer


async def _correct(
    request: Request, petition: reading.Petition, attempt: signing.Attempt, to: addresses.Address
) -> Response:
    """What was typed here, signed again with the right address; the cookie follows it."""
    corrected = await signing.correct_address(
        web.database(request), web.tokens(request), petition.slug, attempt, to,
        network=web.network(request), today=today(request),
    )  # fmt: skip
    answer = web.redirect(web.url(request, "signatures.check", slug=petition.slug))
    answer.headers["location"] += "?notice=address_changed"
    cookie.give(request, answer, corrected)
    return answer


async def _check_page(
    request: Request,
    *,
    status: int = 200,
    notice: str | None = None,
    code_form: CodeForm | None = None,
    address_form: AddressForm | None = None,
) -> Response:
    petition = await reading.public(web.database(request), slug(request), i18n.language())
    attempt = cookie.attempt(request)
    typed = await typed_here(request, attempt, petition.id)
    address = typed["typed"]["email"] if typed else None
    return web.render(
        request, "signatures/check_your_mail.html", status=status, private=True,
        petition=petition, address=address, has_attempt=typed is not None, notice=notice,
        code_form=code_form or CodeForm(),
        address_form=address_form or AddressForm(data={"email": address or ""}),
    )  # fmt: skip


async def typed_here(request: Request, attempt: signing.Attempt | None, petition_id: int) -> Any:
    """What this browser typed for this petition, or None."""
    if attempt is None or attempt.petition_id != petition_id:
        return None
    return await queries.attempt(web.database(request), attempt.petition_id, attempt.id)


def _why_not(outcome: str) -> str:
    return {
        "wrong": i18n.gettext("This code is not right. Look at the newest email."),
        "no_tries": i18n.gettext("This code works no more. Use the button in the email, or ask "
                                 "for a new email."),
        "closed": i18n.gettext("This petition is closed"),
    }.get(outcome, i18n.gettext("This code works no more. Ask for a new email."))  # fmt: skip
