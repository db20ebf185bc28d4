"""The same reader in Chromium: what it cannot see, reach or click, the person cannot either."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, Locator, Response, Route, async_playwright
from playwright.async_api import Page as Tab

from mobilise.settings import HTMX_URL
from tests.reader import File, Reader

HTMX = Path(__file__).with_name("htmx-4.0.1.min.js")
WEBMAIL = "https://webmail.example/"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
_ELSEWHERE = re.compile(r"^https?://(?!127\.0\.0\.1[:/])")
_OWN_FAULTS = re.compile(r"content security policy|integrity|refused to", re.IGNORECASE)


def program() -> str | None:
    """Chromium as it is installed here; None when it is not."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    return next((name for name in found if name and Path(name).exists()), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        await browser.close()


@dataclass(frozen=True)
class Screen:
    """How somebody looks at the site."""

    width: int = 390
    javascript: bool = True
    dark: bool = False

    @property
    def name(self) -> str:
        return f"Chromium {self.width}" + ("" if self.javascript else " without JavaScript")


class Window(Reader):
    """A window with its own cookies. Only the address of htmx is answered from elsewhere, with
    the real file; anything else that a page asks of another server is noted and refused."""

    def __init__(self, browser: Browser, base_url: str, network: str, screen: Screen) -> None:
        super().__init__(base_url, network)
        self.chromium, self.network, self.screen = browser, network, screen
        self.faults: list[str] = []
        self.letter = ""  # what the webmail page shows
        self.htmx = HTMX.read_bytes()

    async def __aenter__(self) -> Self:
        self.context: BrowserContext = await self.chromium.new_context(
            viewport={"width": self.screen.width, "height": 800},
            java_script_enabled=self.screen.javascript,
            color_scheme="dark" if self.screen.dark else "light",
            extra_http_headers={"x-forwarded-for": self.network} if self.network else {},
            locale="en-GB",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(15_000)
        await self.context.route(_ELSEWHERE, self._elsewhere)
        self.tab: Tab = await self.context.new_page()
        self.tab.on("console", lambda said: self._note(said.text))
        self.tab.on("pageerror", lambda error: self.faults.append(str(error)))
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.context.close()
        await super().__aexit__(*exception)
        assert exception[0] is not None or not self.faults, "\n".join(self.faults)

    async def take_over(self, reader: Reader) -> None:
        """Goes on where somebody without a window has come: with their cookies, on their page."""
        await self.context.add_cookies(
            [
                {"name": each.name, "value": each.value or "", "url": self.base_url}
                for each in reader.cookies
            ]
        )
        await self.open(reader.path)

    async def _elsewhere(self, route: Route) -> None:
        address = route.request.url
        if address == HTMX_URL:
            headers = {"access-control-allow-origin": "*"}
            await route.fulfill(
                body=self.htmx, content_type="application/javascript", headers=headers
            )
        elif address == WEBMAIL:
            link = f'<!doctype html><title>Mail</title><a href="{self.letter}">the link</a>'
            await route.fulfill(body=link, content_type="text/html")
        else:
            self.faults.append(f"a page asked for {address}")
            await route.abort()

    def _note(self, said: str) -> None:
        if _OWN_FAULTS.search(said):
            self.faults.append(said)

    async def open(self, address: str, *, site: str = "none") -> Self:
        if site == "cross-site":  # a click in the mail program, which is another site
            self.letter = address
            await self.tab.goto(WEBMAIL)
            return await self._click(self.tab.get_by_text("the link"))
        answer = await self.tab.goto(f"{self.base_url}{address}" if address[0] == "/" else address)
        return await self._look(answer)

    async def follow(self, words: str) -> Self:
        return await self._click(await self._visible(self.tab.get_by_role("link", name=words)))

    async def download(self, words: str) -> bytes:
        link = await self._visible(self.tab.get_by_role("link", name=words))
        async with self.tab.expect_download() as started:
            await link.click()
        return Path(await (await started.value).path()).read_bytes()

    async def press(
        self,
        button: str,
        *,
        ticked: tuple[str, ...] = (),
        files: dict[str, File] | None = None,
        **values: str,
    ) -> Self:
        there = await self._visible(self.tab.get_by_role("button", name=button))
        form = self.tab.locator("form").filter(has=self.tab.get_by_role("button", name=button))
        for name, value in values.items():
            await self._fill(form, name, value)
        for name in ticked:
            await form.locator(f"[name={name}]").check()
        for name, (called, content, kind) in (files or {}).items():
            sent: Any = {"name": called, "mimeType": kind, "buffer": content}
            await form.locator(f"[name={name}]").set_input_files(sent)
        return await self._click(there)

    async def _fill(self, form: Locator, name: str, value: str) -> None:
        field = form.locator(f"[name={name}]").first
        if not await field.is_visible():  # folded away: unfold what it stands in
            folded = form.locator("details").filter(has=self.tab.locator(f"[name={name}]"))
            await folded.locator("summary").click()
        if await field.evaluate("field => field.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)

    async def _visible(self, found: Locator) -> Locator:
        for each in await found.all():
            if await each.is_visible():
                return each
        raise AssertionError(f"{found} is not to be seen on {self.path}: {self.page.text[:600]}")

    async def _click(self, there: Locator) -> Self:
        async with self.tab.expect_navigation() as gone:
            await there.click()
        return await self._look(await gone.value)

    async def _look(self, answer: Response | None) -> Self:
        await self.tab.wait_for_load_state("domcontentloaded")
        self.status = answer.status if answer is not None else 200
        self.html, self.url = await self.tab.content(), self.tab.url
        return self
