"""To ask, and to answer."""

from mobilise.errors import N_
from mobilise.forms import Email, Form, Paragraphs, Text, Tick, kept_for_people
from mobilise.questions.asking import Question


class AskForm(Form):
    name = Text(
        N_("Your name"), missing=N_("Enter your name"), longest=100, validators=[kept_for_people]
    )
    email = Email(hint=N_("The answer comes to this address. The group does not see it."))
    question = Paragraphs(
        N_("Your question"), missing=N_("Write what you want to know"), longest=2000
    )
    may_show = Tick(N_("The group may show my question and its answer, with my first name"))

    def asked(self, language: str) -> Question:
        return Question(
            name=self.name.data or "",
            email=self.email.address.sent,
            email_key=self.email.address.key,
            language=language,
            question=self.question.data or "",
            may_show=bool(self.may_show.data),
        )


class AnswerForm(Form):
    answer = Paragraphs(N_("Your answer"), missing=N_("Write an answer"), longest=5000)
    shown = Tick(N_("Show question and answer on the petition’s page"))
