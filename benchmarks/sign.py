"""Signing: the real form over HTTP, every guard on, every commit on disk."""

import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import orjson

from benchmarks import floors
from benchmarks.figures import RUNS, Row, Run, in_turns
from benchmarks.instance import Instance
from benchmarks.load import post, visitor
from benchmarks.stage import Stage
from mobilise import prose
from mobilise.petitions import eligibility
from mobilise.signatures import signing, submitting

WARM_UP = 2.0
MOST = 10_000  # a second: values that are worked out beforehand for the floor
_people = itertools.count(10_000_000, 10_000_000)  # each run has signers of its own


@dataclass(frozen=True)
class Forms:
    """The form, filled in by one person after another."""

    path: str
    first: int

    def __iter__(self) -> Iterator[bytes]:
        form = urlencode(
            {
                "name": "Suzie NUMBER", "email": "suzieNUMBER@bench.example", "postcode": "2060",
                "country": "BE", "comment": "My grandchildren play there.", "public_name": "y",
            }
        )  # fmt: skip
        for number in itertools.count(self.first):
            filled = form.replace("NUMBER", str(number)).encode()
            yield post(self.path, filled, visitor=visitor(number))


def forms(stage: Stage) -> Forms:
    """Of people who have not signed yet."""
    return Forms(f"{stage.petition.path}/signatures", next(_people))


def measure(stage: Stage) -> Row:
    def ours() -> Run:
        stage.mobilise.settle()
        before = _stored(stage.mobilise)
        run = stage.mobilise.asked(stage.askers, forms(stage), 303, stage.seconds)
        signatures, letters = (
            now - then for now, then in zip(_stored(stage.mobilise), before, strict=True)
        )
        if (signatures, letters) != (run.total, run.total):
            raise RuntimeError(f"{run.total} signed, {signatures} wait, {letters} get a letter")
        return run

    def floor() -> Run:
        stage.mobilise.settle()
        return floors.pour(stage.mobilise, submitting._SIGN, _values(stage), stage.seconds)

    def bare() -> Run:
        return stage.bare.asked(stage.askers, forms(stage), 303, stage.seconds / 3)

    stage.mobilise.asked(stage.askers, forms(stage), 303, WARM_UP)
    found, on_the_statement, on_starlette = in_turns(RUNS, ours, floor, bare)
    beside = {
        "floor: the statement, raw asyncpg": on_the_statement,
        "bare Starlette takes a POST": on_starlette,
    }
    return Row("sign", found, beside, "2,000/s")


def _stored(mobilise: Instance) -> tuple[int, int]:
    """Signatures that wait for their button, and letters on their way to them."""
    found = mobilise.query(
        "select (select count(*) from signatures where state = 'pending') as signatures,"
        " (select count(*) from letters where state = 'waiting') as letters"
    )[0]
    return found["signatures"], found["letters"]


def _values(stage: Stage) -> Iterator[dict[str, Any]]:
    """What `signing.sign` hands to the statement."""
    first, tokens = next(_people), stage.mobilise.tokens
    for number in range(first, first + int(MOST * stage.seconds)):
        address = f"suzie{number}@bench.example"
        wish = signing.Wish(
            name=f"Suzie {number}", email=address, email_key=address, postcode="2060",
            country="BE", comment="My grandchildren play there.", public_name=True,
            updates=False, language="en",
        )  # fmt: skip
        yield {
            **asdict(wish),
            "slug": stage.petition.slug,
            "today": date.today(),
            "name_key": prose.folded(wish.name),
            "consents": orjson.dumps(signing.consents(True, False)).decode(),
            "of_age_words": eligibility.OLD_ENOUGH,
            "recipient": tokens.recipient(address),
            "network": tokens.network(visitor(number), "2026-01-01"),
            "typed": orjson.dumps(asdict(wish)).decode(),
            "held": False,
            "before": None,
        }
