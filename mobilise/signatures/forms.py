"""The sign form, and the two small ones on the page that follows it."""

import re
from functools import lru_cache
from typing import Any

import wtforms
from babel import Locale
from wtforms import ValidationError

from mobilise import i18n
from mobilise.errors import N_
from mobilise.forms import Choice, Email, Form, Paragraphs, SixDigits, Text, Tick, kept_for_people
from mobilise.petitions import eligibility
from mobilise.petitions.reading import Petition
from mobilise.signatures.correcting import Correction
from mobilise.signatures.signing import Wish

FIRST = ("BE", "NL", "FR", "DE", "LU")
OTHERS = (
    "AT", "BG", "CH", "CY", "CZ", "DK", "EE", "ES", "FI", "GB", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LV", "MT", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
ELSEWHERE = "ZZ"
_POSTCODES = {
    "BE": (re.compile(r"[1-9]\d{3}"), N_("Fill in four digits, such as 2060")),
    "NL": (re.compile(r"[1-9]\d{3}([A-Z]{2})?"), N_("Fill in four digits, or 1012 AB")),
    "LU": (re.compile(r"(L-?)?\d{4}"), N_("Fill in four digits, such as 1009")),
    "DE": (re.compile(r"\d{5}"), N_("Fill in five digits, such as 10115")),
    "FR": (re.compile(r"\d{5}"), N_("Fill in five digits, such as 59000")),
}
_ANY = (re.compile(r"[A-Z0-9][A-Z0-9 -]{1,9}"), N_("Fill in your postcode"))


@lru_cache(maxsize=8)
def countries(language: str) -> list[tuple[str, str]]:
    """(code, name in the reader's language): the near ones first, then by name."""
    names = Locale(language).territories
    others = sorted(((code, names[code]) for code in OTHERS), key=lambda pair: pair[1])
    with i18n.using(language):
        elsewhere = (ELSEWHERE, i18n.gettext("Another country"))
    return [*((code, names[code]) for code in FIRST), *others, elsewhere]


class SignForm(Form):
    name = Text(
        N_("Name"), missing=N_("Enter your name"), longest=100, validators=[kept_for_people]
    )
    email = Email(hint=N_("You get one email to confirm."))
    postcode = Text(N_("Postcode"), missing=N_("Enter your postcode"), longest=12)
    country = Choice(N_("Country"), default="BE")
    comment = Paragraphs(
        N_("Why do you sign?"),
        hint=N_("The group reads it first, and may show it on the page."),
        longest=500,
    )
    public_name = Tick(N_("Put my name on this page"))
    updates = Tick(N_("Email me when there is news"))
    of_age = Tick("")  # its words hold the age, which only the petition knows
    version = wtforms.HiddenField()  # of the text that stands beside the form

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.country.choices = countries(i18n.language())

    def validate_postcode(self, field: Text) -> None:
        code = (field.data or "").upper()
        pattern, sentence = _POSTCODES.get(self.country.data or "", _ANY)
        if not pattern.fullmatch(_joined(code) if pattern is not _ANY[0] else code):
            raise ValidationError(i18n.gettext(sentence))

    def wish(self, language: str) -> Wish:
        """What the accepted form says; a Dutch postcode keeps its four digits only."""
        return Wish(
            name=self.name.data or "",
            email=self.email.address.sent,
            email_key=self.email.address.key,
            postcode=self.kept_postcode,
            country=self.country.data,
            comment=self.comment.data or "",
            public_name=bool(self.public_name.data),
            updates=bool(self.updates.data),
            language=language,
            of_age=bool(self.of_age.data),
            read_version=_number(self.version.data or ""),
        )

    @property
    def kept_postcode(self) -> str:
        return _kept(self.postcode.data or "", self.country.data or "")

    def hold_to(self, petition: Petition) -> None:
        """Says at its field what keeps this person from signing this petition."""
        refusals = eligibility.against(
            petition, self.country.data or "", self.kept_postcode, bool(self.of_age.data)
        )
        for refusal in refusals:
            field = self[refusal.field]
            field.errors = field.errors or [i18n.gettext(refusal.message, **refusal.values)]


class CorrectForm(SignForm):
    """What a signer can mend: all but the address, which proves itself by a letter."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("email", "public_name", "updates", "of_age", "version"):
            del self[name]

    def correction(self) -> Correction:
        return Correction(
            name=self.name.data or "",
            postcode=self.kept_postcode,
            country=self.country.data,
            comment=self.comment.data or "",
        )


class CodeForm(Form):
    code = SixDigits(N_("Code of 6 digits from the email"), missing=N_("Enter the six digits"))


class AddressForm(Form):
    email = Email()


def _number(version: str) -> int | None:
    known = version.isascii() and version.isdigit() and len(version) < 7
    return int(version) if known else None


def _joined(code: str) -> str:
    return code.replace(" ", "")


def _kept(postcode: str, country: str) -> str:
    """As it is stored and compared: no spaces, no Luxembourg prefix, no Dutch letters."""
    code = " ".join(postcode.upper().split())
    if country in _POSTCODES:
        code = _joined(code).removeprefix("L-").removeprefix("L")
    return code[:4] if country == "NL" else code
