"""What exceeds a bucket is held, silently, and goes on by itself when the bucket refills."""

from datetime import UTC, datetime

import httpx
import pytest

from mobilise import db as database_module
from mobilise import limits
from mobilise.db import Database
from mobilise.jobs import Workplace
from mobilise.petitions.reading import Petition
from mobilise.settings import Settings
from mobilise.signatures import counts, jobs
from mobilise.signatures.submitting import UNANSWERED_A_DAY
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post
from tests.signatures.conftest import sign


@pytest.fixture
def place(db: Database, store: Store, settings: Settings, tokens: Tokens) -> Workplace:
    return Workplace(db, store, settings, tokens)


async def states(db: Database) -> dict[str, int]:
    found = await database_module.rows(db, "select state, count(*) from signatures group by 1")
    return {row["state"]: row["count"] for row in found}


async def test_one_network_at_once_is_held_and_later_released_oldest_first(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post, place: Workplace
) -> None:
    too_many = limits.SIGN.capacity + 3
    for number in range(too_many):
        answer = await sign(client, petition, email=f"signer{number}@post.example")
        assert answer.status_code == 303, "the same answer for everybody"
    assert await states(db) == {"pending": limits.SIGN.capacity, "held": 3}
    assert len(await post.deliver()) == limits.SIGN.capacity

    assert await jobs.release_held(place) == 0, "the bucket is still empty"
    await database_module.run(db, "update buckets set at = at - interval '61 seconds'")
    assert await jobs.release_held(place) == 2

    released = [letter.to for letter in await post.deliver()]
    first = limits.SIGN.capacity
    assert released == [f"signer{first}@post.example", f"signer{first + 1}@post.example"]
    await database_module.run(db, "update buckets set at = at - interval '1 hour'")
    assert await jobs.release_held(place) == 1


async def test_who_may_not_be_written_to_uses_up_nobodys_turn(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post, place: Workplace
) -> None:
    """Charlie knows addresses that want no mail; whoever shares his network waits no longer."""
    for number in range(limits.SIGN.capacity + 3):
        await sign(client, petition, email=f"signer{number}@post.example")
    for number in range(2):
        silent = place.tokens.recipient(f"signer{limits.SIGN.capacity + number}@post.example")
        sql = "insert into suppressions (recipient, reason) values (:silent, 'asked')"
        await database_module.run(db, sql, silent=silent)
    await database_module.run(db, "update buckets set at = at - interval '31 seconds'")
    assert await jobs.release_held(place) == 1, "one has dripped in, for the third"


async def test_who_said_not_me_is_not_written_to_by_a_held_one(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post, place: Workplace
) -> None:
    await make.signature(db, petition, state="disowned", name="Bert", email="done@post.example")
    await make.signature(
        db, petition, state="held", name="Charlie", email="done@post.example", seat=2
    )
    assert await jobs.release_held(place) == 0


async def test_a_marked_one_is_not_released_by_time(
    db: Database, petition: Petition, place: Workplace
) -> None:
    await make.signature(db, petition, state="held", marked=True)
    assert await jobs.release_held(place) == 0
    assert await states(db) == {"held": 1}


async def test_a_flood_from_one_network_does_not_hold_up_another(
    db: Database, tokens: Tokens, petition: Petition
) -> None:
    for number in range(6):
        await make.attempt(
            db, tokens, petition, name=f"Flood {number}", email=f"f{number}@x.example"
        )
    await make.attempt(db, tokens, petition, email="suzie@post.example", network="10.1.1.0/24")
    await database_module.run(db, "update signatures set state = 'held'")
    found = [row["email_key"] for row in await counts.held_networks(db, 3)]
    assert found == ["f0@x.example", "suzie@post.example", "f1@x.example"]


async def test_three_unanswered_letters_a_day_over_all_petitions(
    db: Database, tokens: Tokens, post: Post, place: Workplace
) -> None:
    for _ in range(UNANSWERED_A_DAY + 2):
        await make.attempt(db, tokens, await make.petition(db), email="victim@post.example")
    assert len(await post.deliver()) == UNANSWERED_A_DAY
    assert await states(db) == {"pending": UNANSWERED_A_DAY, "held": 2}
    assert await jobs.release_held(place) == 0
    await database_module.run(db, "update letters set created_at = now() - interval '25 hours'")
    assert await jobs.release_held(place) == 2


async def test_an_answered_letter_does_not_use_up_the_day(
    db: Database, tokens: Tokens, post: Post
) -> None:
    for _ in range(UNANSWERED_A_DAY + 2):
        await make.attempt(db, tokens, await make.petition(db), email="busy@post.example")
        await post.deliver()
        await database_module.run(db, "update signatures set state = 'confirmed'")
    assert len(post.letters) == UNANSWERED_A_DAY + 2


async def test_networks_are_hashed_with_another_key_every_day(
    client: httpx.AsyncClient, db: Database, petition: Petition, tokens: Tokens
) -> None:
    await sign(client, petition)
    kept = await database_module.value(db, "select network from attempts")
    today = datetime.now(UTC).date().isoformat()
    assert len(kept) == 16 and b"127.0" not in kept
    assert tokens.network("127.0.0.0/24", today) != tokens.network("127.0.0.0/24", "2020-01-01")


async def test_a_bucket_gives_what_it_holds_and_refills(db: Database) -> None:
    bucket = limits.Bucket("test", capacity=3, minutes=1)
    assert [await limits.take(db, bucket, b"a") for _ in range(5)] == [True] * 3 + [False] * 2
    assert await limits.take(db, bucket, b"b"), "one bucket a name"
    await database_module.run(db, "update buckets set at = at - interval '20 seconds'")
    assert await limits.take(db, bucket, b"a")
    assert not await limits.take(db, bucket, b"a")
    await database_module.run(db, "update buckets set at = at - interval '9 hours'")
    assert [await limits.take(db, bucket, b"a") for _ in range(4)] == [True] * 3 + [False]


async def test_a_proxy_is_believed_only_when_it_is_ours(settings: Settings) -> None:
    from mobilise.visitors import Visitor

    async def seen(trusted: str, peer: str, forwarded: str) -> str:
        scope = {
            "type": "http", "path": "/", "client": (peer, 1),
            "headers": [(b"x-forwarded-for", line.encode()) for line in forwarded.split("\n")],
        }  # fmt: skip

        async def app(scope: object, receive: object, send: object) -> None: ...

        changed = settings.model_copy(update={"trusted_proxies": trusted})
        await Visitor(app, changed)(scope, None, None)  # type: ignore[arg-type]
        return str(scope["mobilise.network"])

    assert await seen("", "10.0.0.1", "203.0.113.9") == "10.0.0.0/24"
    assert await seen("10.0.0.0/8", "10.0.0.1", "203.0.113.9") == "203.0.113.0/24"
    assert await seen("10.0.0.0/8", "10.0.0.1", "198.51.100.7, 203.0.113.9") == "203.0.113.0/24"
    assert await seen("10.0.0.0/8", "192.0.2.7", "203.0.113.9") == "192.0.2.0/24"
    assert await seen("10.0.0.0/8", "10.0.0.1", "203.0.113.9, 10.9.9.9") == "203.0.113.0/24"
    assert await seen("10.0.0.0/8", "10.0.0.1", "2001:db8:1:2::3") == "2001:db8:1::/48"
    assert await seen("10.0.0.0/8", "10.0.0.1", "nonsense") == "unknown"
    # Some proxies add a line of their own under the stranger's, or the port.
    assert await seen("10.0.0.0/8", "10.0.0.1", "198.51.100.7\n203.0.113.9") == "203.0.113.0/24"
    assert await seen("10.0.0.0/8", "10.0.0.1", "203.0.113.9:4711") == "203.0.113.0/24"
    assert await seen("10.0.0.0/8", "10.0.0.1", "[2001:db8:1:2::3]:4711") == "2001:db8:1::/48"
