"""Text of strangers made safe, names folded, addresses compared, numbers said the local way."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobilise import addresses, i18n, prose

ZONE = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<img src=x onerror="alert(1)">',
        "![x](https://tracker.example/pixel.gif)",
        '<a href="https://x.example" onclick="x()">x</a>',
        "<iframe src=https://x.example></iframe>",
        '<p style="position:fixed">x</p>',
    ],
)
def test_markdown_of_a_stranger_is_harmless(source: str) -> None:
    html = str(prose.markdown(source)).lower()
    for bad in ("<script", 'href="javascript', 'href="data', "<img", "<iframe", "<p style"):
        assert bad not in html


@given(st.text(max_size=200))
def test_markdown_never_fails_and_never_lets_a_tag_through(source: str) -> None:
    html = str(prose.markdown(source))
    allowed = {"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h3", "h4",
               "code", "pre", "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= allowed
    assert set(re.findall(r"<[a-z0-9]+ ([a-z-]+)=", html)) <= {"href"}


def test_brackets_that_never_close_keep_nobody_waiting() -> None:
    """Each looked for its end in all that follows: this many would take a worker for hours."""
    assert "![![" in prose.markdown("![" * 100_000)
    assert prose.markdown("[the plan](https://antwerpen.example/plan) " * 400).count("<a ") == 400


@pytest.mark.parametrize(
    ("written", "levels"),
    [("# A\n\n## B", "34"), ("## A\n\n### B\n\n# C", "343"), ("### A\n\n# B\n\n###### C", "334")],
)
def test_headings_leave_out_no_step(written: str, levels: str) -> None:
    """A page's own headings end at h2; a screen reader counts on the next one being h3."""
    assert "".join(re.findall(r"<h(\d)>", prose.markdown(written))) == levels


def test_markdown_keeps_what_a_petition_needs() -> None:
    html = str(prose.markdown("# Why\n\n1. **Trees**\n2. [Plan](https://x.example/plan)\n"))
    assert "<h3>Why</h3>" in html and "<ol>" in html and "<strong>Trees</strong>" in html
    assert 'rel="nofollow noopener ugc"' in html


def test_the_first_paragraph_is_the_lead_when_it_is_plain_and_short() -> None:
    assert prose.lead_and_rest("One.\n\nTwo.") == ("One.", "Two.")
    assert prose.lead_and_rest("# Head\n\nTwo.") == ("", "# Head\n\nTwo.")
    assert prose.lead_and_rest("*One*\n\nTwo.")[0] == ""
    assert prose.lead_and_rest("x" * 400 + "\n\nTwo.")[0] == ""


@pytest.mark.parametrize(
    ("name", "folded"),
    [("Zoë  O’Neill", "zoe o'neill"), ("ŁUKASZ", "lukasz"), ("Straße", "strasse"),
     ("Jean-Luc", "jean luc"), ("ÅSA", "asa")],
)  # fmt: skip
def test_names_are_folded(name: str, folded: str) -> None:
    assert prose.folded(name) == folded


def test_a_slug_is_short_and_plain() -> None:
    assert prose.slug("Maak van het rangeerterrein één park!") == (
        "maak-van-het-rangeerterrein-een-park"
    )
    assert prose.slug("李") == "petition"
    assert len(prose.slug("woord " * 40)) <= 60


def test_what_cannot_be_read_is_not_printable() -> None:
    assert prose.printable("Één lijn\nen een tab\t")
    for bad in ("\x00", "\x1b", "\u202e", "\ud800", "\ufffe", "\uffff"):
        assert not prose.printable(f"a{bad}b")


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sent", "key"),
    [
        ("Suzie@Post.Example", "Suzie@post.example", "suzie@post.example"),
        (" suzie@post.example ", "suzie@post.example", "suzie@post.example"),
        ("su.zie+x@googlemail.com", "su.zie+x@googlemail.com", "suzie@gmail.com"),
        ("su.zie@post.example", "su.zie@post.example", "su.zie@post.example"),
        ("suzie@bücher.example", "suzie@xn--bcher-kva.example", "suzie@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_a_form_to_send_and_a_form_to_compare(
    typed: str, sent: str, key: str
) -> None:
    assert addresses.parse(typed) == addresses.Address(sent, key)


@pytest.mark.parametrize(
    "typed",
    ["", "x", "a@b", "a b@post.example", "a@@post.example", '"a b"@post.example', "a@[127.0.0.1]",
     "Suzie <suzie@post.example>", "a@post.example\nBcc: b@post.example", "é@post.example",
     "a" * 65 + "@post.example", "a@" + "b" * 300],
)  # fmt: skip
def test_what_no_letter_can_be_sent_to_is_refused(typed: str) -> None:
    with pytest.raises(addresses.BadAddress):
        addresses.parse(typed)


def test_a_masked_address_is_recognised_only_by_its_owner() -> None:
    assert addresses.masked("suzie.overweg@brievenbus.example") == "s…g@b…s.example"
    assert addresses.masked("jo@x.be") == "j…@x….be"


def test_a_slip_is_offered() -> None:
    assert addresses.likely("suzie@gmial.com") == "suzie@gmail.com"
    assert addresses.likely("suzie@gmail.com") is None
    assert addresses.likely("nonsense") is None


# --- the local way ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "number", "day", "moment"),
    [
        ("nl", "2.847", "12 mei 2026", "12 mei 2026, 16.20 uur"),
        ("fr", "2 847", "12 mai 2026", "12 mai 2026, 16 h 20"),
        ("de", "2.847", "12. Mai 2026", "12. Mai 2026, 16.20 Uhr"),
        ("en", "2,847", "12 May 2026", "12 May 2026, 16:20"),
    ],
)
def test_numbers_and_dates(language: str, number: str, day: str, moment: str) -> None:
    at = datetime(2026, 5, 12, 14, 20, tzinfo=UTC)
    with i18n.using(language):
        assert i18n.number(2847).replace("\u00a0", " ") == number
        assert i18n.day(date(2026, 5, 12)).replace("\u00a0", " ") == day
        assert i18n.moment(at, ZONE).replace("\u00a0", " ") == moment


@pytest.mark.parametrize(
    ("octets", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (8_400_000, "8.4 MB"), (41_000, "41 kB"),
     (2_300_000_000, "2.3 GB")],
)  # fmt: skip
def test_sizes(octets: int, said: str) -> None:
    with i18n.using("en"):
        assert i18n.size(octets).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "nl"), ("fr-BE,fr;q=0.9,en;q=0.5", "fr"), ("es,de;q=0.3", "de"), ("en;q=0,nl", "nl"),
     ("xx", "nl"), ("en;q=nonsense,fr", "fr"), ("," * 4000, "nl")],
)  # fmt: skip
def test_the_readers_language_is_guessed_from_the_browser(header: str, language: str) -> None:
    assert i18n.preferred(header) == language
