"""The form that reaches the keeper, and one that the keeper fills in."""

from mobilise.errors import N_
from mobilise.forms import Email, Form, Paragraphs, Text, kept_for_people


class ContactForm(Form):
    name = Text(
        N_("Your name"),
        missing=N_("Enter your name"),
        longest=100,
        validators=[kept_for_people],
    )
    email = Email(hint=N_("The answer comes to this address."))
    message = Paragraphs(N_("Your message"), missing=N_("Write what you want to say"), longest=5000)


class SilencedForm(Form):
    email = Email()
