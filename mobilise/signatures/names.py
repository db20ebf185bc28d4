"""Names on a page: only of those who asked for it, by alphabet, in no file and no search engine."""

from itertools import pairwise

from starlette.requests import Request
from starlette.responses import Response

from mobilise import db, i18n, web
from mobilise.errors import NotFound
from mobilise.petitions import reading

A_PAGE = 200
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER = "#"  # names that begin with no Latin letter
_ENDS = {letter: after.lower() for letter, after in pairwise(ALPHABET)} | {"Z": "{"}


async def names(request: Request) -> Response:
    """One letter of the list: `?letter=A&page=2`. Nobody without a name there is told of."""
    database = web.database(request)
    petition = await reading.public(database, request.path_params["slug"], i18n.language())
    letters = await initials(database, petition.id)
    letter = request.query_params.get("letter", letters[0] if letters else "A")
    page = request.query_params.get("page", "1")
    if letter not in (*ALPHABET, OTHER) or not (
        page.isascii() and page.isdigit() and len(page) < 5
    ):
        raise NotFound()
    found = await beginning(database, petition.id, letter, int(page) or 1)
    answer = web.render(
        request, "signatures/names.html", public=not request.query_params, petition=petition,
        letters=letters, letter=letter, page=int(page) or 1, names=found[:A_PAGE],
        more=len(found) > A_PAGE,
    )  # fmt: skip
    answer.headers["x-robots-tag"] = "noindex"
    return answer


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
