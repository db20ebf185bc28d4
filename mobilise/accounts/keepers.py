"""Keepers of this instance: made and unmade on the command line, never on a page."""

from mobilise import db
from mobilise.accounts import entering, keeper_queries, queries
from mobilise.addresses import Address
from mobilise.audit import trail
from mobilise.errors import NotFound
from mobilise.tokens import Tokens

DESK = "/keep"


async def make(
    database: db.Database, tokens: Tokens, address: Address, name: str, language: str
) -> str:
    """Makes a keeper, with an account when there is none; the token of a log-in link, which
    leads to the keeper's desk."""
    async with db.tx(database):
        await queries.add_person(database, name, address.sent, address.key, language)
        person_id = await keeper_queries.set_keeper(database, address.key, keeper=True)
        login_id, nonce = await entering.invite(database, address, language, to=DESK)
        await trail.write(database, "keeper.made", person_id=person_id)
    return tokens.login(login_id, nonce)


async def unmake(database: db.Database, address: Address) -> None:
    """Somebody keeps this instance no longer; raises NotFound when there is no such account."""
    async with db.tx(database):
        person_id = await keeper_queries.set_keeper(database, address.key, keeper=False)
        if person_id is None:
            raise NotFound()
        await trail.write(database, "keeper.unmade", person_id=person_id)
