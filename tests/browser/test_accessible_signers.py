"""The signer's own pages, comments and questions, in four languages at 320 px: axe finds nothing,
nothing is too wide or too small."""

import pytest
from playwright.async_api import Browser

from tests.browser import desk as desk_of
from tests.browser import seen
from tests.browser.test_accessible import button
from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.running import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_a_signer_sees_afterwards(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    park = f"/{language}/petitions/{site.demonstration}"
    mailbox, new = site.address("suzie"), site.address("new")
    async with Window(chromium, site.url, site.network(), Screen(width)) as suzie:
        await suzie.open(f"{park}/sign")
        await suzie.press(
            button(suzie, "/signatures"), name="Suzie", email=mailbox, postcode="2060",
            comment="A tree.",
        )  # fmt: skip
        letter = await site.letter(mailbox)
        await suzie.open(letter.link("confirm"))
        mine = suzie.path
        await seen.whole(suzie, language)
        await suzie.open(f"{park}/names")
        await seen.whole(suzie, language)
        await suzie.open(f"{mine}/correct")
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/correct"), name="Somebody Else")
        assert suzie.status == 422
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/address"), email=new)
        await seen.whole(suzie, language)
        await suzie.open((await site.letter(new)).link("new-address"))
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/new-address/"))
        await seen.whole(suzie, language)
        await suzie.open(f"{suzie.path}/erase")
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/erase"))
        await seen.whole(suzie, language)
        await suzie.open(mine)
        assert suzie.status == 410
        await seen.whole(suzie, language)
        await suzie.open(f"/{language}/find-my-signature")
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/find-my-signature"))
        assert suzie.status == 422
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/find-my-signature"), email=new)
        await seen.whole(suzie, language)
        await suzie.open(letter.link("unsubscribe"))
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/u/"))
        await seen.whole(suzie, language)


@pytest.mark.parametrize("dark", [False, True])
async def test_what_a_signer_sees_of_a_petition_that_was_removed(
    site: Site, chromium: Browser, dark: bool
) -> None:
    slug, mailbox = await deeds.published(site, f"Wasps everywhere {dark}"), site.address("suzie")
    async with Window(chromium, site.url, site.network(), Screen(320, dark=dark)) as suzie:
        await deeds.fill_in(suzie, slug, mailbox)
        await suzie.open((await site.letter(mailbox)).link("confirm"))
        mine = suzie.path
        for state, reason in (("suspended", "spam"), ("removed", "private")):
            await site.change(
                """with decided as (
                     insert into decisions (petition_id, move, reason, language)
                     select id, $2, $3, 'en' from petitions where slug = $1)
                   update petitions set state = $2 where slug = $1""",
                slug, state, reason,
            )  # fmt: skip
            for page in ("", "/correct", "/withdraw", "/erase"):
                await suzie.open(f"{mine}{page}")
                assert suzie.sees(f"This petition is {state}."), suzie.page.text
                await seen.whole(suzie, "en")
        await suzie.open(f"{mine}/withdraw")
        await suzie.press("Withdraw my signature")
        assert suzie.sees("A removed petition") and suzie.sees("Your signature is withdrawn")
        await seen.whole(suzie, "en")
        await suzie.follow("All petitions")
        assert suzie.path == "/en/"


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_comments_and_questions(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    mailbox, screen = site.address("suzie"), Screen(width)
    async with (
        Window(chromium, site.url, site.network(), screen) as alice,
        Window(chromium, site.url, site.network(), screen) as suzie,
    ):
        slug = await desk_of.begun(
            site, alice, f"Ask in {language} {width}", site.address("alice"), language
        )
        desk, park = f"/manage/petitions/{slug}", f"/{language}/petitions/{slug}"
        for page in (f"{desk}/comments", f"{desk}/questions"):
            await alice.open(page)
            await seen.whole(alice, language)
        await alice.open(desk)
        await alice.press(button(alice, "/publish"))

        await suzie.open(f"{park}/sign")
        await suzie.press(
            button(suzie, "/signatures"), name="Suzie", email=mailbox, postcode="2060",
            comment="A tree.",
        )  # fmt: skip
        await suzie.open((await site.letter(mailbox)).link("confirm"))
        await suzie.open(f"{park}/ask")
        await suzie.press(button(suzie, "/ask"))
        assert suzie.status == 422
        await seen.whole(suzie, language)
        await suzie.press(
            button(suzie, "/ask"), name="Suzie", email=mailbox, question="When?",
            ticked=("may_show",),
        )  # fmt: skip
        await seen.whole(suzie, language)
        await suzie.open((await site.letter(mailbox)).link("question"))
        mine = suzie.path
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/question/"))
        await seen.whole(suzie, language)

        await alice.open(f"{desk}/comments")
        await seen.whole(alice, language)
        await alice.press(button(alice, "/comments/"))
        await seen.whole(alice, language)
        await alice.open(f"{desk}/comments?which=shown")
        await seen.whole(alice, language)
        await alice.open(f"{desk}/questions")
        await seen.whole(alice, language)
        [answer, *_] = [href for _, href in alice.page.links if "/questions/" in href]
        await alice.open(answer)
        await alice.press(button(alice, "/questions/"))
        assert alice.status == 422
        await seen.whole(alice, language)
        await alice.press(button(alice, "/questions/"), answer="Soon.", ticked=("shown",))
        await alice.open(f"{desk}/questions?which=answered")
        await seen.whole(alice, language)

        for page in (f"{park}?seen", f"{park}/comments?seen", f"{park}/questions?seen", mine):
            await suzie.open(page)
            await seen.whole(suzie, language)
        await suzie.open(f"{mine}/take-back")
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/take-back"))
        await seen.whole(suzie, language)
        await suzie.open(mine)
        assert suzie.status == 410
        await seen.whole(suzie, language)
