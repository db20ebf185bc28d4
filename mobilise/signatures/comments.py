"""Why people sign, in their own words: shown when the group let them through.

A comment belongs to a counted signature: taken back, disowned or erased, it is gone from every
page with it. Whoever corrects the words, or the name above them, waits for the group again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from mobilise import db
from mobilise.audit import trail
from mobilise.errors import N_, NotFound, NotNow
from mobilise.petitions.reading import Petition

Verdict = Literal["shown", "aside", "waiting"]
VERDICTS: tuple[Verdict, ...] = ("waiting", "shown", "aside")
A_PAGE = 50
MOST_COUNTED = 1000
CHANGED = N_("These words were changed or taken back a moment ago. Read the list again.")
_WHICH = {
    "waiting": "comment <> '' and comment_shown_at is null and comment_aside_at is null",
    "shown": "comment_shown_at is not null and comment_aside_at is null",
    "aside": "comment_aside_at is not null and comment_shown_at is null",
}
_ORDER = {
    "waiting": "petition_id, id",
    "shown": "petition_id desc, comment_shown_at desc, id desc",
    "aside": "petition_id desc, comment_aside_at desc, id desc",
}
# What somebody read: other words, or another name above them, were not read yet.
_SEEN = "md5(comment || chr(10) || case when public_name then name else '' end)"


@dataclass(frozen=True)
class Comment:
    """`name`: only of who asked that it is shown. `seen`: which words these are."""

    id: int
    words: str
    name: str | None
    language: str
    signed_at: datetime
    seen: str

    @classmethod
    def of(cls, row: db.Record) -> Self:
        return cls(**row)

    @property
    def first_name(self) -> str | None:
        return self.name.split()[0] if self.name else None


async def listed(
    database: db.Database, petition_id: int, which: Verdict, page: int = 1, most: int = A_PAGE
) -> list[Comment]:
    """One page, and one more when there is a next page: those that wait, oldest first; the others
    by when that was decided, newest first."""
    found = await db.rows(
        database,
        f"""
        select id, comment as words, case when public_name then name end as name, language,
          confirmed_at as signed_at, {_SEEN} as seen
        from signatures
        where petition_id = :petition_id and state = 'confirmed' and {_WHICH[which]}
        order by {_ORDER[which]} limit :most offset :before
        """,
        petition_id=petition_id,
        most=most + 1,
        before=(page - 1) * most,
    )
    return [Comment.of(row) for row in found]


async def newest(database: db.Database, petition_id: int, most: int) -> tuple[list[Comment], bool]:
    """The last few that were let through, and whether there are more."""
    found = await listed(database, petition_id, "shown", most=most)
    return found[:most], len(found) > most


async def totals(database: db.Database, petition_id: int) -> dict[str, int]:
    """How many wait, are shown, are put aside; each up to a thousand."""
    counted = ", ".join(
        f"""(select count(*)::int from (select from signatures
              where petition_id = :petition_id and state = 'confirmed' and {where}
              limit {MOST_COUNTED}) counted) as {which}"""
        for which, where in _WHICH.items()
    )
    return dict(await db.one(database, f"select {counted}", petition_id=petition_id))


async def waiting(database: db.Database, petition_id: int) -> int:
    """How many the group has not read yet, up to a thousand: for its desk."""
    return (await totals(database, petition_id))["waiting"]


async def judge(
    database: db.Database,
    petition: Petition,
    person_id: int,
    signature_id: int,
    verdict: Verdict,
    seen: str,
) -> None:
    """Lets the words through, puts them aside, or undoes either. `seen`: the words that were
    read; NotNow when they are others by now."""
    async with db.tx(database):
        done = await db.value(
            database,
            f"""
            update signatures set
              comment_shown_at = case :verdict::text when 'shown'
                then coalesce(comment_shown_at, now()) end,
              comment_aside_at = case :verdict::text when 'aside'
                then coalesce(comment_aside_at, now()) end
            where petition_id = :petition_id and id = :signature_id and state = 'confirmed'
              and comment <> '' and {_SEEN} = :seen
            returning id
            """,
            petition_id=petition.id,
            signature_id=signature_id,
            verdict=verdict,
            seen=seen,
        )
        if done is None:
            raise NotNow(CHANGED)
        await trail.write(
            database,
            f"comment.{verdict}",
            person_id=person_id,
            petition_id=petition.id,
            signature_id=signature_id,
        )


def verdict_of(word: str) -> Verdict:
    """NotFound for any other word."""
    for verdict in VERDICTS:
        if word == verdict:
            return verdict
    raise NotFound()
