"""Petitions that look alike, for who is about to write one: they share words of their titles."""

import re
from dataclasses import dataclass

from mobilise import db, prose
from mobilise.petitions import reading
from mobilise.petitions.queries import COLUMNS, HIDDEN, SOURCE
from mobilise.petitions.reading import Petition

MOST = 5
MOST_WORDS = 12
SHORTEST = 4  # letters; "the", "een" and "les" say nothing
_WORD = re.compile(r"[^\W_]+")
_SAY_NOTHING = re.compile(
    r"voor|naar|door|onze|maak|maken|geen|meer|laat|deze|over|tegen|niet|onder|petitie"
    r"|pour|dans|avec|sans|notre|nous|plus|faire|faites|petition|contre|leur|cette|mais"
    r"|eine|einen|einem|einer|fuer|unser|unsere|machen|macht|mehr|nicht|gegen|ueber|dass"
    r"|with|from|this|that|make|more|into|your|have|should|must|stop|save|please|their"
)


@dataclass(frozen=True)
class Alike(Petition):
    """A petition with its count."""

    confirmed: int


def stems(title: str) -> list[str]:
    """The beginnings of the words that say something: tree and trees, Baum and Baumes are one."""
    words = [word for word in _WORD.findall(prose.folded(title)) if len(word) >= SHORTEST]
    telling = [word for word in words if not _SAY_NOTHING.fullmatch(word)]
    return list(dict.fromkeys(word[: max(SHORTEST, len(word) - 2)] for word in telling))[
        :MOST_WORDS
    ]


async def alike(database: db.Database, title: str, language: str) -> list[Alike]:
    """Public petitions of which two words occur in this title, or all when it has but one."""
    beginnings = stems(title)
    if not beginnings:
        return []
    found = await db.rows(
        database,
        f"""
        with shared as materialized (
          select said.petition_id, count(distinct word) as words
          from unnest(:words::text[]) word
          join petition_texts said on
            to_tsvector('simple'::regconfig, folded(said.title)) @@ to_tsquery('simple', word)
          group by said.petition_id
          having count(distinct word) >= :least
          order by words desc, said.petition_id desc limit 200
        )
        select {COLUMNS}, counted.confirmed
        from {SOURCE} join shared on shared.petition_id = petitions.id
        cross join lateral (
          select coalesce(sum(online + paper), 0)::bigint as confirmed
          from tallies where tallies.petition_id = petitions.id) counted
        where petitions.state = any(:public::text[]) and not {HIDDEN}
        order by shared.words desc, petitions.state <> 'open', counted.confirmed desc,
                 petitions.id desc
        limit :most
        """,
        words=[f"'{each}':*" for each in beginnings],
        least=min(2, len(beginnings)),
        public=list(reading.PUBLIC),
        language=language,
        most=MOST,
    )
    return [Alike.of(row, confirmed=row["confirmed"]) for row in found]
