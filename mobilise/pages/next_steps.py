"""What a group does next: the most urgent first, each with why and where."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mobilise import i18n
from mobilise.i18n import gettext, ngettext
from mobilise.pages.desk_queries import Mine
from mobilise.pages.standing import SOON, Standing
from mobilise.petitions.reading import OPENED

Url = Callable[..., str]
COUNTED = 99  # what waits beyond that is not counted: `petitions.queries.WAITS`


class Step(NamedTuple):
    heading: str
    why: str
    href: str
    label: str


def steps(standing: Standing, url: Url) -> list[Step]:
    """For whoever looks: nothing that she may not do."""
    return [
        *_waiting(standing, url),
        *_of_the_state(standing, url),
        *_people(standing, url),
        *_at_the_end(standing, url),
        *_missing(standing, url),
    ]


def _waiting(standing: Standing, url: Url) -> Iterator[Step]:
    """What stands still until somebody else decides."""
    slug = standing.petition.slug
    if standing.petition.state == "submitted" and not standing.petition.is_planned:
        yield Step(
            gettext("Your petition is being read"),
            gettext("The people who run this site read it first. It opens when they have."),
            url("pages.preview", slug=slug),
            gettext("See the preview"),
        )


def _of_the_state(standing: Standing, url: Url) -> Iterator[Step]:
    petition = standing.petition
    if petition.state == "open" and standing.tally.confirmed == 0:
        yield Step(
            gettext("Be the first to sign"),
            gettext("Then send the address to three neighbours. People sign where others did."),
            url("pages.petition", slug=petition.slug),
            gettext("See the petition"),
        )
    if standing.closes_in is not None and standing.closes_in <= SOON and petition.closes_on:
        yield Step(
            gettext("Say it once more"),
            gettext(
                "The last day to sign is %(day)s. Tell your neighbours.",
                day=i18n.day(petition.closes_on),
            ),
            url("pages.petition", slug=petition.slug),
            gettext("See the petition"),
        )


def _people(standing: Standing, url: Url) -> Iterator[Step]:
    """Somebody wrote, and waits. While it is suspended, or once removed, nothing is shown."""
    if standing.may["answer"] and standing.petition.state in OPENED:
        slug = standing.petition.slug
        if standing.questions:
            yield _questions(standing.questions, slug, url)
        if standing.comments:
            yield _comments(standing.comments, slug, url)


def _questions(waiting: int, slug: str, url: Url) -> Step:
    many = waiting > COUNTED
    return Step(
        gettext("Answer the questions that wait")
        if many
        else ngettext("Answer a question", "Answer %(num)s questions", waiting),
        gettext("Your answer goes by email. It is shown only if both of you wish so."),
        url("questions.manage", slug=slug),
        gettext("Answer"),
    )


def _comments(waiting: int, slug: str, url: Url) -> Step:
    many = waiting > COUNTED
    return Step(
        gettext("Read the comments that wait")
        if many
        else ngettext("Read a comment", "Read %(num)s comments", waiting),
        gettext("Signers wrote them. They appear when one of you lets them through."),
        url("signatures.comments", slug=slug),
        gettext("Read"),
    )


def _at_the_end(standing: Standing, url: Url) -> Iterator[Step]:
    state, slug = standing.petition.state, standing.petition.slug
    if state == "open" and standing.goal_reached and standing.may["close"]:
        yield Step(
            gettext("Your goal is reached"),
            gettext("Hand the petition over when you are ready, and close it."),
            url("petitions.close", slug=slug),
            gettext("Close the petition"),
        )
    if state == "closed":
        yield Step(
            gettext("Hand it over"),
            gettext("The figures, the text and the list of documents stand ready in one file."),
            url("opendata.data", slug=slug),
            gettext("All figures and downloads"),
        )
    if state == "delivered" and standing.may["close"]:
        yield Step(
            gettext("Tell the answer when it comes"),
            gettext("Until then everyone reads that there is none yet."),
            url("petitions.answer", slug=slug),
            gettext("It was answered"),
        )


def _missing(standing: Standing, url: Url) -> Iterator[Step]:
    """What readers would like to find."""
    petition, slug = standing.petition, standing.petition.slug
    if not standing.may["edit"] or petition.state not in ("draft", "submitted", "open"):
        return
    if standing.behind:
        yield Step(
            gettext("Correct the other languages too"),
            gettext(
                "The text was corrected. This still reads as before: %(languages)s.",
                languages=", ".join(i18n.LANGUAGES[code] for code in standing.behind),
            ),
            url("petitions.languages", slug=slug),
            gettext("See the languages"),
        )
    if not petition.picture and petition.is_editable:
        yield Step(
            gettext("Add a picture"),
            gettext("People look first, and read then. A photo of the place is enough."),
            url("petitions.edit_step", slug=slug, step="picture"),
            gettext("Choose a picture"),
        )
    if standing.documents_total == 0:
        yield Step(
            gettext("Put the documents beside it"),
            gettext("A plan, a letter, a study: readers want to see for themselves."),
            url("documents.manage", slug=slug),
            gettext("Add a document"),
        )
    if petition.state == "draft":
        yield Step(
            gettext("Read it once more"),
            gettext("After the first signature the text stays as it is."),
            url("petitions.edit", slug=slug),
            gettext("Change the text"),
        )


def across(petitions: Sequence[Mine], today: date, url: Url) -> list[Step]:
    """What waits in all my petitions: people first, then what ends, then what is not out yet.
    Each says in which petition."""
    writers = [
        each for each in petitions if each.role in ("owner", "editor") and each.state in OPENED
    ]
    found = [
        step._replace(why=each.title)
        for each in writers
        for total, step in (
            (each.questions, _questions(each.questions, each.slug, url)),
            (each.comments, _comments(each.comments, each.slug, url)),
        )
        if total
    ]
    for each in petitions:
        if each.state == "open" and each.closes_on and each.closes_on - today <= SOON:
            found.append(_closing(each, url))
    for each in petitions:
        if each.state == "draft" and each.role == "owner":
            found.append(_draft(each, url))
    return found


def _closing(petition: Mine, url: Url) -> Step:
    assert petition.closes_on is not None
    return Step(
        gettext("The last day is %(day)s", day=i18n.day(petition.closes_on)),
        petition.title,
        url("pages.manage", slug=petition.slug),
        gettext("Go to its desk"),
    )


def _draft(petition: Mine, url: Url) -> Step:
    return Step(
        gettext("Publish it when it is ready"),
        petition.title,
        url("pages.manage", slug=petition.slug),
        gettext("Go to its desk"),
    )
