"""Token buckets in PostgreSQL, one statement each, shared by all workers.

The table is unlogged: after a crash every bucket is full again, and taking from one never
waits for the disk. Never one bucket a petition: that row would be the hottest of all.
"""

from dataclasses import dataclass

from mobilise import db


@dataclass(frozen=True)
class Bucket:
    name: str
    capacity: int
    minutes: float  # until an empty bucket is full again


SIGN = Bucket("sign", capacity=20, minutes=10)  # a stall at the street fair, a school
LETTER_AGAIN = Bucket("again", capacity=10, minutes=10)
LOGIN = Bucket("login", capacity=20, minutes=60)
LOGIN_ADDRESS = Bucket("login-address", capacity=5, minutes=60)
# Apart from the other: whoever starts petitions in her name keeps nobody from logging in. And
# fewer: log-in letters go to people with an account alone, these to anybody.
START_ADDRESS = Bucket("start-address", capacity=5, minutes=24 * 60)
START = Bucket("start", capacity=10, minutes=60)
PICTURE = Bucket("picture", capacity=40, minutes=60)  # sent by one network
ARCHIVE = Bucket("archive", capacity=20, minutes=60)  # whole dossiers sent to one network
ENLARGE = Bucket("enlarge", capacity=240, minutes=10)  # rows of squares drawn for one network
DRAFT = Bucket("draft", capacity=30, minutes=60)  # begun by one network
LOGIN_CODE = Bucket("login-code", capacity=20, minutes=24 * 60)  # tries for one account
INVITE = Bucket("invite", capacity=20, minutes=24 * 60)  # by one group, and by one person
INVITE_ADDRESS = Bucket("invite-address", capacity=3, minutes=24 * 60)
NEW_ADDRESS = Bucket("new-address", capacity=5, minutes=24 * 60)  # of one account
NEW_GROUP = Bucket("new-group", capacity=10, minutes=24 * 60)  # by one person
CONTACT = Bucket("contact", capacity=5, minutes=60)
REPORT = Bucket("report", capacity=5, minutes=60)
REPORT_ADDRESS = Bucket("report-address", capacity=5, minutes=24 * 60)  # answers to one mailbox
# To addresses that somebody typed: by network, and by the mailbox that would get the letter.
FIND = Bucket("find", capacity=10, minutes=60)
FIND_ADDRESS = Bucket("find-address", capacity=3, minutes=24 * 60)
MOVE = Bucket("move", capacity=5, minutes=60)
MOVE_ADDRESS = Bucket("move-address", capacity=3, minutes=24 * 60)
ASK = Bucket("ask", capacity=5, minutes=60)
ASK_ADDRESS = Bucket("ask-address", capacity=3, minutes=24 * 60)
PREVIEW = Bucket("preview", capacity=200, minutes=5)  # one a pause in typing


async def take(database: db.Database, bucket: Bucket, who: bytes) -> bool:
    """Takes one from the bucket of `who` (a keyed hash); False when it is empty."""
    taken = await db.value(
        database,
        _TAKE,
        key=bucket.name.encode() + b":" + who,
        capacity=bucket.capacity,
        rate=bucket.capacity / (bucket.minutes * 60),
    )
    return taken is not None


# What the bucket holds by now: what it held, and what has dripped in since.
_HOLDS = """least(:capacity::float8, bucket.tokens
    + greatest(0, extract(epoch from clock_timestamp() - bucket.at)) * :rate::float8)"""

# No row comes back when it is empty: the update's condition fails, nothing changes.
_TAKE = f"""
    insert into buckets as bucket (key, tokens, at)
    values (:key, :capacity::float8 - 1, clock_timestamp())
    on conflict (key) do update set tokens = {_HOLDS} - 1, at = clock_timestamp()
    where {_HOLDS} >= 1
    returning true
"""


async def forget_full(database: db.Database) -> int:
    """Removes buckets that nobody touched for a day: they are full again anyway."""
    return await db.run(database, "delete from buckets where at < now() - interval '1 day'")
