"""CSV: what everybody's reader reads back, and what may not come in."""

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobilise import tables

CODES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:/%~-]*\Z", fullmatch=True)
CELLS = st.one_of(st.integers(0, 10**15), st.dates(), CODES, st.none())
DANGEROUS = "=+-@\t\r\0"


def written(columns: list[str], rows: list[list[tables.Cell]]) -> bytes:
    return b"".join(tables.chunks(columns, rows))


def test_a_table_is_lines_of_cells_with_crlf_and_no_mark_in_front() -> None:
    body = written(["day", "confirmed", "pages"], [[date(2026, 5, 12), 38, None]])
    assert body == b"day,confirmed,pages\r\n2026-05-12,38,\r\n"


def test_an_address_of_a_machine_without_a_name_is_a_code() -> None:
    body = written(["url"], [["http://[::1]:8000/files/plan.pdf"]])
    assert body == b"url\r\nhttp://[::1]:8000/files/plan.pdf\r\n"


def test_a_table_without_rows_still_names_its_columns() -> None:
    assert written(["day", "total"], []) == b"day,total\r\n"


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=20))
def test_whatever_goes_in_comes_out_and_no_cell_can_be_a_formula(
    rows: list[list[tables.Cell]],
) -> None:
    body = written(["a", "b", "c"], rows).decode("utf-8")
    read = list(csv.reader(io.StringIO(body, newline=""), strict=True))
    assert read == [["a", "b", "c"], *[["" if c is None else str(c) for c in r] for r in rows]]
    assert not any(cell.startswith(tuple(DANGEROUS)) for row in read for cell in row)
    assert '"' not in body
    assert body.count("\r\n") == len(rows) + 1 and "\n" not in body.replace("\r\n", "")


@given(st.text())
def test_words_of_people_are_refused(words: str) -> None:
    """Letters, digits and the signs of an address pass; a space, comma, quote or sign does not."""
    code = words[:1].isascii() and words[:1].isalnum()
    code = code and all(c.isascii() and (c.isalnum() or c in "._:/%~-") for c in words)
    if code:
        assert written(["a"], [[words]]) == f"a\r\n{words}\r\n".encode()
    else:
        with pytest.raises(tables.NoCode):
            written(["a"], [[words]])


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+32", "-5", "@sum", "a,b", 'a"b', "a\nb", "code\n", "", " a", "é", -1, True, 1.5,
     datetime(2026, 5, 12, 16, 20)],
)  # fmt: skip
def test_these_may_not_come_in(cell: object) -> None:
    with pytest.raises(tables.NoCode):
        written(["a"], [[cell]])  # type: ignore[list-item]


def test_a_row_has_as_many_cells_as_there_are_columns() -> None:
    with pytest.raises(tables.NoCode):
        written(["a", "b"], [[1]])


def test_a_long_table_comes_in_pieces() -> None:
    rows: list[list[tables.Cell]] = [[n] for n in range(tables.ROWS_A_CHUNK * 3 + 1)]
    pieces = list(tables.chunks(["n"], rows))
    assert len(pieces) == 1 + 4
    assert b"".join(pieces).count(b"\r\n") == len(rows) + 1


# --- names of a list ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Braine-l’Alleud", "Braine-l’Alleud"),
        ("’s-Gravenhage", "’s-Gravenhage"),
        ("Écaussinnes", "Écaussinnes"),
        ("Bergen (Mons), Henegouwen", '"Bergen (Mons), Henegouwen"'),
        ('De "Bilt"', '"De ""Bilt"""'),
    ],
)
def test_a_name_of_a_list_is_quoted_where_it_has_to_be(name: str, line: str) -> None:
    body = written(["a", "b"], [[tables.Name(name), 1]])
    assert body.decode("utf-8") == f"a,b\r\n{line},1\r\n"
    assert list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))[1][0] == name


@given(st.text())
def test_no_name_can_be_a_formula_or_a_second_line(words: str) -> None:
    try:
        body = written(["a"], [[tables.Name(words)]]).decode("utf-8")
    except tables.NoCode:
        return
    assert body.count("\r\n") == 2 and len(body.splitlines()) == 2
    [cell] = list(csv.reader(io.StringIO(body, newline=""), strict=True))[1]
    assert cell == words and not cell.startswith(tuple(DANGEROUS)) and cell[:1].strip() == cell[:1]


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+Antwerpen", "-Antwerpen", "@Antwerpen", "\tAntwerpen", "\rAntwerpen", " Antwerpen",
     "Ant\nwerpen", "Ant\u2028werpen", "’=1", "", "2060"],
)  # fmt: skip
def test_a_name_that_could_be_more_than_a_name_is_refused(name: str) -> None:
    with pytest.raises(tables.NoCode):
        written(["a"], [[tables.Name(name)]])


def test_words_that_nobody_called_a_name_are_still_refused() -> None:
    with pytest.raises(tables.NoCode):
        written(["a"], [["Braine-l’Alleud"]])
