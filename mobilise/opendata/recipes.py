"""How to get at the figures with what one has: ready lines, each with the real address in it.

`{days}` is the table of days, `{sqlite}` all of them, `{count}` the live count. The tests run what
this project can run: see tests/standards/test_recipes.py.
"""

from dataclasses import dataclass

from mobilise.errors import N_
from mobilise.i18n import gettext as _
from mobilise.opendata.editions import Edition


@dataclass(frozen=True)
class Recipe:
    """`steps` are sentences of the catalogue, for programs with menus; `code` for the others."""

    name: str
    heading: str
    code: str = ""
    steps: tuple[str, ...] = ()
    copied: str = ""  # what is pasted, where there are steps


RECIPES = (
    Recipe(
        "excel",
        "Excel",
        steps=(
            N_("Open the Data tab and choose From Web."),
            N_("Paste this address and press OK."),
            N_("Press Load. Refresh fetches new days later."),
        ),
        copied="{days}",
    ),
    Recipe(
        "datawrapper",
        "Datawrapper",
        steps=(
            N_("Make a new chart and choose Link external dataset."),
            N_("Paste this address and go on."),
            N_("The chart takes in new days by itself."),
        ),
        copied="{days}",
    ),
    Recipe(
        "curl",
        "curl",
        'curl --fail --remote-name "{days}"',
    ),
    Recipe(
        "python",
        "Python",
        """\
import csv, io, urllib.request

with urllib.request.urlopen("{days}") as answer:
    days = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
print(sum(int(day["confirmed"]) for day in days))""",
    ),
    Recipe(
        "pandas",
        "pandas",
        """\
import pandas as pd

days = pd.read_csv("{days}", parse_dates=["day"], index_col="day")
print(days["confirmed"].resample("W").sum())""",
    ),
    Recipe(
        "r",
        "R",
        """\
days <- read.csv("{days}", colClasses = c(day = "Date"))
plot(total ~ day, data = days, type = "s")""",
    ),
    Recipe(
        "duckdb",
        "DuckDB",
        """\
SELECT date_trunc('week', day) AS week, sum(confirmed) AS confirmed
FROM read_csv('{days}') GROUP BY week ORDER BY week;""",
    ),
    Recipe(
        "sqlite",
        "SQLite",
        """\
curl --fail --remote-name "{sqlite}"
sqlite3 -box data.sqlite "SELECT day, confirmed, total FROM signatures_by_day;\"""",
    ),
    Recipe(
        "count",
        N_("The count of this moment"),
        'curl --fail --silent "{count}"',
    ),
)


@dataclass(frozen=True)
class Filled:
    """A recipe with the addresses of one petition, in the reader's language."""

    name: str
    heading: str
    steps: tuple[str, ...]
    lines: str


def filled(edition: Edition) -> list[Filled]:
    addresses = {
        "days": edition.file_url("signatures-by-day.csv"),
        "sqlite": edition.file_url("data.sqlite"),
        "count": f"{edition.site}/api/petitions/{edition.petition.slug}/count",
    }
    return [
        Filled(
            recipe.name,
            _(recipe.heading),
            tuple(_(step) for step in recipe.steps),
            (recipe.code or recipe.copied).format(**addresses),
        )
        for recipe in RECIPES
    ]
