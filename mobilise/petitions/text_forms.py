"""What one writes when a petition stands already: its text in a language, a correction."""

import wtforms

from mobilise.errors import N_
from mobilise.forms import Form, Paragraphs

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
