"""What a group does next: the most urgent first, each with why and where."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mobilise.i18n import gettext
from mobilise.petitions.reading import Petition
from mobilise.signatures.counting import Tally


class Step(NamedTuple):
    heading: str
    why: str
    href: str
    label: str


def steps(
    petition: Petition, tally: Tally, documents_total: int, url: Callable[..., str]
) -> Iterator[Step]:
    state, slug = petition.state, petition.slug
    if state == "submitted":
        yield Step(
            gettext("Your petition is being read"),
            gettext("The people who run this site read it first. It opens when they have."),
            url("pages.preview", slug=slug),
            gettext("See the preview"),
        )
    if state == "open" and tally.confirmed == 0:
        yield Step(
            gettext("Be the first to sign"),
            gettext("Then send the address to three neighbours. People sign where others did."),
            url("pages.petition", slug=slug),
            gettext("See the petition"),
        )
    if state == "open" and petition.goal and tally.confirmed >= petition.goal:
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
    if documents_total == 0:
        yield Step(
            gettext("Put the documents beside it"),
            gettext("A plan, a letter, a study: readers want to see for themselves."),
            url("documents.manage", slug=slug),
            gettext("Add a document"),
        )
    if state == "draft":
        yield Step(
            gettext("Read it once more"),
            gettext("After the first signature the text stays as it is."),
            url("petitions.edit", slug=slug),
            gettext("Change the text"),
        )
