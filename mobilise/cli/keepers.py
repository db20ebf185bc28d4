"""Commands for whoever keeps the instance: who that is."""

from typing import Annotated

import typer

from mobilise import addresses, i18n, jobs
from mobilise.accounts import keepers
from mobilise.cli.frame import app, console, in_plain_words, prepared, settings_in_force, within
from mobilise.errors import NotFound
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
    try:
        found = addresses.parse(address)
    except addresses.BadAddress:
        raise typer.BadParameter("write it like mo@post.example", param_hint="ADDRESS") from None
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


async def _unmake(place: jobs.Workplace, address: addresses.Address) -> None:
    try:
        await keepers.unmake(place.db, address)
    except NotFound:
        console.print(f"There is no account of {address.sent}.", style="bold")
        raise typer.Exit(1) from None
    console.print(f"{address.sent} keeps this instance no longer.")
