"""How we count, what we check, what we cannot know: said once, shown on the page and in files.

The numbers are those by which the code works: they are imported, never typed again.
"""

from dataclasses import dataclass

from mobilise import limits, tokens
from mobilise.errors import N_
from mobilise.opendata import disclosing
from mobilise.opendata.disclosure import RULE
from mobilise.opendata.tabling import ROUNDED_TO
from mobilise.signatures import counting, counts, queries, submitting


@dataclass(frozen=True)
class Rule:
    name: str
    heading: str
    sentence: str


HOW = (
    Rule(
        "by_email",
        N_("By email"),
        N_(
            "Who signs gets one email. "
            "Only after the button or the code in it does the signature count."
        ),
    ),
    Rule(
        "one_address",
        N_("One address"),
        N_("At most two people share one email address, with another name and the same postcode."),
    ),
    Rule(
        "taken_off",
        N_("Withdrawn and removed"),
        N_("Nothing happens in silence: what goes off the count stands in the file, day by day."),
    ),
    Rule(
        "days",
        N_("Per day"),
        N_("A day is published once it is over. It does not change after that."),
    ),
    Rule(
        "places",
        N_("Per place and language"),
        N_(
            "Once a week, when ten or more are new. Rounded down to five. "
            "What has less than ten stands under OTHER, "
            "together with others, so that nobody can be found."
        ),
    ),
    Rule(
        "hours",
        N_("Per hour"),
        N_("Hours with few signatures are taken together until there are ten, or the day is over."),
    ),
    Rule(
        "recounted",
        N_("Counted again every night"),
        N_("We add up all events again and publish the difference."),
    ),
)
ONLINE_CHECKED = Rule("online", "", N_("Someone opened our email and pressed the button."))
PAPER_CHECKED = Rule("paper", "", N_("Counted by two people, apart from each other."))
UNKNOWN = (
    Rule("identity", "", N_("An email address is no proof of identity.")),
    Rule(
        "two_addresses",
        "",
        N_(
            "Who has two addresses could sign twice. A robot at a mail provider can press a button."
        ),
    ),
    Rule("postcode", "", N_("Nobody checks the postcode: it is what the signer typed.")),
    Rule(
        "places",
        "",
        N_(
            "A postcode that two municipalities share belongs to neither in our tables. "
            "Paper has no place."
        ),
    ),
)
PAPER_TWICE = Rule("paper", "", N_("Who signs on paper and by email may count twice."))


@dataclass(frozen=True)
class Limit:
    name: str
    number: float
    unit: str
    sentence: str


LIMITS = (
    Limit(
        "signatures_per_network",
        limits.SIGN.capacity,
        f"per {limits.SIGN.minutes:g} minutes",
        N_("More from one network wait, and go on when there is room again."),
    ),
    Limit(
        "letters_per_signature",
        submitting.LETTERS_A_SIGNATURE,
        "in all",
        N_("We send no more emails than this for one signature."),
    ),
    Limit(
        "unanswered_letters_per_address",
        submitting.UNANSWERED_A_DAY,
        "per day",
        N_("Who does not answer these gets no more that day, from no petition here."),
    ),
    Limit(
        "code_tries_per_letter",
        queries.TRIES_A_LETTER,
        "per letter",
        N_("After these tries the code of an email no longer works."),
    ),
    Limit(
        "code_tries_per_signature",
        queries.TRIES_A_SIGNATURE,
        "in all",
        N_("After these tries only the button in the email works."),
    ),
    Limit(
        "code_lifetime",
        tokens.CODE_MINUTES,
        "minutes",
        N_("So long the code of an email works."),
    ),
    Limit(
        "button_lifetime",
        tokens.CONFIRM_DAYS,
        "days",
        N_("So long the button of an email works."),
    ),
    Limit(
        "unconfirmed_kept",
        counts.UNCONFIRMED_KEPT.days,
        "days",
        N_("Who has not confirmed by then is erased."),
    ),
    Limit(
        "unconfirmed_rounded_down_to",
        counting.PENDING_ROUNDED_TO,
        "signatures",
        N_("Shown exactly, it would tell whether somebody has just signed."),
    ),
    Limit(
        "place_told_from",
        RULE.k,
        "signatures",
        N_("A place or a language with less is not told apart."),
    ),
    Limit(
        "place_rounded_down_to",
        ROUNDED_TO,
        "signatures",
        N_("So are all numbers by place and by language."),
    ),
    Limit(
        "new_signatures_per_table",
        disclosing.FEWEST_NEW,
        "signatures",
        N_("With fewer new ones the last table by place stands."),
    ),
)


OFF = {"withdrawn": "withdrawn", "invalidated": "removed"}
_WHY_OFF = {
    ("withdrawn", ""): N_("Taken back by the signer."),
    ("withdrawn", "not me"): N_("Taken off by the owner of the mailbox: somebody else had signed."),
}


def reason_code(what: str, reason: str) -> str:
    """not_me: as the files have it."""
    return reason.replace(" ", "_") or ("own_wish" if what == "withdrawn" else "not_said")


def why_off(what: str, reason: str) -> str:
    """The sentence of the catalogue; of a reason without one, that those who count had one."""
    return _WHY_OFF.get((what, reason), N_("Taken off by those who run the count."))


def checked(has_paper: bool) -> tuple[Rule, ...]:
    """What was done before a signature counted."""
    return (ONLINE_CHECKED, PAPER_CHECKED) if has_paper else (ONLINE_CHECKED,)


def unknown(has_paper: bool) -> tuple[Rule, ...]:
    """What cannot be known about this count."""
    return (*UNKNOWN, PAPER_TWICE) if has_paper else UNKNOWN
