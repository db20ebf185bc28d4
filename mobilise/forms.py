"""Forms: WTForms with our sentences, our filters, and nothing typed ever lost."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import wtforms
from markupsafe import escape
from wtforms import Field, ValidationError

from mobilise import addresses, prose
from mobilise.errors import N_
from mobilise.i18n import gettext


class _Said:
    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return gettext(self.message) if self.message else ""

    def __html__(self) -> str:
        return str(escape(str(self)))


def said(message: str) -> Any:
    """A sentence of the catalogue that is translated when it is shown, not when it is written.

    WTForms takes it for the `str` that it becomes.
    """
    return _Said(message)


class _Sentences:
    """WTForms' own messages go through our catalogue too."""

    def gettext(self, string: str) -> str:
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return gettext(singular if n == 1 else plural)


class Form(wtforms.Form):
    """A form whose messages come in the reader's language, in the order of its fields."""

    class Meta:
        def get_translations(self, form: wtforms.Form) -> _Sentences:
            return _Sentences()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """A copy of the field as it was made for the first form of its kind.

            To make seven fields anew took longer than to validate them, and nothing that they are
            made with changes afterwards. A field does not know its form: they would be a circle,
            which only the collector of garbage takes apart.
            """
            known = vars(unbound_field).setdefault("known", {})
            name = options["prefix"], options["name"]
            if name not in known:
                known[name] = unbound_field.bind(form=form, **options)
                known[name]._form = None
            field: Field = object.__new__(unbound_field.field_class)
            vars(field).update(vars(known[name]), _form=None, meta=self)
            return field


def stripped(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").strip()


def one_line(value: str | None) -> str:
    return " ".join((value or "").split())


def _checks(missing: str | None, longest: int) -> list[Callable[[Any, Any], None]]:
    """What every field of words is held to, in this order."""
    there = [_is_there(missing)] if missing else []
    return [*there, _not_too_long(longest), _is_printable]


class Text(wtforms.StringField):
    """One line of words. `missing` is a whole sentence; without it the field may stay empty."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        missing: str | None = None,
        longest: int = 120,
        validators: Sequence[Callable[[Any, Any], None]] = (),
        **more: Any,
    ) -> None:
        super().__init__(
            said(label),
            description=said(hint),
            filters=[one_line],
            validators=[*_checks(missing, longest), *validators],
            **more,
        )
        self.longest = longest


class Paragraphs(wtforms.TextAreaField):
    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        missing: str | None = None,
        longest: int = 20_000,
        **more: Any,
    ) -> None:
        super().__init__(
            said(label),
            description=said(hint),
            filters=[stripped],
            validators=_checks(missing, longest),
            **more,
        )
        self.longest = longest


class Email(Text):
    """An address. After validation `.address` holds its two forms, `.likely` a better guess."""

    address: addresses.Address

    def __init__(self, label: str = N_("Email address"), *, hint: str = "", **more: Any) -> None:
        super().__init__(
            label,
            hint=hint,
            missing=N_("Enter your email address"),
            longest=addresses.LONGEST,
            **more,
        )

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or self.errors:
            return
        try:
            self.address = addresses.parse(self.data or "")
        except addresses.BadAddress:
            self.errors = [
                gettext("Enter an address with an @, like name@post.example")
                if "@" not in (self.data or "")
                else gettext("Check this address. Something in it is not right.")
            ]

    @property
    def likely(self) -> str | None:
        return addresses.likely(self.data or "")


class Day(wtforms.DateField):
    """A day, or nothing: 2026-03-18, 18/3/2026, 18.3.2026 or 18-3-2026."""

    def __init__(self, label: str, *, hint: str = "", **more: Any) -> None:
        super().__init__(
            said(label),
            description=said(hint),
            format=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"],
            validators=[wtforms.validators.Optional()],
            **more,
        )

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist if value.strip()])
        except ValueError as error:
            raise ValueError(gettext("Write the date like 18/3/2026")) from error


class Tick(wtforms.BooleanField):
    """A box that is never ticked in advance."""

    def __init__(self, label: str, *, hint: str = "", **more: Any) -> None:
        super().__init__(
            said(label),
            description=said(hint),
            **more,
        )


class Choice(wtforms.SelectField):
    """One of `choices`, which are pairs of a value and its words."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        choices: Sequence[tuple[str, str]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(
            said(label),
            description=said(hint),
            **more,
        )
        if choices is not None:
            self.choices = list(choices)

    def pre_validate(self, form: Any) -> None:
        """Looks at the values alone; WTForms would first make an option of each of them."""
        pairs = cast("list[tuple[str, str]]", self.choices)
        if not any(self.data == value for value, _ in pairs):
            raise ValidationError(gettext("Choose one from the list"))


class SixDigits(Text):
    """A code as a letter writes it, 123 456, or without the space. `.data` is its digits."""

    def __init__(self, label: str, *, missing: str, **more: Any) -> None:
        super().__init__(label, missing=missing, longest=20, validators=[_six_digits], **more)


class WholeNumber(Text):
    """A number of things, as people write it: 4000, 4.000, 4 000. `.number` is an int or None."""

    number: int | None = None

    def __init__(self, label: str, *, lowest: int = 1, highest: int = 10_000_000, **more: Any):
        super().__init__(label, longest=20, **more)
        self.lowest, self.highest = lowest, highest

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        digits = "".join(c for c in (self.data or "") if c not in " .,'\u00a0\u202f")
        if validation_stopped or self.errors or not digits:
            return
        if not (digits.isascii() and digits.isdigit()):
            self.errors = [gettext("Write a whole number, such as 500")]
        elif not self.lowest <= int(digits) <= self.highest:
            self.errors = [
                gettext("Choose a number from %(low)s to %(high)s")
                % {"low": self.lowest, "high": self.highest}
            ]
        else:
            self.number = int(digits)


def _is_there(sentence: str) -> Callable[[Any, Any], None]:
    def check(form: Any, field: Any) -> None:
        if not (field.data or "").strip():
            raise wtforms.validators.StopValidation(gettext(sentence))

    return check


def _not_too_long(longest: int) -> Callable[[Any, Any], None]:
    def check(form: Any, field: Any) -> None:
        if len(field.data or "") > longest:
            raise wtforms.validators.StopValidation(
                gettext("Keep this under %(longest)s characters") % {"longest": longest}
            )

    return check


def _six_digits(form: Any, field: Any) -> None:
    digits = "".join(c for c in field.data if c not in " -")
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        raise ValidationError(gettext("The code has six digits, such as 123 456"))
    field.data = digits


def _is_printable(form: Any, field: Any) -> None:
    if not prose.printable(field.data or ""):
        raise wtforms.validators.StopValidation(
            gettext("There are signs in this that cannot be read. Type it again.")
        )


def kept_for_people(form: Any, field: Any) -> None:
    """A name is a name: no address in it, and nothing that a spreadsheet would calculate."""
    name = field.data or ""
    if name[:1] in "=+-@":
        raise ValidationError(gettext("Begin with a letter"))
    lowered = name.lower()
    if "://" in lowered or "www." in lowered or "@" in name or "/" in name:
        raise ValidationError(gettext("Write only a name here, no address"))
    if not any(c.isalpha() for c in name):
        raise ValidationError(gettext("Write a name with letters"))
