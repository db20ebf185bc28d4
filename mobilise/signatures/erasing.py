"""Erase me: at once, and the count stays exact.

The row gives up everything that was filled in. What stays says that somebody signed and took it
back, as the events have it; a test compares the whole row with the list of what may stay.
"""

import random

from mobilise import db
from mobilise.audit import trail
from mobilise.mail import traces
from mobilise.signatures import counts, mine_queries, queries
from mobilise.signatures.counting import PARTS
from mobilise.tokens import Tokens


async def erase(
    database: db.Database, tokens: Tokens, petition_id: int, signature_id: int, version: int
) -> bool:
    """False when nothing is left to erase, or the link is an older one's."""
    async with db.tx(database):
        row = await queries.signature(database, petition_id, signature_id)
        if row is None or row["token_version"] != version or not row["email"]:
            return False
        await queries.take_back(
            database,
            petition_id=petition_id,
            signature_id=signature_id,
            version=version,
            state="withdrawn",
            reason=None,
            part=random.randrange(PARTS),
        )
        key = f"withdrawn {signature_id}"
        if row["state"] == "disowned":  # what keeps us silent stays
            key = f"disowned {tokens.recipient(row['email_key']).hex()}"
        if not await counts.erase(database, [(petition_id, signature_id, key)]):
            return False
        await traces.forget_letters(database, petition_id, signature_id=signature_id)
        for change in await mine_queries.address_changes(database, petition_id, signature_id):
            await traces.forget_letters(
                database, petition_id, about=change["id"], kinds=("new_address",)
            )
        await mine_queries.forget_traces(database, petition_id, signature_id)
        if not await mine_queries.somebody_wants_news(database, petition_id, row["email_key"]):
            await traces.forget_subscription(database, petition_id, row["email_key"])
        await trail.write(database, "signature.erased", petition_id=petition_id)
        return True
