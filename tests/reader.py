"""A person at a browser without JavaScript: reads pages, follows links, fills in forms.

Only what stands on a page can be used: a form that is missing, a link with another text or a
field of another name fails the journey, as it would fail the person.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

File = tuple[str, bytes, str]  # name, content, type
VOID = {"input", "br", "img", "meta", "link", "hr", "wbr"}
HEADERS = {
    "user-agent": "Mozilla/5.0 (Linux; Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
}


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, str] = field(default_factory=dict)  # boxes and what each sends when ticked
    files: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # words, name, value


class Page(HTMLParser):
    """What a reader finds on a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.title = self.heading = self.text = ""
        self.ids: set[str] = set()
        self.language = ""
        self._open: list[tuple[str, dict[str, str]]] = []
        self._words: dict[str, str] = {}
        self._form: Form | None = None
        self._select = self._textarea = ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "html":
            self.language = said.get("lang", "")
        if "id" in said:
            self.ids.add(said["id"])
        if tag in ("a", "button", "title", "h1"):
            self._words[tag] = ""
        if tag == "wbr":  # a word goes on after it
            self.text = self.text.removesuffix(" ")
        if tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, said)
        if tag not in VOID:
            self._open.append((tag, said))

    def _field(self, tag: str, said: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = said.get("name", ""), said.get("type", "text")
        if tag == "textarea":
            self._textarea = name
            self._form.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in said or self._select not in self._form.values:
                self._form.values[self._select] = said.get("value", "")
        elif tag == "input" and name:
            if kind in ("checkbox", "radio"):
                self._form.ticks[name] = said.get("value", "on")
                if "checked" in said:
                    self._form.values[name] = said.get("value", "on")
            elif kind == "file":
                self._form.files.add(name)
            else:
                self._form.values[name] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        words = " ".join(self._words.pop(tag, "").split())
        while self._open:
            opened, said = self._open.pop()
            if opened == tag:
                break
        else:
            said = {}
        if tag == "a" and "href" in said:
            self.links.append((words, said["href"]))
        elif tag == "button" and self._form is not None:
            self._form.buttons.append((words, said.get("name", ""), said.get("value", "")))
        elif tag == "title" and not self.title:
            self.title = words
        elif tag == "h1":
            self.heading = words
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        for tag in self._words:
            self._words[tag] += data
        if self._textarea and self._form is not None:
            self._form.values[self._textarea] += data
        if not any(tag in ("style", "script", "title") for tag, _ in self._open):
            self.text += data + " "


class Reader:
    """One person with one browser, over plain HTTP. The journeys know no more than this class;
    `tests.browser.window.Window` does the same in Chromium."""

    def __init__(self, base_url: str, network: str = "") -> None:
        """`network`: what our proxy says of the visitor; without it there is no proxy."""
        self.base_url = base_url
        forwarded = {"x-forwarded-for": network} if network else {}
        # Whoever asks for bare data, without the cookies of the browser.
        self.client = httpx.AsyncClient(base_url=base_url, headers=forwarded, timeout=30)
        self._browser = httpx.AsyncClient(
            base_url=base_url,
            headers=HEADERS | forwarded,
            timeout=30,
            follow_redirects=True,
        )
        self.html, self.status, self.url = "", 0, base_url
        self._read = ("", Page(""))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.client.aclose()
        await self._browser.aclose()

    @property
    def page(self) -> Page:
        """What is seen now, read once."""
        if self._read[0] != self.html:
            self._read = (self.html, Page(self.html))
        return self._read[1]

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def cookies(self) -> CookieJar:
        return self._browser.cookies.jar

    def sees(self, words: str) -> bool:
        return words.lower() in self.page.text.lower()

    def link(self, words: str) -> str:
        """Where the link leads that says so."""
        found = [href for text, href in self.page.links if words.lower() in text.lower()]
        assert found, f"no link {words!r} on {self.path}: {self.page.links}"
        return urljoin(self.url, found[0])

    async def open(self, address: str, *, site: str = "none") -> Self:
        """Goes to an address: typed (`none`), or clicked in a letter (`cross-site`)."""
        return self._see(await self._browser.get(address, headers={"sec-fetch-site": site}))

    async def follow(self, words: str) -> Self:
        """Clicks the link that says so."""
        return await self.open(self.link(words), site="same-origin")

    async def download(self, words: str) -> bytes:
        """Saves what the link leads to."""
        answer = await self._browser.get(self.link(words))
        assert answer.status_code == 200
        return answer.content

    async def press(
        self,
        button: str,
        *,
        ticked: tuple[str, ...] = (),
        files: dict[str, File] | None = None,
        **values: str,
    ) -> Self:
        """Fills in the form that has this button, and presses it."""
        form, sent = self.form_with(button)
        unknown = [name for name in values if name not in form.values]
        assert not unknown, f"no field {unknown} in {form}"
        sent = {**form.values, **values, **sent}
        for name in ticked:
            sent[name] = form.ticks[name]
        action = urljoin(self.url, form.action)
        if form.method == "get":
            return self._see(await self._browser.get(action, params=sent))
        assert set(files or {}) <= form.files
        headers = {"sec-fetch-site": "same-origin", "origin": self.base_url}
        return self._see(
            await self._browser.post(action, data=sent, files=files or None, headers=headers)
        )

    async def post(self, address: str, values: dict[str, str], **headers: str) -> int:
        """A request with this browser's cookies that no page offers; its status."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self._browser.post(
            address, data=values, headers=named, follow_redirects=False
        )
        return answer.status_code

    def form_with(self, button: str) -> tuple[Form, dict[str, str]]:
        """The form with this button, and what the button itself sends."""
        for form in self.page.forms:
            for words, name, value in form.buttons:
                if button.lower() in words.lower():
                    return form, {name: value} if name else {}
        raise AssertionError(f"no button {button!r} on {self.path}: {self.page.forms}")

    def _see(self, answer: httpx.Response) -> Self:
        self.html, self.status, self.url = answer.text, answer.status_code, str(answer.url)
        return self


def seen_in(page: httpx.Response) -> str:
    """The mark of what stood in a form, which tells who saves it second."""
    found = re.search('name="seen" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]
