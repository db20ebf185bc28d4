"""Commands for whoever keeps the instance: who that is, and whether all is well."""

import asyncio
from typing import Annotated

import typer

from mobilise import addresses, i18n, jobs
from mobilise.accounts import keepers
from mobilise.cli.frame import app, console, in_plain_words, prepared, settings_in_force, within
from mobilise.doctor import mail, round
from mobilise.errors import NotFound
from mobilise.ports import is_loopback
from mobilise.settings import Settings
from mobilise.tokens import LOGIN_MINUTES


@app.command("make-keeper")
def make_keeper(
    address: Annotated[str, typer.Argument(help="E-mail address; the account is made if needed.")],
    not_any_more: Annotated[bool, typer.Option("--not", help="Take it away instead.")] = False,
    name: Annotated[str, typer.Option(help="Name of a new account.")] = "",
    language: Annotated[str, typer.Option(help="nl, fr, de or en, for a new account.")] = "en",
) -> None:
    """Gives somebody the keeper's desk, and prints a link that logs in."""
    if language not in i18n.LANGUAGES:
        raise typer.BadParameter("choose nl, fr, de or en", param_hint="--language")
    found = _parsed(address, "ADDRESS")
    with in_plain_words(), prepared(settings_in_force()) as settings:
        if not_any_more:
            within(settings, lambda place: _unmake(place, found))
            return
        called = name or found.sent.partition("@")[0]
        token = within(
            settings,
            lambda place: keepers.make(place.db, place.tokens, found, called, language),
        )
        console.print(f"{found.sent} keeps this instance.")
        console.print(f"Log in within {LOGIN_MINUTES} minutes:")
        console.print(f"{settings.base_url}/{language}/login/{token}")


def _parsed(typed: str, where: str) -> addresses.Address:
    try:
        return addresses.parse(typed)
    except addresses.BadAddress:
        raise typer.BadParameter("write it like mo@post.example", param_hint=where) from None


async def _unmake(place: jobs.Workplace, address: addresses.Address) -> None:
    try:
        await keepers.unmake(place.db, address)
    except NotFound:
        console.print(f"There is no account of {address.sent}.", style="bold")
        raise typer.Exit(1) from None
    console.print(f"{address.sent} keeps this instance no longer.")


@app.command()
def doctor(
    to: Annotated[str | None, typer.Option("--to", help="Address for a test letter.")] = None,
    selector: Annotated[str, typer.Option(help="Name of your DKIM key.")] = "mail",
) -> None:
    """Looks everything over, and says what to do. Ends with 1 when something is wrong."""
    if to is not None:
        to = _parsed(to, "--to").sent
    given = settings_in_force()
    given = given.model_copy(update={"listens_on_loopback": is_loopback(given.host)})
    levels: set[str] = set()
    with in_plain_words(), prepared(given, migrating=False) as settings:
        asyncio.run(_looked_over(settings, given, to, selector, levels))
        if settings.smtp_url is not None:
            console.print("\nFor the DNS of your sender's domain:")
            for line in mail.records(settings, selector):
                console.print(f"  {line}")
    if "wrong" in levels:
        raise typer.Exit(1)


async def _looked_over(
    settings: Settings, given: Settings, to: str | None, selector: str, levels: set[str]
) -> None:
    own = given.database_url is not None
    async for finding in round.look(settings, own_server=own, to=to, selector=selector):
        levels.add(finding.level)
        console.print(f"{_MARKS[finding.level]}  {finding.what}", markup=False)
        if finding.do:
            console.print(f"       {finding.do}", markup=False)


_MARKS = {"ok": "ok   ", "warn": "warn ", "wrong": "WRONG"}
