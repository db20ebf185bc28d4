"""The three papers of the demonstration, typeset on the spot: real PDFs, tagged, with a title.

Only the fonts that typst carries are used, so they look the same on every machine.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any

import typst

from mobilise import i18n
from mobilise.documents.dossier import Caption
from mobilise.documents.judging import Found, judge
from mobilise.store import Draft, Store
from mobilise.uploads import Upload

FOLDER = resources.files("mobilise.demo") / "papers"


@dataclass(frozen=True)
class Paper:
    """A paper that is ready to be added: judged like one that somebody uploads."""

    draft: Draft
    found: Found
    section: int  # its place in the list of sections
    caption: Caption


@asynccontextmanager
async def ready(
    store: Store, told: list[dict[str, Any]], opened: datetime
) -> AsyncIterator[list[Paper]]:
    """The papers of the list, dated some days before the petition opened."""
    drafts: list[Draft] = []
    made: list[Paper] = []
    try:
        for each in told:
            issued = opened.date() - timedelta(days=each["days_before"])
            draft = store.draft()
            drafts.append(draft)
            draft.write(await paper(each["file"], issued))
            draft.finish()
            found = await judge(Upload(name=each["name"], draft=draft))
            made.append(Paper(draft, found, each["section"], caption(each, issued)))
        yield made
    finally:
        for draft in drafts:
            draft.discard()


def caption(told: dict[str, Any], issued: date) -> Caption:
    """What the group says of a paper, or of what is not here; it is all in Dutch."""
    words = ("title", "source", "note", "rights", "address", "consult")
    said = {name: told[name] for name in words if name in told}
    return Caption(**said, dated=issued, language="nl")


async def paper(name: str, issued: date) -> bytes:
    """`study`, `plan` or `proposal`, dated. The same day gives the same bytes."""
    return await asyncio.to_thread(_typeset, name, issued)


def _typeset(name: str, issued: date) -> bytes:
    with resources.as_file(FOLDER) as folder, i18n.using("nl"):
        made = typst.compile(
            str(folder / f"{name}.typ"),
            root=str(folder),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],  # refuses to leave out a title, a language or a description
            timestamp=datetime(issued.year, issued.month, issued.day, 12, tzinfo=UTC),
            sys_inputs={
                "year": str(issued.year),
                "month": str(issued.month),
                "day": str(issued.day),
                "date": i18n.day(issued),
            },
        )
    assert isinstance(made, bytes)
    return made
