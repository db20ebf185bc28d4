"""The pages on which a petition is written: one question each, the same for a draft of a few
minutes and for a petition that nobody has signed yet."""

from collections.abc import Mapping
from typing import Any

import wtforms

from mobilise import prose
from mobilise.petitions import forms
from mobilise.petitions.forms import StepForm, Writer
from mobilise.petitions.reading import Petition

FORMS: dict[str, type[StepForm]] = {
    "what": forms.WhatForm,
    "whom": forms.WhomForm,
    "why": forms.WhyForm,
    "goal": forms.GoalForm,
    "picture": forms.PictureForm,
    "group": forms.GroupForm,
    "you": forms.YouForm,
}
EDITED = ("what", "whom", "why", "goal", "picture")
"""What is asked of a petition that stands already."""
STANDS = {
    "what": ("title",),
    "whom": ("addressee",),
    "why": ("why",),
    "goal": ("goal", "opens_on", "closes_on"),
    "picture": ("picture", "picture_alt", "focus"),
}
"""The words in which each of these is answered."""
OF_PICTURE = ("picture", "picture_narrow", "picture_alt", "focus")
MOST_KEPT = 40_000
"""Characters of one answer that are kept while it has mistakes."""


class Words(dict[str, str]):
    """What was typed, by field, as WTForms reads it."""

    def getlist(self, name: str) -> list[str]:
        return [self[name]] if name in self else []


def asked(writer: Writer) -> tuple[str, ...]:
    """The questions for this writer, in their order. Who is in need not say who she is."""
    return tuple(name for name in FORMS if not (writer.logged_in and name == "you"))


def form(step: str, words: Mapping[str, str], writer: Writer) -> StepForm:
    """The question with what was answered until now."""
    return FORMS[step](Words(words) if words else None, writer=writer)


def typed(form: StepForm, sent: Mapping[str, Any]) -> dict[str, str]:
    """The fields of this question as they were typed, right or wrong."""
    return {
        name: str(sent.get(name, "")).replace("\x00", "")[:MOST_KEPT]
        for name, field in form._fields.items()
        if not isinstance(field, wtforms.SubmitField | wtforms.FileField)
    }


def amiss(words: Mapping[str, str], writer: Writer) -> list[str]:
    """The questions that still want an answer, or another one."""
    return [step for step in asked(writer) if not form(step, words, writer).validate()]


def stopped_at(words: Mapping[str, str], writer: Writer) -> str:
    """The first question that was never shown, or wants another look; else the list to check."""
    for step in asked(writer):
        answer = form(step, words, writer)
        if not any(name in words for name in answer._fields) or not answer.validate():
            return step
    return "check"


def said(words: Mapping[str, str], writer: Writer) -> dict[str, Any]:
    """All answers that hold."""
    whole: dict[str, Any] = {}
    for step in asked(writer):
        answer = form(step, words, writer)
        if answer.validate():
            whole |= answer.said()
    return whole


def beside(step: str, by: int, among: tuple[str, ...]) -> str | None:
    """The question before (-1) or after (1) this one; None at the ends."""
    place = among.index(step) + by
    return among[place] if 0 <= place < len(among) else None


def mark(step: str, petition: Petition) -> str:
    """What tells the answer that stands in a petition from another one."""
    told = of_petition(petition)
    return prose.mark(*(told[name] for name in STANDS[step]))


def of_petition(petition: Petition) -> Words:
    """What stands in a petition, as somebody would have typed it."""
    days = {"opens_on": petition.opens_on, "closes_on": petition.closes_on}
    return Words(
        title=petition.title,
        addressee=petition.addressee,
        why=petition.text,
        goal=str(petition.goal or ""),
        picture=petition.picture or "",
        picture_narrow=petition.picture_narrow or "",
        picture_alt=petition.picture_alt,
        focus=" ".join(map(str, petition.picture_focus)),
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    )
