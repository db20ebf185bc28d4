"""Who signed the demonstration, and when: invented, the same on every machine for one day.

Pure: a day, a moment and a zone go in, rows come out. The curve is that of a real campaign: a
first day when everybody tells everybody, a weekend from door to door, a piece in the paper, and
quiet weeks in between. People sign after supper.
"""

import math
import random
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from mobilise import prose
from mobilise.signatures.planting import Signer

DAYS = 90
SEED = 2060
CONFIRMED = 2540
WITHDRAWN = 17
PENDING = 63
POSTCODES = {
    "2060": 420, "2018": 90, "2000": 95, "2030": 60, "2140": 85, "2170": 60, "2100": 70,
    "2600": 45, "2020": 30, "2050": 18, "2610": 25, "2900": 14, "2930": 10, "2640": 8, "2180": 12,
    "9000": 9, "1000": 7, "3000": 5,
}  # fmt: skip
LANGUAGES = {"nl": 82, "fr": 8, "en": 7, "de": 3}
# From midnight on, per hour.
HOURS = (3, 1, 1, 0, 0, 1, 4, 10, 14, 13, 14, 15, 24, 18, 13, 14, 19, 26, 30, 46, 58, 52, 31, 12)
AT_THE_DOOR = (0,) * 10 + (30, 45, 20, 30, 60, 70, 60, 30, 12, 10, 12, 10, 6, 2)


@cache
def names() -> dict[str, Any]:
    file = resources.files("mobilise.demo") / "names.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def opening(now: datetime, zone: ZoneInfo) -> datetime:
    """Half past seven in the morning, ninety days ago."""
    first = now.astimezone(zone).date() - timedelta(days=DAYS)
    return datetime.combine(first, time(7, 30), zone)


def crowd(now: datetime, zone: ZoneInfo) -> list[Signer]:
    """Everybody, in the order in which they signed. Nobody signs before the opening or after
    `now`; who still waits has waited for more than an hour."""
    chance = random.Random(f"{SEED} {now.astimezone(zone).date()}")
    moments = list(_moments(chance, now, zone))
    leaving = set(chance.sample(range(len(moments) // 2), WITHDRAWN))
    signers = []
    for number, confirmed in enumerate(moments):
        ends = None
        if number in leaving:
            ends = confirmed + timedelta(hours=chance.uniform(2, 24 * 20))
            ends = min(ends, now - timedelta(hours=1))
        begins = max(confirmed - _hesitation(chance), opening(now, zone))
        signers.append(_signer(chance, number, begins, confirmed, ends))
    for number in range(PENDING):
        waited = timedelta(hours=1.2 + chance.triangular(0, 12 * 24, 6))
        signers.append(_signer(chance, len(moments) + number, now - waited, None, None))
    _say_why(chance, signers)
    return sorted(signers, key=lambda signer: signer.begins)


def _say_why(chance: random.Random, signers: list[Signer]) -> None:
    """Each reason is given once; the last of each language came too late to be read already."""
    for language, reasons in names()["comments"].items():
        speakers = [
            number
            for number, signer in enumerate(signers)
            if signer.language == language and signer.confirmed and signer.ends is None
        ]
        chosen = [*chance.sample(speakers[:-1], len(reasons) - 1), speakers[-1]]
        for number, reason in zip(chosen, reasons, strict=True):
            signers[number] = replace(signers[number], comment=reason)


def curve(first: date) -> list[float]:
    """How much each of the ninety days and today weigh, without chance."""
    saturday = next(day for day in range(17, 24) if (first + timedelta(days=day)).weekday() == 5)
    weights = []
    for day in range(DAYS + 1):
        weekday = (first + timedelta(days=day)).weekday()
        weight = (11.0 if weekday < 5 else 15.0) * (1.0 - 0.35 * math.exp(-day / 30))
        weight += 235 * math.exp(-day / 1.9)
        weight += {0: 140, 1: 115, 2: 22}.get(day - saturday, 0)
        if day >= 44:  # a piece in the paper
            weight += 290 * math.exp(-(day - 44) / 1.4)
        if day >= 71:  # the council puts it on its agenda
            weight += 85 * math.exp(-(day - 71) / 2.2)
        weights.append(weight)
    return weights


def _moments(chance: random.Random, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """When each signature was confirmed, oldest first."""
    start = opening(now, zone)
    first = start.date()
    even = curve(first)
    weights = [weight * chance.uniform(0.8, 1.25) for weight in even]
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    weights[-1] *= _share_of_day(now - midnight)
    last = now - timedelta(minutes=4)
    marks = list(accumulate(weights))
    found: list[datetime] = []
    while len(found) < CONFIRMED:
        [day] = chance.choices(range(DAYS + 1), cum_weights=marks)
        at_the_door = even[day] > 100 and 17 <= day < 26
        [hour] = chance.choices(range(24), AT_THE_DOOR if at_the_door else HOURS)
        moment = datetime.combine(
            first + timedelta(days=day),
            time(hour, chance.randrange(60), chance.randrange(60)),
            zone,
        )
        if start < moment < last:
            found.append(moment)
    return iter(sorted(found))


def _share_of_day(passed: timedelta) -> float:
    """How much of an ordinary day's signing is over by this time of day."""
    hour = int(passed.total_seconds() // 3600)
    return sum(HOURS[:hour]) / sum(HOURS)


def _hesitation(chance: random.Random) -> timedelta:
    """From the form to the button in the letter: minutes mostly, now and then the next day."""
    if chance.random() < 0.08:
        return timedelta(hours=chance.uniform(1, 20))
    return timedelta(seconds=35 + chance.expovariate(1 / 260))


def _signer(
    chance: random.Random,
    number: int,
    begins: datetime,
    confirmed: datetime | None,
    ends: datetime | None,
) -> Signer:
    told = names()
    first, last = chance.choice(told["first"].split()), chance.choice(told["last"].split())
    address = f"{prose.slug(first)}.{prose.slug(last)}{number}@{chance.choice(told['domains'])}"
    [postcode] = chance.choices(list(POSTCODES), list(POSTCODES.values()))
    [language] = chance.choices(list(LANGUAGES), list(LANGUAGES.values()))
    stays = ends is None
    return Signer(
        name=f"{first} {last}",
        email=address,
        postcode=postcode,
        language=language,
        comment="",
        public_name=chance.random() < 0.4 and stays,
        updates=chance.random() < 0.22 and stays,
        begins=begins,
        confirmed=confirmed,
        ends=ends,
    )
