"""A petition begins: a draft in a group, with the account of whoever wrote it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mobilise import db, prose
from mobilise.accounts import entering, groups
from mobilise.audit import trail
from mobilise.petitions import queries

CODE_LETTERS = "bcdfghjkmnpqrstvwxz"  # none that look alike, and no vowels to make words with
CODE_LENGTH = 6


async def start(
    database: db.Database, person_id: int, language: str, draft: Mapping[str, Any]
) -> str:
    """A draft of this person's group; the group is made when she owns none of that name.

    `draft`: title, addressee, why (Markdown), goal (or None), group. The answer is the slug.
    """
    async with db.tx(database):
        group_id = await groups.own(database, person_id, draft["group"])
        made = None
        while made is None:  # None: somebody took the slug or the code at the same moment
            made = await queries.add_petition(
                database,
                slug=prose.slug(draft["title"]),
                code="".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
                group_id=group_id,
                person_id=person_id,
                language=language,
                goal=draft["goal"],
                title=draft["title"],
                addressee=draft["addressee"],
                body=draft["why"],
            )
        await trail.write(database, "petition.started", person_id=person_id, petition_id=made["id"])
    return str(made["slug"])


@dataclass(frozen=True)
class Begun:
    person_id: int
    slug: str


async def begin(database: db.Database, login_id: int) -> Begun | None:
    """What the link of a start letter does, once: person, group and draft in one transaction."""
    async with db.tx(database):
        return await _begun(database, await entering.claim(database, login_id, "start"))


async def begin_by_code(
    database: db.Database, browser: bytes, matching: int | None
) -> Begun | None:
    async with db.tx(database):
        claimed = await entering.claim_code(database, browser, "start", matching)
        return await _begun(database, claimed)


async def _begun(database: db.Database, claimed: db.Record | None) -> Begun | None:
    if claimed is None:
        return None
    draft = claimed["draft"]
    person_id = await entering.welcome(database, claimed, new_name=draft["name"])
    if person_id is None:
        return None
    return Begun(person_id, await start(database, person_id, claimed["language"], draft))
