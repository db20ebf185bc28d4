"""What a visitor says is wrong, and why a keeper decides as he does."""

from typing import Any

from wtforms import ValidationError

from mobilise import addresses
from mobilise.errors import N_
from mobilise.forms import Choice, Email, Form, Paragraphs, Text
from mobilise.i18n import gettext
from mobilise.petitions.deciding import Ruling
from mobilise.reasons import REASONS, REPORTED


class MaybeEmail(Email):
    """An address, or nothing. `.sent` is what was typed, or empty."""

    sent = ""

    def __init__(self, label: str, *, hint: str = "", **more: Any) -> None:
        Text.__init__(self, label, hint=hint, longest=addresses.LONGEST, **more)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data:
            super().post_validate(form, validation_stopped)
            self.sent = "" if self.errors else self.address.sent


def _chosen(form: Any, field: Any) -> None:
    """The first line of the list is no choice."""
    if not field.data:
        raise ValidationError(gettext("Choose one from the list"))


class ReportForm(Form):
    reason = Choice(N_("What is wrong?"), validators=[_chosen])
    words = Paragraphs(
        N_("Tell us more"), hint=N_("Where on the page is it? You may leave this empty."),
        longest=2000,
    )  # fmt: skip
    email = MaybeEmail(
        N_("Your email address"),
        hint=N_("Only if you want to hear what came of it. The group never sees it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reason.choices = _choices(REPORTED)


class RulingForm(Form):
    """The fields that a decision needs are shown; `of` says which."""

    reason = Choice(
        N_("Reason"), hint=N_("Everyone reads it, in their own language."), validators=[_chosen]
    )
    same_as = Text(
        N_("Address of the other petition"),
        hint=N_("Only if it asks the same as another one. The last part of its address is enough."),
        longest=300,
    )
    words = Paragraphs(
        N_("In your own words"),
        hint=N_("The group reads this. Say what would have to change."),
        longest=2000,
    )

    def __init__(self, *args: Any, name: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reason.choices = _choices(REASONS)
        self.name = name
        if name in ("send_back", "resume"):
            del self.reason
        if name != "reject":
            del self.same_as

    def is_right(self) -> bool:
        """Like `validate`, with what a decision must not lack."""
        right = self.validate()
        reason = self.data.get("reason")
        if right and not self.words.data and (self.name == "send_back" or reason == "other"):
            self.words.errors = [gettext("Say it in your own words")]
        if right and reason == "same" and "same_as" in self and not self.same_as.data:
            self.same_as.errors = [gettext("Give the address of the other petition")]
        return not self.errors

    def slug(self) -> str:
        """Of the other petition, from its address or bare."""
        typed = self.data.get("same_as") or ""
        return str(typed).split("?")[0].rstrip("/").rpartition("/")[2]

    def ruling(self, language: str, same_as: str) -> Ruling:
        return Ruling(self.data.get("reason") or "", self.words.data or "", language, same_as)


def _choices(sentences: dict[str, str]) -> list[tuple[str, str]]:
    first = ("", gettext("Choose one"))
    return [first, *((code, gettext(sentence)) for code, sentence in sentences.items())]
