"""Names on a page: only of those who asked for it, by alphabet, in no file and no search engine."""

from itertools import pairwise

from mobilise import db

A_PAGE = 200
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER = "#"  # names that begin with no Latin letter
_ENDS = {letter: after.lower() for letter, after in pairwise(ALPHABET)} | {"Z": "{"}


async def initials(database: db.Database, petition_id: int) -> list[str]:
    """The letters that a name on the list begins with; one look into the index for each."""
    spans = {letter: _span(letter) for letter in ALPHABET}
    found = await db.rows(
        database,
        """
        select letter from unnest(:letters::text[], :starts::text[], :ends::text[])
          with ordinality as span (letter, starts, ends, place)
        where exists (
          select from signatures where petition_id = :petition_id and public_name
            and state = 'confirmed' and name_key collate "C" >= starts
            and name_key collate "C" < ends)
        order by place
        """,
        petition_id=petition_id,
        letters=list(spans),
        starts=[start for start, _ in spans.values()],
        ends=[end for _, end in spans.values()],
    )
    letters = [row["letter"] for row in found]
    return [*letters, OTHER] if await beginning(database, petition_id, OTHER, 1) else letters


async def beginning(database: db.Database, petition_id: int, letter: str, page: int) -> list[str]:
    """One page of names, and one more when there is a next page."""
    starts, ends = _span(letter)
    found = await db.rows(
        database,
        """
        select name from signatures
        where petition_id = :petition_id and public_name and state = 'confirmed'
          and (name_key collate "C" >= :starts and name_key collate "C" < :ends) = :inside
        order by name_key collate "C", id
        limit :most offset :before
        """,
        petition_id=petition_id,
        starts=starts,
        ends=ends,
        inside=letter != OTHER,
        most=A_PAGE + 1,
        before=(page - 1) * A_PAGE,
    )
    return [row["name"] for row in found]


def _span(letter: str) -> tuple[str, str]:
    """From "a" up to "b"; for the others, everything outside "a" to "z"."""
    return ("a", "{") if letter == OTHER else (letter.lower(), _ENDS[letter])
