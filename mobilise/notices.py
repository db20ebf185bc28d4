"""What the next page says about a deed that was just done: `?said=saved`, from this list alone."""

from mobilise.errors import N_

SAID = {
    "saved": N_("Saved."),
    "published": N_("Your petition is open. Anyone can read and sign it."),
    "submitted": N_("Your petition is handed in. The people who run this site read it first."),
    "closed": N_("Your petition is closed. Everything stays to be read."),
    "added": N_("Added."),
    "sent": N_("Sent."),
    "taken_away": N_("Taken away."),
    "put_back": N_("Put back."),
    "language": N_("Your desk speaks this language from now on."),
}


def after(address: str, code: str) -> str:
    """The address with what is to be said there; a fragment stays behind it."""
    assert code in SAID, code
    page, mark, fragment = address.partition("#")
    return f"{page}{'&' if '?' in page else '?'}said={code}{mark}{fragment}"
