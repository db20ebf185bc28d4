"""What an organiser says about a document."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import wtforms

from mobilise.documents import kinds
from mobilise.documents.dossier import Caption, Document
from mobilise.errors import N_
from mobilise.forms import Day, Form, Paragraphs, Text, said
from mobilise.i18n import gettext

EARLIEST = date(1500, 1, 1)


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


class AboutForm(Form):
    """Everything but the file: what can be changed later."""

    title = Text(
        N_("Title"),
        hint=N_("As it stands on the document, or what it is about."),
        missing=N_("Give the document a title"),
        longest=160,
    )
    source = Text(N_("Who made it"), hint=N_("For example: city of Antwerp."), longest=120)
    dated = DayThatHasBeen(N_("Date on the document"))
    note = Paragraphs(N_("Why it matters, in one sentence"), longest=400)

    def caption(self) -> Caption:
        return Caption(
            title=self.title.data or "",
            source=self.source.data or "",
            dated=self.dated.data,
            note=" ".join((self.note.data or "").split()),
        )


class DocumentForm(AboutForm):
    file = File(N_("File"), hint=kinds.TAKEN)


def about(document: Document) -> AboutForm:
    """The form with what is said now."""
    return AboutForm(
        data={name: getattr(document, name) for name in ("title", "source", "dated", "note")}
    )
