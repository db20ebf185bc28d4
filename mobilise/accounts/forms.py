"""What one fills in at the door."""

import wtforms

from mobilise.errors import N_
from mobilise.forms import Email, Form, Text
from mobilise.i18n import gettext


def _six_digits(form: wtforms.Form, field: wtforms.Field) -> None:
    """Written as in the letter, 123 456, or without the space."""
    field.data = "".join((field.data or "").split())
    if not (len(field.data) == 6 and field.data.isascii() and field.data.isdigit()):
        raise wtforms.ValidationError(gettext("The code has six digits, such as 123 456"))


class LoginForm(Form):
    email = Email(hint=N_("The one that you started or joined your group with."))
    next = wtforms.HiddenField()


class CodeForm(Form):
    code = Text(
        N_("Code from the email"),
        missing=N_("Enter the six digits from the email"),
        longest=20,
        validators=[_six_digits],
    )
