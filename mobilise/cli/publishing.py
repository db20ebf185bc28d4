"""Commands about what is published as open data."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.filesize import decimal
from rich.table import Table

from mobilise import jobs
from mobilise.cli.frame import (
    app,
    bar,
    console,
    in_plain_words,
    on_the_disk,
    prepared,
    settings_in_force,
    within,
)
from mobilise.errors import NotFound
from mobilise.opendata import edition_queries, exporting, keeping
from mobilise.opendata.editions import ITS_OWN, Edition
from mobilise.opendata.editions import edition as read
from mobilise.petitions import reading

editions = typer.Typer(no_args_is_help=True, help="Editions of open data that are kept.")
app.add_typer(editions, name="editions")
Slug = Annotated[str, typer.Argument(help="The petition, as its address has it.")]


@app.command()
def export(
    slug: Slug,
    to: Annotated[Path, typer.Option("--to", help="A new or an empty folder.")],
) -> None:
    """Writes the open data of a petition: every file and the bundle, as the site gives them."""
    with in_plain_words(), on_the_disk(to):
        exporting.look_for_room(to)  # before the database is started for nothing
        with prepared(settings_in_force()) as settings:
            edition: Edition = _found(
                slug, within(settings, lambda place: _or_none(read(place.db, settings, slug)))
            )
            with bar("Writing") as told:
                done = exporting.export(edition, to, told)
    console.print(
        f"Wrote {done.files} files to {to} ({decimal(done.size)}), until the end of {edition.day}."
    )


@editions.command("list")
def list_editions(slug: Slug) -> None:
    """Every edition that is kept, the newest first."""
    with in_plain_words(), prepared(settings_in_force()) as settings:
        rows = _found(slug, within(settings, lambda place: _or_none(_kept(place, slug))))
    table = Table("day", "version", "made at", "because", box=None)
    for row in rows:
        made_at = row["made_at"].astimezone(settings.zone).isoformat(timespec="minutes")
        table.add_row(str(row["day"]), str(row["version"]), made_at, row["because"])
    console.print(table if rows else "None is kept yet; `mobilise work` does that by night.")


@editions.command()
def correct(
    slug: Slug,
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="2026-05-11")],
    because: Annotated[str, typer.Option("--because", help="Why; it is published.")],
) -> None:
    """Makes the edition of a day again. The one before stays listed and readable."""
    with in_plain_words(), prepared(settings_in_force()) as settings:
        version = within(
            settings, lambda place: _or_none(_corrected(place, slug, day.date(), because))
        )
        if version is None:
            console.print(f"No edition of {day.date()} is kept of {slug}.", style="bold")
            raise typer.Exit(1)
    console.print(f"{slug}: the edition of {day.date()} has version {version} now.")


async def _corrected(place: jobs.Workplace, slug: str, day: date, because: str) -> int:
    return await keeping.correct(place.db, place.store, place.settings, slug, day, because)


async def _kept(place: jobs.Workplace, slug: str) -> list[Any]:
    petition = await reading.opened(place.db, slug, ITS_OWN)
    return list(await edition_queries.of_petition(place.db, petition.id))


async def _or_none(found: Any) -> Any:
    """What is not there is None, to be told in words of the command."""
    try:
        return await found
    except NotFound:
        return None


def _found(slug: str, found: Any) -> Any:
    if found is None:
        console.print(f"No petition called {slug} has opened.", style="bold")
        raise typer.Exit(1)
    return found
