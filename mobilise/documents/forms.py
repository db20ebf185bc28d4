"""What an organiser says about a document, its versions and its sections."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import wtforms

from mobilise.documents import kinds
from mobilise.documents.dossier import Caption, Document
from mobilise.documents.rights import EXPLAINED, LANGUAGES
from mobilise.documents.sections import Section
from mobilise.errors import N_
from mobilise.forms import Choice, Day, Form, Paragraphs, Text, said
from mobilise.i18n import gettext

EARLIEST = date(1500, 1, 1)
LONGEST_ADDRESS = 1000
VIEW_ONLY = "view_only"
OF_A_PLAN = N_(
    "Of a plan that may only be viewed we keep no file. Say below where one can look at it; with "
    "the file we note its checksum, and let it go."
)


class File(wtforms.FileField):
    """The file itself is read by `uploads`; here stand its label and what is wrong with it."""

    def __init__(self, label: str, *, hint: str = "", **more: Any) -> None:
        accept = ",".join(f".{kind}" for kind in (*kinds.MEDIA_TYPES, "jpeg"))
        super().__init__(
            said(label),
            description=said(hint),
            render_kw={"accept": accept},
            **more,
        )


class DayThatHasBeen(Day):
    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # somewhere it is that already
        if self.data and not self.errors and not EARLIEST <= self.data <= tomorrow:
            self.errors = [gettext("Choose a day that has been")]


class WebAddress(Text):
    """A page of the web. Nothing else is linked to: a link is pressed by people who trust it."""

    def __init__(self, label: str, **more: Any) -> None:
        kw = {"type": "url", "inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(label, longest=LONGEST_ADDRESS, render_kw=kw, **more)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data and not self.errors and not _leads_somewhere(self.data):
            self.errors = [gettext("Write the whole address, beginning with https://")]


def _leads_somewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = not any(c in ' "<>\\^`{|}' for c in address)
    return bool(parts.scheme in ("http", "https") and host and "." in host and plain)


class FileForm(Form):
    file = File(N_("File"), hint=kinds.TAKEN)


class SaidForm(Form):
    """What is said about anything that stands in a dossier. `shelves`: sections to choose from."""

    title = Text(
        N_("Title"),
        hint=N_("As it stands on the document, or what it is about."),
        missing=N_("Give the document a title"),
        longest=160,
    )
    source = Text(N_("Who made it"), hint=N_("For example: city of Antwerp."), longest=120)
    dated = DayThatHasBeen(N_("Date on the document"))
    note = Paragraphs(
        N_("Why it matters, in one sentence"),
        hint=N_("For example: page 12 shows how much rain the ground can hold."),
        longest=400,
    )
    section = Choice(N_("Section"), default="")

    def __init__(self, *args: Any, shelves: Sequence[Section] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        none = ("", gettext("None"))
        self.section.choices = [none, *((str(each.id), each.title) for each in shelves)]

    def caption(self) -> Caption:
        """What was said; what this form does not ask is as it always is."""
        known = {each.name for each in fields(Caption)}
        told = {name: value for name, value in self.data.items() if name in known}
        told["note"] = " ".join((self.note.data or "").split())
        section = self.section.data
        return Caption(**told, section_id=int(section) if section else None)


class AboutForm(SaidForm):
    """Everything but the file: what can be changed later. A file that is here already is no plan
    that may not be copied: such a one is taken away, and mentioned without its file."""

    rights = Choice(N_("What may be done with it"), default="unknown")
    language = Choice(
        N_("Language of the document"),
        hint=N_("So that its words are found in all their forms."),
        default="simple",
    )
    address = WebAddress(N_("Address where you found it"))
    archived = WebAddress(
        N_("The same page in an archive"), hint=N_("For example at web.archive.org.")
    )
    received_on = DayThatHasBeen(N_("Day on which you received it"))
    checked = Text(
        N_("Looked through for data about people"),
        hint=N_("For example: the names of neighbours on page 3 were made unreadable."),
        longest=200,
    )
    consult = Text(
        N_("Where one can look at it"),
        hint=N_("For example: town hall, counter 4, on weekdays until noon."),
        longest=200,
    )

    def __init__(self, *args: Any, only_facts: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.language.choices = [(code, gettext(word)) for code, word in LANGUAGES.items()]
        self.rights.choices = [
            (code, gettext(words))
            for code, words in EXPLAINED.items()
            if only_facts or code != VIEW_ONLY
        ]

    @property
    def is_told_more(self) -> bool:
        """Is there a word or a mistake in what is folded away?"""
        more = (self.address, self.archived, self.received_on, self.checked, self.consult)
        return bool(self.language.errors) or any(each.data or each.errors for each in more)


class ElsewhereForm(AboutForm):
    """A plan of which only facts are kept: there is nothing to choose of its rights."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.rights

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return _says_where(self) and fine

    def caption(self) -> Caption:
        return replace(super().caption(), rights=VIEW_ONLY)


class DocumentForm(AboutForm, FileForm):
    """A document that is added: the file first, then what is said of it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, only_facts=True, **options)
        self.rights.description = gettext(OF_A_PLAN)

    @property
    def keeps_no_file(self) -> bool:
        return bool(self.rights.data == VIEW_ONLY)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return (not self.keeps_no_file or _says_where(self)) and fine


def _says_where(form: AboutForm) -> bool:
    if not form.consult.data:
        form.consult.errors = [gettext("Say where one can look at this plan")]
    return bool(form.consult.data)


class LinkForm(SaidForm):
    """What others wrote, and stays with them."""

    title = Text(N_("Title"), missing=N_("Give the link a title"), longest=160)
    address = WebAddress(N_("Address of the page"), missing=N_("Enter the address of the page"))
    source = Text(
        N_("Who published it"), hint=N_("For example: the name of the newspaper."), longest=120
    )
    dated = DayThatHasBeen(N_("Date of publication"))
    note = Paragraphs(N_("Why it is worth reading, in one sentence"), longest=400)
    archived = WebAddress(
        N_("The same page in an archive"), hint=N_("For example at web.archive.org.")
    )
    section = Choice(N_("Section"), default="")


FORMS: dict[str, type[SaidForm]] = {
    "file": AboutForm,
    "link": LinkForm,
    "elsewhere": ElsewhereForm,
}
"""Kind of entry → what can be said about it later."""


def said_now(document: Document) -> dict[str, Any]:
    """What a form is filled with when nothing was sent yet."""
    told = {each.name: getattr(document, each.name) for each in fields(Caption)}
    return told | chosen_now(document)


def chosen_now(document: Document) -> dict[str, str]:
    """What stays chosen when a form says nothing of it; a field that was emptied is empty."""
    return {
        "rights": document.rights,
        "language": document.language,
        "section": str(document.section_id or ""),
    }


class SectionForm(Form):
    title = Text(
        N_("Name of the section"),
        hint=N_("For example: permits, or what others wrote."),
        missing=N_("Give the section a name"),
        longest=80,
    )
    about = Text(N_("What stands in it, in one line"), longest=160)


class WhyForm(Form):
    """A deed that is told with its reason, for everybody to read."""

    because = Text(
        N_("Why? Everybody can read this."),
        missing=N_("Say why, in one sentence"),
        longest=200,
    )


class ReplaceForm(WhyForm, FileForm):
    pass


class WordsForm(Form):
    words = Text(
        N_("Words to make unreadable"),
        hint=N_("For example a name, as it stands on the page."),
        missing=N_("Write the words that must go"),
        longest=100,
    )
