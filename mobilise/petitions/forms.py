"""What one writes to start a petition, and to change it."""

from typing import Any

from mobilise.errors import N_
from mobilise.forms import Email, Form, Paragraphs, Text, WholeNumber, kept_for_people


class TextForm(Form):
    """The petition itself."""

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
    why = Paragraphs(
        N_("Why do you ask this?"),
        hint=N_("Begin with the most important. An empty line begins a new paragraph."),
        missing=N_("Write why you ask this"),
        longest=20_000,
    )
    goal = WholeNumber(
        N_("How many signatures do you hope for?"),
        hint=N_("You may leave this empty."),
    )

    def text(self) -> dict[str, Any]:
        """What was written, as it is kept."""
        return {
            "title": self.title.data,
            "addressee": self.addressee.data,
            "why": self.why.data,
            "goal": self.goal.number,
        }


class GroupForm(TextForm):
    """For who is logged in: name and address are known."""

    group = Text(
        N_("Name of your group"),
        hint=N_("People see who asks this."),
        missing=N_("Give your group a name"),
        longest=100,
        validators=[kept_for_people],
    )

    def draft(self) -> dict[str, Any]:
        return {**self.text(), "group": self.group.data}


class StartForm(GroupForm):
    """For everybody else: the letter to this address makes the account."""

    name = Text(
        N_("Your name"),
        missing=N_("Enter your name"),
        longest=100,
        validators=[kept_for_people],
    )
    email = Email(hint=N_("You get one email. With the button in it you come in."))

    def draft(self) -> dict[str, Any]:
        return {**super().draft(), "name": self.name.data}
