"""Petitions as everybody reads them: one view, the same on every page and in every file."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from mobilise import db, i18n, prose
from mobilise.errors import N_, Gone, NotFound, Rejected, Suspended
from mobilise.petitions import postcodes, queries
from mobilise.reasons import HIDES_THE_TEXT, REASONS

PUBLIC = ("open", "closed", "delivered", "answered", "rejected")
OPENED = PUBLIC[:4]  # those that could be signed at some time, and are counted
REMOVED = N_("The people who run this site removed it. The reason: %(reason)s")
UNNAMED = {
    "rejected": N_("A rejected petition"),
    "suspended": N_("A suspended petition"),
    "removed": N_("A removed petition"),
}
GRACE = timedelta(hours=48)  # after closing, for who filled in the form in time


@dataclass(frozen=True)
class Petition:
    """A petition with its text in one language. `language` says which one that is."""

    id: int
    slug: str
    code: str
    state: str
    group_id: int
    person_id: int | None
    goal: int | None
    languages: tuple[str, ...]
    version: int
    frozen_at: datetime | None
    opens_on: date | None  # to be published on that day
    opened_at: datetime | None
    closes_on: date | None  # the last day on which one may sign
    closed_at: datetime | None
    is_planned: bool  # handed in, and to open by itself on its day
    is_editable: bool  # nobody signed it, and no keeper read it before it opened
    delivered_on: date | None  # handed over
    answered_on: date | None
    postcodes: tuple[str, ...]  # who may sign; none: everybody
    minimum_age: int | None
    picture: str | None
    picture_narrow: str | None  # the same, for a phone
    picture_focus: tuple[int, ...]  # per cent from the left and from the top
    demo: bool
    group_name: str
    group_slug: str
    group_about: str
    group_language: str  # of what the group says about itself
    group_place: str
    organiser: str
    language: str
    title: str
    addressee: str
    text: str  # the whole of it, Markdown
    picture_alt: str
    version_at: datetime
    version_kind: str  # first, change, correction, translation
    reason: str | None  # why a keeper rejected, suspended or removed it, while it is so

    @classmethod
    def of(cls, row: db.Record, **more: Any) -> Self:
        """The view of a row that was read with `queries.COLUMNS`."""
        read = {name: row[name] for name in Petition.__dataclass_fields__}
        lists = ("languages", "postcodes", "picture_focus")
        return cls(**{**read, **{name: tuple(row[name]) for name in lists}, **more})

    @cached_property
    def _parts(self) -> tuple[str, str]:
        return prose.lead_and_rest(self.text)

    @property
    def lead(self) -> str:
        """The first paragraph, plain, or nothing when it is no lead."""
        return self._parts[0]

    @property
    def body(self) -> str:
        """What follows the lead, Markdown."""
        return self._parts[1]

    @property
    def picture_url(self) -> str | None:
        return f"/pictures/{self.picture}.webp" if self.picture else None

    @property
    def picture_narrow_url(self) -> str | None:
        return f"/pictures/{self.picture_narrow}.webp" if self.picture_narrow else None

    @property
    def picture_look(self) -> str:
        """The classes that keep in sight what must be."""
        left, top = self.picture_focus
        return f"look-x{left} look-y{top}"

    @property
    def who_may_sign(self) -> str:
        """A sentence in the reader's language; nothing when it is everybody."""
        return self._who_may_sign(postcodes.said(self.postcodes, postcodes.SHOWN))

    @property
    def who_may_sign_in_full(self) -> str:
        return self._who_may_sign(postcodes.said(self.postcodes))

    def _who_may_sign(self, places: str) -> str:
        if places and self.minimum_age:
            return i18n.gettext(
                "For people in %(places)s of %(age)s and older.",
                places=places,
                age=self.minimum_age,
            )
        if places:
            return i18n.gettext("For people in %(places)s.", places=places)
        if self.minimum_age:
            return i18n.gettext("For people of %(age)s and older.", age=self.minimum_age)
        return ""

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def counts(self) -> bool:
        """Its signatures count, for everybody to see."""
        return self.state in OPENED

    @property
    def why(self) -> str:
        """The reason in the reader's language; nothing where there is none."""
        return i18n.gettext(REASONS[self.reason]) if self.reason in REASONS else ""

    @property
    def hides_the_text(self) -> bool:
        """Its own words do harm: its group and the keeper alone read them."""
        return self.reason in HIDES_THE_TEXT

    @property
    def has_page(self) -> bool:
        """Something of it can still be read: worth a link."""
        return (self.is_public or self.state == "suspended") and not self.hides_the_text

    @property
    def shown_title(self) -> str:
        """For who holds a link of a letter, whatever became of it."""
        return i18n.gettext(UNNAMED[self.state]) if self.hides_the_text else self.title

    @property
    def confirms_until(self) -> datetime | None:
        """Until when those who filled in the form before it closed may still confirm."""
        if self.closed_at is None or self.state not in OPENED:
            return None
        until = self.closed_at + GRACE
        return until if until > datetime.now(UTC) else None

    @property
    def is_frozen(self) -> bool:
        """Somebody signed this text: it stays as it is."""
        return self.frozen_at is not None


async def petition(database: db.Database, slug: str, language: str) -> Petition:
    """Whatever its state: the caller decides who may see it."""
    return _found(await queries.by_slug(database, slug, language))


async def by_id(database: db.Database, petition_id: int, language: str) -> Petition:
    return _found(await queries.by_id(database, petition_id, language))


async def public(database: db.Database, slug: str, language: str) -> Petition:
    """Only what everybody may read; NotFound for a draft, Suspended while a keeper looks into it,
    Gone for what was taken away, Rejected for what nobody should read."""
    found = await petition(database, slug, language)
    if found.is_public and found.state != "rejected":
        return found
    if found.state == "rejected":
        if found.hides_the_text:
            raise Rejected(reason=found.why)
        return found
    if found.state == "suspended":
        raise Suspended()
    if found.state == "removed":
        raise Gone(REMOVED, reason=found.why) if found.why else Gone()
    raise NotFound()


async def opened(database: db.Database, slug: str, language: str) -> Petition:
    """What could be signed at some time: NotFound for a rejected one as well, that has no count."""
    found = await public(database, slug, language)
    if found.state not in OPENED:
        raise NotFound()
    return found


def patterns(query: str) -> list[str]:
    """ "Één  Park" → ["%een%", "%park%"]: what `like all` takes, at most eight words."""
    words = prose.folded(query[:200]).split()[:8]
    return ["%" + "".join(f"\\{c}" if c in "%_\\" else c for c in word) + "%" for word in words]


def _found(row: db.Record | None) -> Petition:
    if row is None:
        raise NotFound()
    return Petition.of(row)
