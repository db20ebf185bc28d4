"""What people do in several journeys."""

import io

import pikepdf

from tests.reader import Reader
from tests.running import Site

# With a heading in it, as people write them: every page that shows the text shows it.
TEXT = """The yard has been empty for fifteen years.

## What we ask

We ask for **trees** and a path."""
PDF_NAME = "soil and water.pdf"


def pdf() -> bytes:
    """A real PDF of one page."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


async def start(
    site: Site, alice: Reader, title: str, email: str | None = None, lang: str = "en"
) -> str:
    """Alice writes her petition, opens the letter, presses its button; the slug of her draft."""
    email = email or site.address("alice")
    await write(alice, title, email, lang)
    await go_on(alice)
    letter = await site.letter(email)
    await alice.open(letter.links[0])
    await go_on(alice)
    assert alice.path.startswith("/manage/petitions/"), alice.page.text
    return alice.path.split("/")[3]


async def write(alice: Reader, title: str, email: str, lang: str = "en") -> None:
    """All questions, as far as the list to check."""
    await entitle(alice, title, lang)
    for answers in (
        {"addressee": "The city council"},
        {"why": TEXT},
        {"goal": "4000"},
        {},  # no picture
        {"group": f"Friends of {title}"},
        {"name": "Alice", "email": email},
    ):
        await go_on(alice, **answers)
    assert alice.path == f"/{lang}/start/check", alice.page.text


async def entitle(alice: Reader, title: str, lang: str = "en") -> None:
    """The first question. Whatever looks like it already, hers is different."""
    await alice.open(f"/{lang}/start")
    await go_on(alice, title=title)
    if alice.path.endswith("/start/alike"):
        await alice.open(f"/{lang}/start/whom")


async def send_later(alice: Reader, email: str) -> None:
    """On the page that keeps a draft for later: asks for the letter."""
    form = next(form for form in alice.page.forms if "email" in form.values)
    await alice.press(form.buttons[0][0], email=email)


async def go_on(reader: Reader, **values: str) -> None:
    """The main button of the page's form, whatever its words: the one that sends nothing else."""
    plain = [words for form in reader.page.forms for words, name, _ in form.buttons if not name]
    await reader.press(plain[-1], **values)


async def publish(alice: Reader, slug: str) -> None:
    await alice.open(f"/manage/petitions/{slug}")
    await alice.press("Publish the petition")
    assert alice.status == 200


async def published(site: Site, title: str, email: str | None = None) -> str:
    """An open petition of Alice's."""
    async with Reader(site.url, site.network()) as alice:
        slug = await start(site, alice, title, email)
        await publish(alice, slug)
    return slug


async def add_document(alice: Reader, slug: str, title: str = "Soil and water") -> bytes:
    """Alice uploads a PDF; its bytes."""
    content = pdf()
    await alice.open(f"/manage/petitions/{slug}/documents")
    await alice.press(
        "Add the document",
        title=title,
        source="The city",
        dated="2024-05-12",
        files={"file": (PDF_NAME, content, "application/pdf")},
    )
    assert alice.status == 200 and alice.sees(title), alice.page.text
    return content


async def fill_in(reader: Reader, slug: str, email: str, name: str = "Suzie Peeters") -> None:
    """The form on the petition page, as far as "now check your email"."""
    await reader.open(f"/en/petitions/{slug}")
    await reader.press("Sign the petition", name=name, email=email, postcode="2060")
    assert reader.page.heading == "Now check your email", reader.page.text


async def count(reader: Reader, slug: str) -> int:
    """As the API tells it, live: an address with a query is never kept for a second."""
    answer = await reader.client.get(f"/api/petitions/{slug}/count?fresh")
    assert answer.status_code == 200
    return int(answer.json()["confirmed"])
