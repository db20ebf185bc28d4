"""How a petition stands with its group: its numbers, its pace, what waits, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from mobilise import i18n
from mobilise.i18n import gettext, ngettext
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting
from mobilise.signatures.counting import Day, Tally

WEEK = 7
FARTHEST = timedelta(days=730)  # a day beyond that says nothing
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """`day`: today in the zone of the instance. `series`: the closed days. `may`: what the reader
    may do, by the names of the policy."""

    petition: Petition
    day: date
    tally: Tally
    series: Sequence[Day]
    documents_total: int
    comments: int
    questions: int
    behind: Sequence[str]  # languages that were not corrected with the others
    may: Mapping[str, bool]

    @property
    def today(self) -> int:
        return counting.today(self.tally, self.series)

    @property
    def yesterday(self) -> int | None:
        """None before the first day is over."""
        return self.series[-1].added if self.series else None

    @property
    def week(self) -> int:
        return counting.last_week(self.tally, self.series)

    @property
    def closes_in(self) -> timedelta | None:
        """From today to the last day, while it is open and has one."""
        closes_on = self.petition.closes_on
        if self.petition.state != "open" or closes_on is None:
            return None
        return closes_on - self.day

    @property
    def goal_reached(self) -> bool:
        return bool(self.tally.goal) and self.tally.confirmed >= (self.tally.goal or 0)


@dataclass(frozen=True)
class Forecast:
    """What is to be expected, large, and on which ground, small."""

    figure: str
    basis: str


def forecast(standing: Standing) -> Forecast | None:
    """The day of the goal, or the count of the last day when that comes first, if every day brings
    what those of this week brought. None when there is no pace, no aim, or it is too far away."""
    days = min(len(standing.series), WEEK - 1) + 1
    goal, week = standing.tally.goal, standing.week
    if standing.petition.state != "open" or days < 3 or week <= 0:
        return None
    ends = standing.petition.closes_on
    reached = None
    if goal and not standing.goal_reached:
        reached = standing.day + timedelta(
            days=-(-(goal - standing.tally.confirmed) * days // week)
        )
    if reached and reached - standing.day <= FARTHEST and (ends is None or reached <= ends):
        return Forecast(
            _date(reached, standing.day),
            gettext("%(goal)s, at this week’s pace", goal=i18n.number(goal or 0)),
        )
    if ends is not None and standing.day < ends <= standing.day + FARTHEST:
        more = (ends - standing.day).days * week // days
        return Forecast(
            i18n.number(standing.tally.confirmed + more),
            gettext("on the last day, at this week’s pace"),
        )
    return None


def _date(day: date, today: date) -> str:
    return i18n.short_day(day) if day - today < timedelta(days=300) else i18n.day(day)


def in_words(petition: Petition, today: date, zone: ZoneInfo) -> str:
    """Where it is in its life, in a sentence or two for its group."""
    return " ".join(_sentences(petition, today, zone))


def _sentences(petition: Petition, today: date, zone: ZoneInfo) -> list[str]:
    state = petition.state
    if state == "draft":
        said = [gettext("Draft. Only you and your group can see it.")]
    elif state == "submitted" and petition.is_planned:
        said = [gettext("Nothing is left to do: it opens by itself.")]
    elif state == "submitted":
        said = [gettext("The people who run this site read it first. It opens when they have.")]
    elif state == "rejected":
        said = [gettext("It was not published. The reason stands on its page.")]
    elif state == "suspended":
        said = [gettext("It is suspended for now. Nobody can sign it.")]
    elif state == "removed":
        said = [gettext("It was taken away.")]
    elif state == "answered":
        said = [gettext("It has been answered.")]
    elif state == "delivered":
        said = [gettext("It was handed over. There is no answer yet.")]
    elif state == "closed" and petition.closed_at:
        said = [gettext("Closed on %(day)s.", day=i18n.day(petition.closed_at, zone))]
    else:
        return _open(petition, today, zone)
    if state in ("draft", "submitted") and petition.opens_on:
        said.append(gettext("To open on %(day)s.", day=i18n.day(petition.opens_on)))
    return said


def _open(petition: Petition, today: date, zone: ZoneInfo) -> list[str]:
    said = []
    if petition.opened_at:
        said.append(gettext("Open since %(day)s.", day=i18n.day(petition.opened_at, zone)))
    if petition.closes_on:
        left = (petition.closes_on - today).days
        said.append(gettext("Closes on %(day)s.", day=i18n.day(petition.closes_on)))
        if left == 0:
            said.append(gettext("That is today."))
        elif left > 0:
            said.append(ngettext("One more day.", "%(num)s more days.", left))
    return said
