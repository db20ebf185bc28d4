"""The home page: petitions that everybody may read, by what became of them, and their groups.

A shelf is named in the address (`?state=closed`), and so is the petition that the last page ended
with (`?after=`) or the next one begins with (`?before=`): a page stays what it was while new
petitions come in.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from mobilise import db, i18n
from mobilise.errors import N_
from mobilise.i18n import gettext
from mobilise.pages import home_queries
from mobilise.pages.home_queries import Hosting
from mobilise.pages.queries import Listed
from mobilise.petitions import reading

A_PAGE = 24
# What a reader may look for: the word of the filter, and the states that stand there.
SHELVES: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": (N_("To sign"), ("open",)),
    "closed": (N_("Already closed"), ("closed", "delivered")),
    "answered": (N_("With an answer"), ("answered",)),
    "rejected": (N_("Not published"), ("rejected",)),
}
HEADINGS = {
    "open": N_("You can sign these now"),
    "closed": N_("These are closed"),
    "answered": N_("These got an answer"),
    "rejected": N_("These were not published"),
}
# Where a shelf is empty: what is missing, what one may do instead, and on which shelf.
NOTHING = {
    "open": (N_("There is no petition to sign now."), N_("Start a petition"), ""),
    "closed": (N_("No petition is closed yet."), N_("See those that you can sign"), "open"),
    "answered": (N_("No petition has an answer yet."), N_("See those that are closed"), "closed"),
    "rejected": (N_("No petition was turned down."), N_("See those that you can sign"), "open"),
}


@dataclass(frozen=True)
class Asked:
    """Which petitions a reader wants to see. `query`: words that all occur."""

    shelf: str = "open"
    query: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, values: dict[str, str]) -> "Asked":
        """What stands in an address; anything that we do not know is as if it were not there."""
        shelf = values.get("state", "")
        return cls(
            shelf if shelf in SHELVES else "open",
            " ".join(values.get("q", "").split())[:200],
            values.get("after", "")[:100],
            values.get("before", "")[:100],
        )

    @property
    def address(self) -> str:
        """The query of this page, without what goes without saying."""
        said = {
            "state": self.shelf if self.shelf != "open" else "",
            "q": self.query, "after": self.after, "before": self.before,
        }  # fmt: skip
        words = urlencode({name: value for name, value in said.items() if value})
        return f"?{words}" if words else "?"


@dataclass(frozen=True)
class Filter:
    word: str
    href: str
    total: int
    is_here: bool
    is_choice: bool  # something stands there, or one is there


@dataclass(frozen=True)
class Nothing:
    """`href`: the shelf to go to, or nothing for the start of a petition."""

    said: str
    instead: str
    href: str


@dataclass(frozen=True)
class Home:
    """`newer` and `older` are addresses of the pages beside this one, or nothing."""

    asked: Asked
    heading: str
    petitions: list[Listed]
    filters: list[Filter]
    groups: list[Hosting]
    newer: str
    older: str
    nothing: Nothing
    is_empty: bool  # nobody published anything here

    @property
    def is_front(self) -> bool:
        """What one sees who just came in."""
        return self.asked == Asked()


async def contents(database: db.Database, asked: Asked) -> Home:
    """Everything on the page, in one statement."""
    found = await home_queries.shelf(
        database,
        i18n.language(),
        reading.patterns(asked.query),
        list(SHELVES[asked.shelf][1]),
        A_PAGE + 1,
        asked.after,
        asked.before,
    )
    return Home(
        asked=asked,
        heading=gettext(HEADINGS[asked.shelf]),
        petitions=_page(found.petitions, asked),
        filters=[_filter(asked, shelf, found.totals) for shelf in SHELVES],
        groups=found.groups if asked == Asked() else [],
        nothing=_nothing(asked),
        is_empty=not asked.query and not found.totals,
        **_beside(found.petitions, asked, found.is_first),
    )


def _filter(asked: Asked, shelf: str, totals: dict[str, int]) -> Filter:
    word, states = SHELVES[shelf]
    total, is_here = sum(totals.get(state, 0) for state in states), shelf == asked.shelf
    is_choice = bool(total) or is_here or shelf == "open"
    return Filter(gettext(word), _elsewhere(asked, shelf), total, is_here, is_choice)


def _nothing(asked: Asked) -> Nothing:
    said, instead, shelf = NOTHING[asked.shelf]
    return Nothing(gettext(said), gettext(instead), _elsewhere(asked, shelf) if shelf else "")


def _page(found: list[Listed], asked: Asked) -> list[Listed]:
    """One more than a page was read, to know whether there is a next one."""
    return found[-A_PAGE:] if asked.before else found[:A_PAGE]


def _beside(found: list[Listed], asked: Asked, is_first: bool) -> dict[str, str]:
    shown, more = _page(found, asked), len(found) > A_PAGE
    if not shown:
        return {"newer": "" if is_first else _elsewhere(asked, asked.shelf), "older": ""}
    newer = replace(asked, after="", before=shown[0].slug).address
    older = replace(asked, after=shown[-1].slug, before="").address
    if asked.before:  # what it stands before is older
        return {"newer": newer if more else "", "older": older}
    return {"newer": "" if is_first else newer, "older": older if more else ""}


def _elsewhere(asked: Asked, shelf: str) -> str:
    """The first page of a shelf, with the same words."""
    return replace(asked, shelf=shelf, after="", before="").address
