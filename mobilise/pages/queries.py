"""What several rooms show together, read at once. Nothing is written here."""

from dataclasses import dataclass

from mobilise.petitions.reading import Petition

CONFIRMED = """
    cross join lateral (
        select coalesce(sum(online + paper), 0)::bigint as confirmed
        from tallies where tallies.petition_id = petitions.id
    ) counted
"""


@dataclass(frozen=True)
class Listed(Petition):
    """A petition with its count."""

    confirmed: int
