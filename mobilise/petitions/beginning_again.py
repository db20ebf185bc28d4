"""A petition that was rejected begins again, as a new draft with the same words."""

import secrets

from mobilise import db, prose
from mobilise.audit import trail
from mobilise.errors import N_, NotNow
from mobilise.petitions import draft_queries
from mobilise.petitions.reading import Petition
from mobilise.petitions.starting import CODE_LENGTH, CODE_LETTERS

NOT_REJECTED = N_("Only a rejected petition can be started again.")


async def begin_again(database: db.Database, petition: Petition, person_id: int) -> str:
    """A draft of the same group with texts, picture and rules for who may sign; its slug.

    The rejected one stays where it is, with the reason.
    """
    if petition.state != "rejected":
        raise NotNow(NOT_REJECTED)
    async with db.tx(database):
        made = None
        while made is None:  # None: somebody took the slug or the code at the same moment
            code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
            made = await draft_queries.copy(
                database, petition.id, person_id, prose.slug(petition.title), code
            )
        await trail.write(
            database,
            "petition.started",
            person_id=person_id,
            petition_id=made["id"],
            again=petition.id,
        )
    return str(made["slug"])
