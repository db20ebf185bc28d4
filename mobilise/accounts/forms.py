"""What one fills in at the door, about oneself and about a group."""

from typing import Any

import wtforms

from mobilise import i18n, prose
from mobilise.errors import N_
from mobilise.forms import Choice, Email, Form, Paragraphs, SixDigits, Text, kept_for_people, said

ROLES = [
    ("owner", said(N_("Owner"))),
    ("editor", said(N_("Editor"))),
    ("clerk", said(N_("Clerk"))),
]
MEANINGS = {
    "owner": N_("Does everything: invites people, publishes, closes, sees the names of signers."),
    "editor": N_("Writes texts, adds documents and answers questions. Sees no names of signers."),
    "clerk": N_("Checks the list of signers. Changes nothing."),
}
LONGEST_GREETING = 300


def _holds_no_address(form: Any, field: Any) -> None:
    if prose.holds_address(field.data or ""):
        raise wtforms.ValidationError(i18n.gettext("Leave web addresses out of this."))


class LoginForm(Form):
    email = Email(hint=N_("The one that you started or joined your group with."))
    next = wtforms.HiddenField()
    again = wtforms.HiddenField()  # filled when who is in proves the mailbox once more


class CodeForm(Form):
    code = SixDigits(N_("Code from the email"), missing=N_("Enter the six digits from the email"))


class AccountForm(Form):
    name = Text(
        N_("Your name"),
        hint=N_("So that your group knows who you are."),
        missing=N_("Enter your name"),
        validators=[kept_for_people],
    )
    language = Choice(N_("Language of your desk"), choices=list(i18n.LANGUAGES.items()))


class NewNameForm(Form):
    """For who has no account yet."""

    name = Text(
        N_("Your name"),
        hint=N_("So that your group knows who you are."),
        missing=N_("Enter your name"),
        validators=[kept_for_people],
    )


class NewAddressForm(Form):
    email = Email(N_("New email address"), hint=N_("We send an email there, and one to the old."))


class NewGroupForm(Form):
    name = Text(
        N_("Name of the group"),
        missing=N_("Enter the name of your group"),
        validators=[kept_for_people],
    )


class DescribeForm(Form):
    name = Text(
        N_("Name of the group"),
        missing=N_("Enter the name of your group"),
        validators=[kept_for_people],
    )
    about = Paragraphs(
        N_("Who you are"),
        hint=N_("Two or three sentences. Everybody can read them."),
        longest=1500,
    )
    place = Text(N_("Where you live"), hint=N_("Town or neighbourhood."), longest=80)
    language = Choice(N_("In which language is this?"), choices=list(i18n.LANGUAGES.items()))
    seen = wtforms.HiddenField()  # the mark of what stood in the form


class RoleForm(Form):
    role = Choice(N_("Role"), choices=ROLES)


class InviteForm(RoleForm):
    email = Email(hint=N_("We send an email there, with a button to join."))
    greeting = Paragraphs(
        N_("A few words of yours"),
        hint=N_("Not needed. They stand in the email."),
        longest=LONGEST_GREETING,
    )

    def validate_greeting(self, field: Any) -> None:
        _holds_no_address(self, field)


class HandOverForm(Form):
    to = Text(N_("New owner"), missing=N_("Choose who becomes the owner"), longest=15)
