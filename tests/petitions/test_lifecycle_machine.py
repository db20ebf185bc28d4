"""Every path that people, keepers and the clock can take, tried by chance over the real database:
none leads to a state that was not decided, and each step stands in the trail."""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobilise.db import Database, Record, rows
from mobilise.errors import NotNow
from mobilise.petitions import by_the_clock, deleting, reading
from mobilise.settings import Settings
from mobilise.store import opened
from mobilise.tokens import Tokens
from tests import make
from tests.petitions.moving import TODAY, do, state
from tests.petitions.test_lifecycle import LIFE

ZONE_DAYS = timedelta(days=100)  # by then every day that a petition waits for has come
CLOCK = ("the clock opens", "the clock closes")
DEEDS = (*LIFE, *CLOCK, "delete")


@dataclass
class Walk:
    """One petition on its way, with the lines of its trail that were looked at."""

    petition: reading.Petition
    state: str = "draft"
    seen: int = 0
    way: list[str] = field(default_factory=list)


async def new_lines(db: Database, walk: Walk) -> list[Record]:
    found = await rows(
        db,
        """select deed, person_id, details from audit_log
           where petition_id = :id and (details ? 'to' or deed = 'petition.delete')
           order by id offset :seen""",
        id=walk.petition.id,
        seen=walk.seen,
    )
    walk.seen += len(found)
    return found


async def make_deed(db: Database, made: Settings, tokens: Tokens, walk: Walk, deed: str) -> None:
    later = TODAY + ZONE_DAYS
    if deed == "the clock opens":
        await by_the_clock.open_due(db, tokens, later, "off")
    elif deed == "the clock closes":
        await by_the_clock.close_overdue(db, tokens, later, made.zone)
    elif deed == "delete":
        await deleting.delete(db, opened(made), walk.petition, walk.petition.person_id or 0)
    else:
        await do(db, tokens, deed, walk.petition)


def waits_for_its_day(walk: Walk, deed: str) -> bool:
    """What may be done, and yet moves nothing now."""
    return walk.petition.opens_on is not None and deed in ("publish", "let_open")


async def step(db: Database, made: Settings, tokens: Tokens, walk: Walk, deed: str) -> bool:
    """One deed, whatever it finds; False when the petition is no more."""
    before = walk.state
    try:
        await make_deed(db, made, tokens, walk, deed)
        refused = False
    except NotNow:
        refused = True
    lines = await new_lines(db, walk)
    walk.way.append(deed)
    if deed == "delete" and before == "draft":
        assert not refused and [line["deed"] for line in lines] == ["petition.delete"]
        return False
    walk.state = await state(db, walk.petition)
    assert len(lines) == (walk.state != before), "each step is one line, and each line a step"
    for line in lines:
        said = line["details"]
        assert (said["from"], said["to"]) == (before, walk.state)
        name = line["deed"].removeprefix("petition.")
        assert (before, walk.state, said["by"]) in LIFE[name], f"{name} from {before}"
        assert (said["by"] == "clock") is (deed in CLOCK)
    if deed in LIFE:
        ends = {after for begins, after, _ in LIFE[deed] if begins == before}
        assert refused is not bool(ends), f"{deed} from {before}"
        if ends and not waits_for_its_day(walk, deed):
            assert walk.state in ends
    return True


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    deeds=st.lists(st.sampled_from(DEEDS), min_size=1, max_size=14),
    opens=st.booleans(),
    closes=st.booleans(),
)
async def test_no_path_leads_where_the_table_forbids_and_every_path_is_logged(
    db: Database,
    settings: Settings,
    tokens: Tokens,
    deeds: list[str],
    opens: bool,
    closes: bool,
) -> None:
    petition = await make.petition(
        db,
        "draft",
        opens_on=TODAY + timedelta(days=50) if opens else None,
        closes_on=TODAY + timedelta(days=90) if closes else None,
    )
    walk = Walk(petition)
    for deed in deeds:
        if not await step(db, settings, tokens, walk, deed):
            assert await rows(db, "select from petitions where id = :id", id=petition.id) == []
            return
        if walk.state == "suspended":
            origin = await rows(
                db, "select suspended_from from petitions where id = :id", id=petition.id
            )
            origins = {after for _, after, _ in LIFE["resume"]}
            assert origin[0]["suspended_from"] in origins
