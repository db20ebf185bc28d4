"""The ready lines of the data page, really run against a really running site.

curl, Python, pandas and R run as they stand there, and the question to SQLite. DuckDB fetches
addresses with a part of itself that it gets from its makers' site, so its lines read the same
bytes from a file. Excel and Datawrapper have menus, which no test can press: their address is
fetched.
"""

import csv
import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from html import unescape
from pathlib import Path

import duckdb
import httpx
import pytest

from mobilise.opendata.recipes import RECIPES
from tests.running import Site

NAMES = [recipe.name for recipe in RECIPES]


def lines(site: Site, name: str) -> str:
    """As a reader copies them."""
    page = httpx.get(f"{site.url}/en/petitions/{site.demonstration}/data").text
    found = re.search(rf'aria-labelledby="recipe-{name}">(.*?)</pre>', page, re.S)
    assert found, name
    return unescape(found[1])


def table(site: Site) -> list[dict[str, str]]:
    address = f"{site.url}/petitions/{site.demonstration}/data/signatures-by-day.csv"
    return list(csv.DictReader(io.StringIO(httpx.get(address).text, newline="")))


def ran(command: list[str], folder: Path, **more: str) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False, **more
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def python(code: str, folder: Path) -> str:
    return ran([sys.executable, "-c", code], folder)


@pytest.mark.parametrize("name", NAMES)
def test_each_holds_an_address_that_answers(site: Site, name: str) -> None:
    addresses = re.findall(r"https?://[^\s\"')]+", lines(site, name))
    assert len(addresses) == 1, "one thing to change, if any"
    assert httpx.get(addresses[0]).status_code == 200


def test_python_counts_what_the_table_holds(site: Site, tmp_path: Path) -> None:
    total = sum(int(day["confirmed"]) for day in table(site))
    assert total > 0 and python(lines(site, "python"), tmp_path).strip() == str(total)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_keeps_the_file_and_prints_the_count(site: Site, tmp_path: Path) -> None:
    ran(["sh", "-c", lines(site, "curl")], tmp_path)
    kept = (tmp_path / "signatures-by-day.csv").read_text("utf-8")
    assert kept.splitlines()[0].startswith("day,confirmed,")
    assert '"confirmed":' in ran(["sh", "-c", lines(site, "count")], tmp_path)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_a_line_that_goes_wrong_is_noticed(site: Site, tmp_path: Path) -> None:
    wrong = lines(site, "curl").replace("signatures-by-day", "signatures-by-moon")
    with pytest.raises(AssertionError):
        ran(["sh", "-c", wrong], tmp_path)
    with pytest.raises(AssertionError):
        python(lines(site, "python").replace('"confirmed"', '"Confirmed"'), tmp_path)


def test_pandas_reads_days_as_days(site: Site, tmp_path: Path) -> None:
    assert "Freq: W-SUN" in python(lines(site, "pandas"), tmp_path)


def test_r_reads_days_as_days(site: Site, tmp_path: Path) -> None:
    code = lines(site, "r")
    if shutil.which("Rscript") is None:
        assert "CI" not in os.environ, "R is not installed"
        pytest.skip("R is not installed: its lines were not run")
    ran(["Rscript", "-e", f"{code}\nstopifnot(inherits(days$day, 'Date'))"], tmp_path)


def test_sqlite_reads_days(site: Site, tmp_path: Path) -> None:
    """The question in the line, put to the SQLite that comes with Python."""
    fetched, asked = lines(site, "sqlite").splitlines()
    address, question = re.findall(r'"([^"]+)"', fetched)[0], re.findall(r'"([^"]+)"', asked)[0]
    (tmp_path / "data.sqlite").write_bytes(httpx.get(address).content)
    with closing(sqlite3.connect(tmp_path / "data.sqlite")) as database:
        found = database.execute(question).fetchall()
    told = [(day["day"], int(day["confirmed"]), int(day["total"])) for day in table(site)]
    assert found == told
    if shutil.which("sqlite3") is not None:
        assert told[-1][0] in ran(["sh", "-c", asked], tmp_path)


def test_duckdb_adds_up_weeks(site: Site, tmp_path: Path) -> None:
    code = lines(site, "duckdb")
    (address,) = re.findall(r"https?://[^']+", code)
    kept = tmp_path / "days.csv"
    kept.write_bytes(httpx.get(address).content)
    weeks = duckdb.sql(code.replace(address, str(kept))).fetchall()
    assert sum(n for _, n in weeks) == sum(int(day["confirmed"]) for day in table(site))
    assert [day.weekday() for day, _ in weeks] == [0] * len(weeks)
