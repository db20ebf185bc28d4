"""What one writes to start a petition, and to change it: one form a question."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

import wtforms

from mobilise.accounts.groups import Owned
from mobilise.errors import N_
from mobilise.forms import Day, Email, Form, Text, WholeNumber, kept_for_people, said
from mobilise.i18n import gettext
from mobilise.petitions.lifecycle import MONTHS_OPEN
from mobilise.petitions.text_forms import MarkdownForm


@dataclass(frozen=True)
class Writer:
    """Who writes: which questions she is asked, and what her answers are held to."""

    today: date
    person_id: int | None = None  # when she is logged in
    groups: tuple[Owned, ...] = ()  # that she owns
    opened: date | None = None  # the petition is open since

    @property
    def logged_in(self) -> bool:
        return self.person_id is not None


class StepForm(Form):
    """One question. `said()`: the answer as a petition keeps it."""

    def __init__(self, formdata: Any = None, *, writer: Writer, **more: Any) -> None:
        super().__init__(formdata, **more)
        self.writer = writer

    def said(self) -> dict[str, Any]:
        raise AssertionError("each question says what is answered")


class WhatForm(StepForm):
    title = Text(
        N_("Title"),
        hint=N_("What should happen, in one line."),
        missing=N_("Give your petition a title"),
        longest=120,
    )

    def said(self) -> dict[str, Any]:
        return {"title": self.title.data}


class WhomForm(StepForm):
    addressee = Text(
        N_("Who decides about it?"),
        hint=N_("For example the city council."),
        missing=N_("Write who decides about it"),
        longest=120,
    )

    def said(self) -> dict[str, Any]:
        return {"addressee": self.addressee.data}


class WhyForm(StepForm, MarkdownForm):
    def said(self) -> dict[str, Any]:
        return {"why": self.why.data}


class GoalForm(StepForm):
    """A number and two days; each may stay empty."""

    goal = WholeNumber(
        N_("How many signatures do you hope for?"),
        hint=N_("You may leave this empty."),
    )
    opens_on = Day(
        N_("First day to sign"),
        hint=N_("Leave this empty to open it yourself, when you are ready."),
    )
    closes_on = Day(
        N_("Last day to sign"),
        hint=N_("Leave this empty if you do not know yet."),
    )

    def __init__(self, formdata: Any = None, *, writer: Writer, **more: Any) -> None:
        super().__init__(formdata, writer=writer, **more)
        if writer.opened:
            del self.opens_on

    def validate(self, extra_validators: Any = None) -> bool:
        """The days must be still to come, in their order, and not too far apart."""
        super().validate(extra_validators)
        today, opens = self.writer.today, getattr(self, "opens_on", None)
        if opens is not None and opens.data and not opens.errors and opens.data < today:
            opens.errors = [gettext("Choose today or a day that is still to come")]
        closes = self.closes_on
        if closes.data and not closes.errors:
            first = self.writer.opened or (opens.data if opens is not None else None) or today
            if closes.data < today:
                closes.errors = [gettext("Choose today or a day that is still to come")]
            elif closes.data < first:
                closes.errors = [gettext("The last day comes before the first. Choose a later one")]
            elif closes.data > later(first, MONTHS_OPEN):
                sentence = gettext("A petition is open for %(months)s months at most")
                closes.errors = [sentence % {"months": MONTHS_OPEN}]
        return not self.errors

    def said(self) -> dict[str, Any]:
        opens = getattr(self, "opens_on", None)
        days = {} if opens is None else {"opens_on": opens.data}
        return {"goal": self.goal.number, **days, "closes_on": self.closes_on.data}


class PictureForm(StepForm):
    """The words to a picture, and what of it must stay in sight. The file itself is read by
    `uploads`; which picture it became stands among the words of the draft."""

    file = wtforms.FileField(
        said(N_("Picture")),
        description=said(N_("jpg, png or webp, at most 20 MB. Leave it empty to do without.")),
        render_kw={"accept": ".jpg,.jpeg,.png,.webp"},
    )
    picture_alt = Text(
        N_("What is on it, in one sentence?"),
        hint=N_("For people who cannot see it. For example: children play between the rails."),
        longest=250,
    )
    focus = wtforms.RadioField(
        said(N_("What must stay in sight?")),
        description=said(N_("On a phone the edges are cut off.")),
        validate_choice=False,
    )

    def __init__(self, formdata: Any = None, *, writer: Writer, **more: Any) -> None:
        super().__init__(formdata, writer=writer, **more)
        self.picture = formdata.get("picture", "") if formdata else ""
        self.narrow = formdata.get("picture_narrow", "") if formdata else ""
        squares = {f"{x} {y}": words for (x, y), words in _squares().items()}
        self.focus.choices = list(squares.items())
        if self.focus.data not in squares:
            self.focus.data = "50 50"

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.picture and not self.picture_alt.data and not self.picture_alt.errors:
            self.picture_alt.errors = [gettext("Say in one sentence what is on the picture")]
        return not self.errors

    def said(self) -> dict[str, Any]:
        return {
            "picture": self.picture or None,
            "picture_narrow": self.narrow or None,
            "picture_alt": self.picture_alt.data if self.picture else "",
            "picture_focus": [int(part) for part in self.focus.data.split()],
        }


def _squares() -> dict[tuple[int, int], str]:
    """Nine places in a picture, per cent from the left and from the top."""
    return {
        (0, 0): gettext("top left"),
        (50, 0): gettext("top"),
        (100, 0): gettext("top right"),
        (0, 50): gettext("left"),
        (50, 50): gettext("middle"),
        (100, 50): gettext("right"),
        (0, 100): gettext("bottom left"),
        (50, 100): gettext("bottom"),
        (100, 100): gettext("bottom right"),
    }


class GroupForm(StepForm):
    """The name of a group; who owns some chooses among them, by number: two may have one name."""

    chosen = wtforms.RadioField(said(N_("Your groups")), validate_choice=False)
    group = Text(
        N_("Name of your group"),
        hint=N_("People see who asks this."),
        longest=100,
    )

    def __init__(self, formdata: Any = None, *, writer: Writer, **more: Any) -> None:
        super().__init__(formdata, writer=writer, **more)
        self.owned = {str(each.id): each for each in writer.groups}
        if not self.owned:
            del self.chosen
            return
        another = ("", gettext("Another group"))
        self.chosen.choices = [*((n, each.label) for n, each in self.owned.items()), another]
        if self.chosen.data is None:  # not answered yet
            self.chosen.data = "" if self.group.data else next(iter(self.owned))
        self.group.label = wtforms.Label(self.group.id, gettext("Name of the other group"))

    @property
    def one(self) -> Owned | None:
        """The group that is chosen; None for one that is named."""
        return self.owned.get(self.chosen.data) if self.owned else None

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.owned and self.chosen.data and self.one is None:  # hers no more
            self.chosen.errors = [gettext("Choose one of your groups")]
        if not self.errors and self.one is None:
            try:
                self._named()
            except wtforms.ValidationError as error:
                self.group.errors = [str(error)]
        return not self.errors

    def _named(self) -> None:
        name = self.group.data or ""
        if not name:
            raise wtforms.ValidationError(gettext("Give your group a name"))
        kept_for_people(self, self.group)
        same = [each for each in self.writer.groups if each.is_called(name)]
        if len(same) > 1:  # which of them only she knows
            raise wtforms.ValidationError(
                gettext("Several of your groups have this name. Choose one of them above")
            )

    def said(self) -> dict[str, Any]:
        """`group`: as the list to check shows it; `group_id` where it is one of hers."""
        if self.one is not None:
            return {"group": self.one.label, "group_id": self.one.id}
        return {"group": self.group.data or "", "group_id": None}


class YouForm(StepForm):
    """For who is not logged in: the letter to this address makes the account."""

    name = Text(
        N_("Your name"),
        missing=N_("Enter your name"),
        longest=100,
        validators=[kept_for_people],
    )
    email = Email(hint=N_("You get one email. With the button in it you come in."))

    def said(self) -> dict[str, Any]:
        return {"name": self.name.data, "email": self.email.address}


class LaterForm(Form):
    """Where the letter goes that brings one back to what is half written."""

    email = Email(hint=N_("You get one email. Its button brings you back, on any device."))


def later(day: date, months: int) -> date:
    """The same day so many months on, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
