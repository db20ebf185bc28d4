"""What one writes when a petition stands already: its text in a language, a correction."""

from typing import Any

import wtforms
from babel import Locale

from mobilise import i18n
from mobilise.errors import N_
from mobilise.forms import Choice, Form, Paragraphs, Text, WholeNumber
from mobilise.petitions import postcodes
from mobilise.petitions.versions import Words

LONGEST_TEXT = 20_000


class Preview(wtforms.SubmitField):
    """The button "show how it looks". A handler asks `form.preview.data` before it validates, and
    shows the form again: nothing typed is lost, nothing is kept."""


class MarkdownForm(Form):
    """A form with words in Markdown; `petitions/_markdown.html` draws the two fields together."""

    why = Paragraphs(
        N_("Why do you ask this?"),
        hint=N_("Begin with the most important. An empty line begins a new paragraph."),
        missing=N_("Write why you ask this"),
        longest=LONGEST_TEXT,
    )
    preview = Preview()


class WordsForm(MarkdownForm):
    """The whole text in one language."""

    title = Text(
        N_("Title"),
        hint=N_("What should happen, in one line."),
        missing=N_("Give your petition a title"),
        longest=120,
    )
    addressee = Text(
        N_("Who decides about it?"),
        hint=N_("For example the city council."),
        missing=N_("Write who decides about it"),
        longest=120,
    )
    picture_alt = Text(
        N_("What is in the picture?"),
        hint=N_("For whoever cannot see it: one sentence."),
        longest=250,
    )
    seen = wtforms.HiddenField()  # the mark of the text that stood in the form

    def words(self) -> Words:
        return Words(
            title=self.title.data or "",
            addressee=self.addressee.data or "",
            body=self.why.data or "",
            picture_alt=self.picture_alt.data or "",
        )

    @property
    def reason(self) -> str:
        return ""


class CorrectionForm(WordsForm):
    """Another text where somebody has signed: everybody reads why."""

    note = Paragraphs(
        N_("What do you correct, and why?"),
        hint=N_("Everybody can read this beside the petition."),
        missing=N_("Write what you correct, and why"),
        longest=500,
    )

    @property
    def reason(self) -> str:
        return " ".join((self.note.data or "").split())


class WhoForm(Form):
    """Who may sign. `.places` holds the postcodes as they are kept."""

    postcodes = Paragraphs(
        N_("Postcodes"),
        hint=N_("For example: 2060, 2140-2180. Leave it empty if it does not matter."),
        longest=4_000,
    )
    country = Choice(N_("Country of these postcodes"), default="BE")
    minimum_age = WholeNumber(
        N_("Minimum age"),
        hint=N_("People tick that they are old enough. We never ask how old they are."),
        lowest=1,
        highest=99,
    )
    seen = wtforms.HiddenField()  # the rule that stood beside the form
    places: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = Locale(i18n.language()).territories
        self.country.choices = [(code, names[code]) for code in postcodes.DIGITS]

    def validate_postcodes(self, field: Paragraphs) -> None:
        try:
            self.places = postcodes.parse(field.data or "", self.country.data or "")
        except postcodes.BadPostcode as bad:
            raise wtforms.ValidationError(
                i18n.gettext(
                    "We cannot read %(piece)s as a postcode. Write it like %(example)s.",
                    piece=str(bad)[:40],
                    example=postcodes.EXAMPLES[postcodes.DIGITS.get(self.country.data or "", 4)],
                )
            ) from bad
        if len(self.places) > postcodes.MOST:
            raise wtforms.ValidationError(
                i18n.gettext("Choose fewer: at most %(most)s", most=postcodes.MOST)
            )
