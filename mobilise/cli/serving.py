"""Commands that run the site and its parts."""

import asyncio
import signal
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from mobilise import db, jobs, logs, store
from mobilise import supervisor as processes
from mobilise.cli.frame import app, console, in_plain_words, prepared, settings_in_force, within
from mobilise.errors import NotFound
from mobilise.ports import is_loopback
from mobilise.settings import Settings
from mobilise.tokens import Tokens

NIGHT = 30 * 60
"""Seconds that a statement of a job may take: it counts and erases over whole tables."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 2,
    work: Annotated[bool, typer.Option(help="Also send the letters and run the jobs.")] = True,
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty instance first.")] = False,
) -> None:
    """Serves the site: starts the database, brings the tables up to date, sends the letters."""
    settings = _for_address(settings_in_force(), host, port)
    logs.to_stdout()
    made: list[str] = []

    def fill(prepared: Settings) -> None:
        if demo:
            made.extend(within(prepared, _demonstration))

    with in_plain_words():
        code = processes.serve(
            settings, host, port, workers, work,
            on_ready=lambda: _say_where(settings, made), prepare=fill,
        )  # fmt: skip
    raise typer.Exit(code)


@app.command()
def work(
    only: Annotated[str | None, typer.Option(help="`letters` or `jobs`; both when absent.")] = None,
) -> None:
    """Sends letters and runs jobs, beside `serve --no-work`, on this machine or another."""
    if only not in (None, "letters", "jobs"):
        raise typer.BadParameter("choose `letters` or `jobs`", param_hint="--only")
    logs.to_stdout()
    with in_plain_words(), prepared(settings_in_force()) as settings:
        asyncio.run(_work(settings, only))


@app.command()
def migrate() -> None:
    """Brings the tables up to date. `serve` does so by itself."""
    with in_plain_words(), prepared(settings_in_force(), migrating=False) as settings:
        names = asyncio.run(db.migrate(settings.database_owner_url or settings.database_url or ""))
    console.print("\n".join(names) if names else "The tables are up to date.")


@app.command()
def demo() -> None:
    """Fills an empty instance with one marked demonstration. A used one is never touched."""
    with in_plain_words(), prepared(settings_in_force()) as settings:
        for line in within(settings, _demonstration):
            console.print(line)


@app.command()
def publish(slug: str) -> None:
    """Lets a petition open that waits for the keeper (see MOBILISE_MODERATION)."""
    from mobilise.petitions import deciding

    with in_plain_words(), prepared(settings_in_force()) as settings:
        today = datetime.now(settings.zone).date()
        try:
            opened = within(
                settings,
                lambda place: deciding.let_open_by_name(place.db, place.tokens, slug, today),
            )
        except NotFound:
            console.print(f"There is no petition called {slug}.", style="bold")
            raise typer.Exit(1) from None
    console.print(f"{slug} is open." if opened else f"{slug} opens on its day.")


@app.command()
def routes() -> None:
    """Every address of the site, in the order in which they are tried."""
    from mobilise.app import ROUTES

    table = Table("name", "methods", "address", box=None)
    for route in ROUTES:
        methods = ", ".join(sorted(route.methods or ())) or "any"
        table.add_row(route.name, methods, route.path)
    console.print(table)


def _for_address(settings: Settings, host: str, port: int) -> Settings:
    """Without MOBILISE_BASE_URL the site is called what it listens to."""
    known: dict[str, Any] = {"listens_on_loopback": is_loopback(host)}
    if "base_url" not in settings.model_fields_set:
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}.get(host, host)
        named = f"[{everywhere}]" if ":" in everywhere else everywhere
        known["base_url"] = f"http://{named}:{port}"
    return settings.model_copy(update=known)


async def _demonstration(place: jobs.Workplace) -> list[str]:
    from mobilise import demo as demonstration

    made = await demonstration.make(place.db, place.store, place.settings)
    return list(made.lines(place.settings))


async def _work(settings: Settings, only: str | None) -> None:
    from mobilise.app import JOBS
    from mobilise.mail import postman

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    url, tokens = settings.database_url or "", Tokens(settings.signing_keys)
    async with (
        db.connect(url, purpose="letters") as outbox,
        db.connect(url, purpose="jobs", connections=4, patience=NIGHT) as tables,
        asyncio.TaskGroup() as together,
    ):
        if only != "jobs":
            together.create_task(postman.run(outbox, settings, tokens, stop))
        if only != "letters":
            place = jobs.Workplace(tables, store.opened(settings), settings, tokens)
            together.create_task(jobs.run(JOBS, place, stop))


def _say_where(settings: Settings, made: list[str]) -> None:
    """The addresses, where somebody who just typed the command looks for them."""
    lines = [f"The site     {settings.base_url}/"]
    if settings.dev_mail:
        lines.append(f"The letters  {settings.base_url}/dev/mail")
    elif settings.smtp_url is None:
        lines.append("Letters wait until you set MOBILISE_SMTP_URL.")
    if not settings.listens_on_loopback and "base_url" not in settings.model_fields_set:
        lines.append("Set MOBILISE_BASE_URL to the public address: links in letters begin with it.")
    console.print("\n" + "\n".join([*lines, *made]) + "\n\nStop with Ctrl-C.\n")
