"""The whole list as a file: a workbook, CSV, JSON. Read by the readers of others."""

import csv
import io
import json
import re
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import httpx
import openpyxl
import pytest

from mobilise import workbook
from mobilise.db import Database, row, run
from mobilise.petitions.reading import Petition
from mobilise.signatures import signers_files
from mobilise.signatures.signers_files import COLUMNS, FORMS, Form
from tests import make

ODD = [
    "=cmd|'/c calc'!A1", "+32 neighbour", "-Jo", "@home", 'Ann "A" Peeters, jr', "Zoë & <b>Co</b>",
    "O'Neil \\ n", "]]> 𠜎", "İpek %s :name",
]  # fmt: skip
BRUSSELS = ZoneInfo("Europe/Brussels")


async def _whole(db: Database, petition: Petition, form: Form) -> bytes:
    return b"".join([piece async for piece in _file(db, petition, form)])


def _file(db: Database, petition: Petition, form: Form) -> AsyncIterator[bytes]:
    return signers_files.file(db, petition.id, form, BRUSSELS)


async def _signed(db: Database, petition: Petition) -> None:
    """Everybody at half past eleven at night by universal time: in Brussels the next day."""
    for name in ODD:
        at = datetime(2026, 5, 11, 23, 30, tzinfo=UTC)
        await make.signature(db, petition, name=name, at=at, public_name=name == ODD[-1])
    for state in ("pending", "held", "withdrawn", "disowned", "invalidated"):
        await make.signature(db, petition, state, name="Not Counted")
    await make.signature(db, await make.petition(db), name="Of Another Petition")


async def _thousands(db: Database, petition: Petition, number: int) -> None:
    await run(
        db,
        """insert into signatures (petition_id, seat, state, name, name_key, email, email_key,
             postcode, country, language, version, consents, confirmed_at, confirmed_by)
           select :id, 1, 'confirmed', 'Neighbour ' || n, 'neighbour ' || n, n || '@post.example',
             n || '@post.example', '2060', 'BE', 'en', 1, '{}', now() - make_interval(secs => n),
             'button'
           from generate_series(1, :number) n""",
        id=petition.id,
        number=number,
    )


async def test_the_csv_opens_in_a_spreadsheet_and_calculates_nothing(db: Database) -> None:
    petition = await make.petition(db)
    await _signed(db, petition)
    found = await _whole(db, petition, FORMS["csv"])
    assert found.startswith(b"\xef\xbb\xbf"), "the mark by which accents are read"
    assert found.endswith(b"\r\n") and found.count(b"\n") == found.count(b"\r\n")
    header, *lines = list(csv.reader(io.StringIO(found.decode("utf-8-sig"), newline="")))
    assert tuple(header) == COLUMNS
    assert [line[0] for line in lines] == [
        f"'{name}" if name[0] in "=+-@" else name for name in ODD
    ]
    assert lines[5][1:] == ["2060", "BE", "2026-05-12", "button", "no"]
    assert lines[-1][-1] == "yes"


async def test_the_json_has_every_signer_once(db: Database) -> None:
    petition = await make.petition(db)
    await _signed(db, petition)
    found = json.loads(await _whole(db, petition, FORMS["json"]))
    assert found["columns"] == list(COLUMNS)
    assert [signer["name"] for signer in found["signers"]] == ODD
    assert found["signers"][0] == {
        "name": ODD[0], "postcode": "2060", "country": "BE", "date": "2026-05-12",
        "confirmed_by": "button", "name_shown": False,
    }  # fmt: skip


async def test_the_workbook_opens_with_days_and_words_and_no_formula(db: Database) -> None:
    petition = await make.petition(db)
    await _signed(db, petition)
    packed = await _whole(db, petition, FORMS["xlsx"])
    with zipfile.ZipFile(io.BytesIO(packed)) as members:
        assert members.testzip() is None
        for name in members.namelist():
            ElementTree.fromstring(members.read(name))
        assert b"<f>" not in members.read("xl/worksheets/sheet1.xml")
    book = openpyxl.load_workbook(io.BytesIO(packed))
    assert book.sheetnames == ["signers"]
    header, *lines = list(book["signers"].iter_rows())
    assert tuple(cell.value for cell in header) == COLUMNS and book["signers"].freeze_panes == "A2"
    assert [line[0].value for line in lines] == ODD, "as they were typed: words calculate nothing"
    assert {cell.data_type for line in lines for cell in line} == {"s", "d", "b"}
    assert [cell.value for cell in lines[0][1:]] == [
        "2060", "BE", datetime(2026, 5, 12), "button", False,
    ]  # fmt: skip
    assert lines[-1][-1].value is True


async def test_a_sign_that_xml_does_not_know_spoils_no_workbook(db: Database) -> None:
    petition = await make.petition(db)
    await make.signature(db, petition, name="Ann\ufffe Peeters\uffff")
    packed = await _whole(db, petition, FORMS["xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(packed))
    assert book["signers"]["A2"].value == "Ann Peeters"


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
async def test_a_list_of_nobody_is_whole_too(db: Database, form: Form) -> None:
    found = await _whole(db, await make.petition(db), form)
    if form.name == "csv":
        assert found.decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"
    elif form.name == "json":
        assert json.loads(found)["signers"] == []
    else:
        assert openpyxl.load_workbook(io.BytesIO(found))["signers"].max_row == 1


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
async def test_parts_and_sheets_meet_without_a_gap(
    db: Database, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signers_files, "FIRST_BATCH", 2)
    monkeypatch.setattr(signers_files, "A_BATCH", 3)
    monkeypatch.setattr(signers_files, "A_SHEET", 6)
    petition = await make.petition(db)
    names = [f"Neighbour {n}" for n in range(12)]
    for name in names:
        await make.signature(db, petition, name=name)
    found = await _whole(db, petition, form)
    if form.name == "csv":
        seen = [line["name"] for line in csv.DictReader(io.StringIO(found.decode("utf-8-sig")))]
    elif form.name == "json":
        seen = [signer["name"] for signer in json.loads(found)["signers"]]
    else:
        book = openpyxl.load_workbook(io.BytesIO(found))
        assert book.sheetnames == ["signers", "signers 2", "signers 3"]
        seen = [line[0] for sheet in book for line in sheet.iter_rows(min_row=2, values_only=True)]
    assert seen == names


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
async def test_a_long_list_needs_no_more_memory_than_a_short_one(db: Database, form: Form) -> None:
    petition = await make.petition(db)
    await _thousands(db, petition, 100_000)
    octets = pieces = 0
    tracemalloc.start()
    try:
        async for piece in _file(db, petition, form):
            octets += len(piece)
            pieces += 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pieces > 10 and octets > 250_000
    assert peak < 16_000_000, f"{peak / 1e6:.1f} MB for a list of {octets / 1e6:.1f} MB"
    assert await row(db, "select 1") is not None, "no connection was kept"


@pytest.mark.parametrize("name", [*FORMS, "", "exe"])
async def test_the_group_takes_the_form_that_it_asks_for(
    client: httpx.AsyncClient, db: Database, name: str
) -> None:
    alice = await make.person(db, "Alice")
    petition = await make.petition(db, group=await make.group(db, alice), organiser=alice)
    await make.signature(db, petition, name="Suzie Peeters")
    await make.login(client, db, alice)
    address = f"/manage/petitions/{petition.slug}/signers/file"
    answer = await client.post(address, data={"form": name})
    form = FORMS.get(name, FORMS["xlsx"])
    assert answer.status_code == 200 and answer.headers["content-type"] == form.media_type
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="{petition.slug}-signers.{form.name}"'
    )
    assert answer.headers["cache-control"] == "no-store"
    page = await client.get(f"/manage/petitions/{petition.slug}/signers")
    offered = re.findall(r'name="form" value="(\w+)"', page.text)
    assert offered == list(FORMS)


def test_a_workbook_counts_its_days_from_where_others_do() -> None:
    first = date.fromisoformat(workbook.DAY_ZERO)
    assert (date(2026, 5, 12) - first).days == 46154
