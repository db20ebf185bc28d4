"""Who may sign: where one lives, and from which age. The age itself is never asked.

Fixed with the text, from the first signature on. The statement that signs holds to it too.
"""

from collections.abc import Sequence

from mobilise import db
from mobilise.audit import trail
from mobilise.errors import N_, ChangedMeanwhile, NotNow, Refusal
from mobilise.petitions import postcodes, text_queries, texts
from mobilise.petitions.reading import Petition

OLD_ENOUGH = N_("I am %(age)s or older")
FIXED = N_("Somebody has signed under this rule.")


class NotEligible(Refusal):
    """Who lives elsewhere, or does not say to be old enough. `field`: where the form says so."""

    status = 422
    heading = N_("You cannot sign this petition")

    def __init__(self, field: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


def against(petition: Petition, country: str, postcode: str, of_age: bool) -> list[NotEligible]:
    """What keeps this person from signing; nothing for who may."""
    found = []
    if not postcodes.within(petition.postcodes, country, postcode):
        found.append(
            NotEligible(
                "postcode",
                N_("This petition is for people in %(places)s. You can read and share it."),
                places=postcodes.said(petition.postcodes, postcodes.SHOWN),
            )
        )
    if petition.minimum_age and not of_age:
        found.append(
            NotEligible(
                "of_age",
                N_("Tick this if you are %(age)s or older. Only then can you sign."),
                age=petition.minimum_age,
            )
        )
    return found


async def decide(
    database: db.Database,
    petition: Petition,
    person_id: int,
    places: Sequence[str],
    minimum_age: int | None,
    *,
    seen: str,
) -> None:
    """Another rule, until somebody signed. `seen`: `mark` of the rule that this one replaces."""
    async with db.tx(database):
        before = await text_queries.rule_to_change(database, petition.id)
        if before is None:
            raise NotNow(texts.why_not_editable(petition) or FIXED)
        if seen != mark(before["postcodes"], before["minimum_age"]):
            raise ChangedMeanwhile()
        await text_queries.set_rule(database, petition.id, list(places), minimum_age)
        await trail.write(
            database,
            "petition.who_may_sign",
            person_id=person_id,
            petition_id=petition.id,
            postcodes=list(places),
            minimum_age=minimum_age,
        )


def mark(places: Sequence[str], minimum_age: int | None) -> str:
    """What tells one rule from another."""
    return f"{minimum_age or ''}|{','.join(places)}"
