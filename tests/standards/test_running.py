"""What a really running site gives, before the very commands that its readers type."""

import io
import sqlite3
import subprocess
import sysconfig
import zipfile
from contextlib import closing
from pathlib import Path

import httpx
import openpyxl
import pytest
import python_calamine

from mobilise.opendata.table import TABLES
from tests.running import Site
from tests.standards.test_csv import faults

PROGRAMS = Path(sysconfig.get_path("scripts"))


@pytest.fixture(scope="module")
def unpacked(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the demonstration."""
    answer = httpx.get(f"{site.url}/petitions/{site.demonstration}/data/bundle.zip", timeout=60)
    assert answer.status_code == 200
    folder = tmp_path_factory.mktemp("bundle")
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(folder)
    return folder


def says(program: str, *words: str, folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [str(PROGRAMS / program), *words], cwd=folder, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


def test_csvwvalidate_says_ok_and_would_say_fail(unpacked: Path, tmp_path: Path) -> None:
    code, said = says("csvwvalidate", "csv-metadata.json", folder=unpacked)
    assert code == 0 and "OK" in said, said
    for name in ("csv-metadata.json", *(f"{table.name}.csv" for table in TABLES)):
        (tmp_path / name).write_bytes((unpacked / name).read_bytes())
    path = tmp_path / "signatures-by-hour.csv"
    path.write_bytes(path.read_bytes().replace(b"-", b"/"))
    code, said = says("csvwvalidate", "csv-metadata.json", folder=tmp_path)
    assert code == 1 and "FAIL" in said, said


def test_frictionless_says_valid(unpacked: Path) -> None:
    code, said = says("frictionless", "validate", "datapackage.json", folder=unpacked)
    assert code == 0, said
    assert "INVALID" not in said


def test_each_reader_finds_the_same_total(site: Site, unpacked: Path) -> None:
    by_day = [table.name for table in TABLES].index("signatures-by-day") + 1
    for table in TABLES:
        assert faults((unpacked / f"{table.name}.csv").read_bytes()) == []
    last = (unpacked / "signatures-by-day.csv").read_text("utf-8").split()[-1].split(",")[-1]
    page = openpyxl.load_workbook(unpacked / "data.xlsx").worksheets[by_day]
    assert [row[-1].value for row in page.iter_rows()][-1] == int(last)
    sheet = python_calamine.CalamineWorkbook.from_path(str(unpacked / "data.ods"))
    assert sheet.get_sheet_by_index(by_day).to_python()[-1][-1] == int(last)
    with closing(sqlite3.connect(unpacked / "data.sqlite")) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        found = database.execute("select total from signatures_by_day order by day desc limit 1")
        assert found.fetchone() == (int(last),)
    address = f"{site.url}/petitions/{site.demonstration}/data/signatures-by-day.json"
    assert httpx.get(address).json()["rows"][-1]["total"] == int(last)
