"""Commands that save the instance to one file, and put it back."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.filesize import decimal

from mobilise import db, jobs
from mobilise.audit import trail
from mobilise.backup import archive, restoring, saving
from mobilise.backup.archive import Manifest
from mobilise.cli.frame import (
    Told,
    app,
    bar,
    console,
    in_plain_words,
    on_the_disk,
    prepared,
    settings_in_force,
    within,
)
from mobilise.settings import Settings


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file, such as mobilise.tar.gz.")],
    check: Annotated[bool, typer.Option("--check", help="Only look whether it is whole.")] = False,
) -> None:
    """Saves database, documents and keys in one file. The site may go on meanwhile."""
    with in_plain_words(), on_the_disk(file):
        if check:
            _say_what_it_holds(file, _checked(file))
            return
        if file.exists():  # before the database is started for nothing
            raise archive.Exists(f"{file} exists already. Choose another name.")
        with prepared(settings_in_force()) as settings:
            with bar("Saving") as told:
                saved = asyncio.run(saving.save(settings, file, told))
            within(settings, lambda place: _note(place, saving.DEED, rows=saved.rows))
    console.print(
        f"Saved {saved.rows} rows and {saved.documents} files"
        f" in {file} ({decimal(saved.size)}).\n"
        "It holds personal data and the keys: keep it where nobody else can read it."
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `mobilise backup` made.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Throw away what is here; asks first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only look whether it is whole.")] = False,
) -> None:
    """Puts a backup back: all of it, or nothing. Only into an empty instance, but for --replace."""
    with in_plain_words(), on_the_disk(file):
        manifest = _checked(file)
        _say_what_it_holds(file, manifest)
        if check:
            return
        with prepared(settings_in_force(), migrating=False, alone=True) as settings:
            _look_whether_it_may(settings, replace, yes)
            with bar("Restoring") as told:
                newer = asyncio.run(_restored(settings, file, manifest, replace, told))
            details = {"made_at": manifest.made_at, "version": manifest.version}
            within(settings, lambda place: _note(place, restoring.DEED, **details))
            _say_what_is_left_to_do(settings, newer)


async def _restored(
    settings: Settings, file: Path, manifest: Manifest, replace: bool, told: Told
) -> list[str]:
    return await restoring.restore(
        settings, file, manifest, replace=replace, progress=_summed(file, told)
    )


def _look_whether_it_may(settings: Settings, replace: bool, yes: bool) -> None:
    asyncio.run(restoring.look_whether_alone(settings))
    found = asyncio.run(restoring.there(settings))
    if not found:
        return
    if not replace:
        console.print(f"Nothing was touched. Here stand already: {found}.", style="bold")
        console.print("Choose an empty folder (MOBILISE_DATA), or add --replace.")
        raise typer.Exit(1)
    console.print(f"This goes for good: {found}.", style="bold")
    if not yes and not typer.confirm("Throw it away and restore?"):
        console.print("Nothing was touched.")
        raise typer.Exit(1)


def _say_what_it_holds(file: Path, manifest: Manifest) -> None:
    def rows(table: str) -> int:
        return int(manifest.tables.get(table, {"rows": 0})["rows"])

    console.print(
        f"{file} is whole: {manifest.base_url}, saved on {manifest.made_at}"
        f" by mobilise {manifest.version}.\n"
        f"{rows('petitions')} petitions, {rows('signatures')} signatures, {rows('people')} people,"
        f" {len(manifest.documents)} files."
    )


def _say_what_is_left_to_do(settings: Settings, newer: list[str]) -> None:
    for name in newer:
        console.print(f"Brought up to date: {name}")
    console.print("Restored. Start it with `mobilise serve`.")
    kept = (settings.data / "secret_keys").read_text("ascii").split()
    if settings.secret_keys is not None and not set(kept) <= set(settings.signing_keys):
        console.print(
            "MOBILISE_SECRET_KEYS does not hold the keys of the backup: links in letters of before"
            f" do not open. They stand in {settings.data / 'secret_keys'}: put them before yours.",
            style="bold",
        )


async def _note(place: jobs.Workplace, deed: str, **details: Any) -> None:
    async with db.tx(place.db):
        await trail.write(place.db, deed, **details)


# --- the file ---------------------------------------------------------------------------


def _checked(file: Path) -> Manifest:
    with bar("Checking") as told:
        return archive.checked(file, _summed(file, told))


def _summed(file: Path, told: Told) -> archive.Progress:
    done, of = 0, file.stat().st_size

    def more(size: int) -> None:
        nonlocal done
        done += size
        told(done, of)

    return more
