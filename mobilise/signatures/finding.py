"""Find my signature: a letter to the address that was typed lists what was signed with it.

Whoever asks learns nothing: what is done here is the same for every address. The letter finds
out, when it is written, whether there is anything to tell; if not, it never leaves.
"""

from mobilise import addresses, db, limits
from mobilise.mail import outbox
from mobilise.tokens import Tokens


async def find(database: db.Database, tokens: Tokens, address: addresses.Address) -> None:
    """At most three letters a day to one mailbox."""
    recipient = tokens.recipient(address.key)
    async with db.tx(database):
        if await limits.take(database, limits.FIND_ADDRESS, recipient):
            await outbox.add(database, "my_signatures", recipient=recipient)
