"""The postman: claims letters, writes them, hands them over, and tells the outbox what came of it.

It may be killed at any moment. A letter is settled only after the mail server took it; a claim
that nobody settles ends by itself. So nothing is lost, and nothing is sent twice knowingly: the
few letters that were taken just before the kill go again with the same Message-ID. Whoever asks
it to stop waits for one letter, and what it has not begun is free for the next postman.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import islice

from mobilise import db, templating
from mobilise.mail import group_letters, group_queries, outbox, queries, streams
from mobilise.mail.letters import LETTERS
from mobilise.mail.relay import LETTERS_A_CONNECTION, Fault, Way, way_out
from mobilise.mail.writing import Letter, Writer
from mobilise.settings import Settings
from mobilise.tokens import Tokens

log = logging.getLogger("mobilise.postman")
CONNECTIONS = 4
SECONDS_A_ROUND = 180.0  # then its claims are still good for the letter under way, however slow
SETTLED_TOGETHER = 20
REFUSED_IN_A_ROW = 3  # by 5.7.x, and none taken: it is us that the relay does not want
SECONDS_BETWEEN_LOOKS = 0.5
WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]
PAUSE = timedelta(minutes=5)
Written = tuple[db.Record, Letter]


async def run(
    database: db.Database, settings: Settings, tokens: Tokens, stop: asyncio.Event
) -> None:
    """Delivers until `stop` is set; a lost database or mail server is waited for."""
    writer = Writer(settings, tokens, templating.environment(), LETTERS)
    while not stop.is_set():
        delivered = 0
        try:
            delivered = await deliver_batch(database, settings, writer, stop)
        except db.LOST as error:
            log.warning("the database is away, letters wait: %s", error)
        except Exception:
            log.exception("a batch of letters failed; they are tried again")
        if not delivered:
            await _sleep(stop, SECONDS_BETWEEN_LOOKS)


async def deliver_batch(
    database: db.Database, settings: Settings, writer: Writer, stop: asyncio.Event
) -> int:
    """One round: claims, writes and sends up to a few hundred letters over a few connections.

    Without a mail server letters wait, but for a development run, where a folder takes them.
    """
    if not (settings.smtp_url or settings.dev_mail) or await streams.paused(database):
        return 0
    until = time.monotonic() + SECONDS_A_ROUND
    claimed = await outbox.claim(database, CONNECTIONS * LETTERS_A_CONNECTION)
    if not claimed:
        return 0
    written, unwanted = [], []
    for row in await _contents(database, claimed):
        letter = _written(writer, row)
        if letter is None:
            unwanted.append(row)
        else:
            written.append((row, letter))
    if unwanted:
        await outbox.settle(database, unwanted, "dropped")

    def may_go_on() -> bool:
        return time.monotonic() < until and not stop.is_set()

    # Each connection ends its own letters before a fault of another one is told.
    rounds = await asyncio.gather(
        *(_deliver(database, settings, bundle, may_go_on) for bundle in _bundles(written)),
        return_exceptions=True,
    )
    for fault in rounds:
        if isinstance(fault, BaseException):
            raise fault
    return sum(each for each in rounds if isinstance(each, int))


async def _contents(database: db.Database, claimed: list[db.Record]) -> list[db.Record]:
    """Signers and groups are read from different tables; most rounds have letters of one sort."""
    to_group = [row for row in claimed if row["kind"] in group_letters.LETTERS]
    others = [row for row in claimed if row["kind"] not in group_letters.LETTERS]
    rows = await queries.contents(database, others) if others else []
    return rows + (await group_queries.contents(database, to_group) if to_group else [])


def _written(writer: Writer, row: db.Record) -> Letter | None:
    if row["too_old"]:
        return None
    try:
        return writer.write(row)
    except Exception:
        # A letter that cannot be written must not stop the others. It is in the log.
        log.exception("letter %s.%s of kind %s", row["petition_id"], row["id"], row["kind"])
        return None


def _bundles(written: list[Written]) -> list[list[Written]]:
    """Shared out over the connections; few letters need only one."""
    share = max(10, -(-len(written) // CONNECTIONS))
    rest = iter(written)
    return list(iter(lambda: list(islice(rest, share)), []))


async def _deliver(
    database: db.Database,
    settings: Settings,
    bundle: list[Written],
    may_go_on: Callable[[], bool],
) -> int:
    """One connection's letters, in order. A fault of the relay ends the round for all of them.

    One letter that the relay will not have is no such fault, else a stranger with an odd address
    could stop the mail of everybody: several in a row are, with none that went before them.
    """
    sent: list[db.Record] = []
    refused: list[tuple[db.Record, Fault]] = []
    waiting, passed = list(bundle), 0
    try:
        async with way_out(settings) as way:
            while waiting and may_go_on():
                row, letter = waiting[0]
                try:
                    if await _handed_over(database, way, row, letter):
                        sent.append(row)
                        passed += 1
                except Fault as fault:
                    if fault.whose != "policy":
                        raise
                    if not passed and len(refused) + 1 >= REFUSED_IN_A_ROW:
                        raise Fault("relay", fault.code, fault.words) from fault
                    refused.append((row, fault))
                waiting.pop(0)
                if len(sent) >= SETTLED_TOGETHER:
                    await outbox.settle(database, sent, "sent", 250)
                    sent = []
        if passed:
            await streams.flow(database)
        await outbox.put_back(database, [row for row, _ in waiting])
        for row, why in refused:
            await _settle_refused(database, row, why, others_went=passed > 0)
    except Fault as fault:
        rows = [row for row, _ in (*refused, *waiting)]
        await _put_off(database, rows, fault, longest=PAUSE)
    finally:
        if sent:
            await outbox.settle(database, sent, "sent", 250)
    return len(bundle) - len(waiting)


async def _handed_over(database: db.Database, way: Way, row: db.Record, letter: Letter) -> bool:
    try:
        await way.send(letter)
    except Fault as fault:
        if fault.whose in ("relay", "moment") and fault.code is None:
            raise  # the connection is gone, or we are not wanted: so it is for the next ones
        if fault.whose in ("relay", "policy"):
            raise
        await _settle_fault(database, row, fault)
        return False
    return True


async def _settle_fault(database: db.Database, row: db.Record, fault: Fault) -> None:
    """What one letter's refusal means for it and for its address."""
    if fault.whose == "moment":
        await _put_off(database, [row], fault)
        return
    if fault.whose == "address":
        await outbox.mark_undeliverable(database, row["recipient"])
    await outbox.settle(database, [row], "failed", fault.code, fault.words[:300])


async def _settle_refused(
    database: db.Database, row: db.Record, fault: Fault, *, others_went: bool
) -> None:
    """What others got through, this one does not; alone, it is tried again like any other."""
    log.error("the mail server refuses a letter: %s %s", fault.code, fault.words)
    if others_went:
        await outbox.settle(database, [row], "failed", fault.code, fault.words[:300])
    else:
        await _put_off(database, [row], fault)


async def _put_off(
    database: db.Database, rows: list[db.Record], fault: Fault, longest: timedelta = WAITS[-1]
) -> None:
    """Each letter waits longer after each try; when all of mail is down, no longer than that."""
    if fault.whose == "relay":
        log.error("the mail server refuses us; all letters wait: %s %s", fault.code, fault.words)
        await streams.stand_still(database, fault.code, fault.words, PAUSE)
    elif fault.code is None:  # nobody answers there
        await streams.stand_still(database, None, fault.words)
    by_tries: dict[int, list[db.Record]] = {}
    for row in rows:
        by_tries.setdefault(row["tries"], []).append(row)
    for tries, same in by_tries.items():
        wait = min(longest, WAITS[min(tries, len(WAITS)) - 1])
        await outbox.postpone(database, same, wait, fault.code, fault.words)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
