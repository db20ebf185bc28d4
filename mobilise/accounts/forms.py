"""What one fills in at the door."""

import wtforms

from mobilise.errors import N_
from mobilise.forms import Email, Form, SixDigits


class LoginForm(Form):
    email = Email(hint=N_("The one that you started or joined your group with."))
    next = wtforms.HiddenField()


class CodeForm(Form):
    code = SixDigits(N_("Code from the email"), missing=N_("Enter the six digits from the email"))
