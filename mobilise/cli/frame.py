"""What the commands share: the application, the console, settings, a database that runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pydantic
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from mobilise import db, embedded, jobs, keys, store
from mobilise.errors import Refusal
from mobilise.holding import HeldByAnother
from mobilise.ports import PortTaken
from mobilise.settings import Settings
from mobilise.tokens import Tokens

Told = Callable[[int, int], None]
"""Called with the bytes that are done and about how many there are."""
app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Petitions for residents' groups: one command to run them, one to move them.",
)  # fmt: skip
console = Console(highlight=False, soft_wrap=True)


def settings_in_force() -> Settings:
    try:
        return Settings()
    except pydantic.ValidationError as error:
        for problem in error.errors():
            name = "MOBILISE_" + str(problem["loc"][0]).upper()
            console.print(f"[bold]{name}[/bold] {problem['msg'].removeprefix('Value error, ')}.")
        raise typer.Exit(2) from None
    except OSError as error:
        console.print(f"A setting names a file that cannot be read: {error}.")
        raise typer.Exit(2) from None


@contextmanager
def in_plain_words() -> Iterator[None]:
    """What a keeper can mend is told in one sentence; anything else keeps its traceback."""
    try:
        yield
    except (
        embedded.EmbeddedRefused,
        PortTaken,
        keys.UnsafeKey,
        db.MigrationChanged,
        Refusal,
    ) as refusal:
        values = refusal.values if isinstance(refusal, Refusal) else {}
        console.print(str(refusal) % values if values else str(refusal), style="bold")
        raise typer.Exit(1) from None
    except db.LOST as error:
        console.print(f"The database does not answer: {error}.", style="bold")
        raise typer.Exit(1) from None


@contextmanager
def prepared(
    settings: Settings, *, migrating: bool = True, alone: bool = False
) -> Iterator[Settings]:
    """Settings with a database that runs: one's own server, the one of a running `serve`, or
    the embedded one, started for this command and stopped after it.

    `alone`: a running `serve` on this data folder is refused.
    """
    held: AbstractContextManager[bool | None] = (
        embedded.hold(settings.data) if alone else held_or_served(settings)
    )
    if settings.database_url is not None:
        with held if alone else nullcontext():
            if migrating and settings.database_owner_url:
                asyncio.run(db.migrate(settings.database_owner_url))
            yield settings
        return
    with held as served_by_nobody:
        found = embedded.start(settings.data)
        known = {"database_url": found.app_url, "database_owner_url": found.owner_url}
        try:
            if migrating:
                asyncio.run(db.migrate(found.owner_url))
            yield settings.model_copy(update=known)
        finally:
            if served_by_nobody is not False:
                embedded.stop(settings.data)


@contextmanager
def held_or_served(settings: Settings) -> Iterator[bool]:
    """True when nobody else uses the data folder; a running `serve` shares its database."""
    try:
        with embedded.hold(settings.data):
            yield True
            return
    except HeldByAnother:
        pass
    yield False


def within(settings: Settings, deed: Callable[[jobs.Workplace], Awaitable[Any]]) -> Any:
    """Runs a deed with a database connection of its own."""

    async def done() -> Any:
        database = db.connect(settings.database_url or "", connections=2, purpose="command")
        await database.connect()
        try:
            tokens = Tokens(settings.signing_keys)
            return await deed(jobs.Workplace(database, store.opened(settings), settings, tokens))
        finally:
            await database.disconnect()

    return asyncio.run(done())


@contextmanager
def bar(what: str) -> Iterator[Told]:
    """A bar of bytes that goes when it is done; the block calls what it gets."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


@contextmanager
def on_the_disk(file: Path) -> Iterator[None]:
    """What the disk refuses is told in one sentence."""
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise  # the database's
    except OSError as error:
        console.print(f"{error.filename or file}: {error.strerror or error}.", style="bold")
        raise typer.Exit(1) from None
