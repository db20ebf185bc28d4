"""What people do in several journeys."""

from urllib.parse import urlsplit

from tests.reader import Reader
from tests.running import Site

TEXT = "The yard has been empty for fifteen years.\n\nWe ask for **trees** and a path."
PDF_NAME = "soil and water.pdf"


def pdf() -> bytes:
    """A real PDF of one page."""
    import io

    import pikepdf

    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


async def start(
    site: Site, alice: Reader, title: str, email: str = "alice@post.example", **more: str
) -> str:
    """Alice writes her petition, opens the letter, presses its button; the slug of her draft."""
    await alice.open("/en/start")
    values = {
        "title": title,
        "addressee": "The city council",
        "why": TEXT,
        "goal": "4000",
        "name": "Alice",
        "group": f"Friends of {title}",
        "email": email,
    } | more
    await alice.press("Make my petition", **values)
    assert alice.page.heading == "Now check your email", alice.page.text
    letter = await site.letter(email)
    await alice.open(letter.links[0])
    await alice.press(alice.page.forms[-1].buttons[0][0])
    assert alice.path.startswith("/manage/petitions/"), alice.page.text
    return alice.path.split("/")[3]


async def publish(alice: Reader, slug: str) -> None:
    await alice.open(f"/manage/petitions/{slug}")
    await alice.press("Publish the petition")
    assert alice.status == 200


async def published(site: Site, title: str, email: str = "alice@post.example") -> str:
    """An open petition of Alice's."""
    async with site.reader() as alice:
        slug = await start(site, alice, title, email)
        await publish(alice, slug)
    return slug


async def fill_in(reader: Reader, slug: str, email: str, **more: str) -> None:
    """The form on the petition page, as far as "now check your email"."""
    await reader.open(f"/en/petitions/{slug}")
    ticked = tuple(name for name in ("updates", "public_name") if more.pop(name, ""))
    values = {"name": "Suzie Peeters", "email": email, "postcode": "2060"} | more
    await reader.press("Sign the petition", ticked=ticked, **values)
    assert reader.page.heading == "Now check your email", reader.page.text


async def count(reader: Reader, slug: str) -> int:
    """As the API tells it, live."""
    answer = await reader.client.get(f"/api/petitions/{slug}/count")
    assert answer.status_code == 200
    return int(answer.json()["confirmed"])


def path(link: str) -> str:
    return urlsplit(link).path
