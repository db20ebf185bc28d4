"""Commands about the store of documents."""

from typing import Annotated

import typer

from mobilise import jobs
from mobilise.cli.frame import (
    app,
    bar,
    console,
    in_plain_words,
    prepared,
    settings_in_force,
    within,
)
from mobilise.documents import checking
from mobilise.petitions import releasing

store = typer.Typer(no_args_is_help=True, help="The store of uploaded documents.")
app.add_typer(store, name="store")


@store.command()
def check(
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Remove what no petition and no draft shows.")
    ] = False,
) -> None:
    """Reads every file once: is each one there, as it was? Ends with 1 when one is missing or
    damaged. The site may go on meanwhile."""
    with in_plain_words(), prepared(settings_in_force()) as settings:
        found = within(settings, lambda place: _checked(place, sweep))
    removed = f", {found['removed']} of them removed" if sweep else ""
    console.print(
        f"{found['missing']} missing, {found['damaged']} damaged,"
        f" {found['orphaned']} orphaned{removed}."
    )
    if found["orphaned"] and not sweep:
        console.print("`mobilise store check --sweep` removes what is orphaned.")
    if found["missing"] or found["damaged"]:
        console.print("Put the documents of a backup back, or ask whoever uploaded them.")
        raise typer.Exit(1)


async def _checked(place: jobs.Workplace, sweep: bool) -> dict[str, int]:
    """How many of each kind; each one is told as it is found."""
    found = {"missing": 0, "damaged": 0, "orphaned": 0, "removed": 0}
    with bar("Checking") as told:
        async for finding in checking.check(place.db, place.store, told):
            found[finding.what] += 1
            where = f"  {', '.join(finding.shown_in)}" if finding.shown_in else ""
            console.print(f"{finding.what:8}  {finding.sha256}{where}", markup=False)
            if sweep and finding.what == "orphaned":
                found["removed"] += await releasing.release(place.db, place.store, [finding.sha256])
    return found
