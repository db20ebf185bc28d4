"""Groups: who is in them, and which one a new petition belongs to."""

import secrets

from mobilise import db, prose
from mobilise.accounts import queries


async def own(database: db.Database, person_id: int, name: str) -> int:
    """The group of that name which this person owns; a new one when there is none.

    Inside the caller's transaction: two petitions begun at once share one new group.
    """
    await queries.lock_person(database, person_id)
    found = await queries.owned_group(database, person_id, name)
    if found is not None:
        return found
    group_id = None
    while group_id is None:  # None: somebody took the slug between reading and writing
        code = secrets.token_hex(4)
        group_id = await queries.add_group(database, prose.slug(name), code, name)
    await queries.add_member(database, group_id, person_id, "owner")
    return group_id
