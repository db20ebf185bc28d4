"""The picture of a petition: looked into, made anew in two widths, kept, and swept when nobody
shows it any more."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mobilise import confined, db
from mobilise.audit import trail
from mobilise.errors import N_, Refusal, TooMany
from mobilise.petitions import content_queries, picture_queries, releasing, texts
from mobilise.petitions.reading import Petition
from mobilise.store import Store
from mobilise.uploads import Upload

LARGEST = 20 * 1024 * 1024
"""Bytes of a picture as it is sent."""
UNSEEN = timedelta(days=2)
"""A picture that nobody shows is kept for so long: somebody may be about to."""

_SENTENCES = {
    "too_many": (TooMany.status, TooMany.message),
    "missing": (422, N_("Choose a picture, or go on without one")),
    "too_large": (
        413,
        N_("This picture is larger than 20 MB. Save it smaller, and choose it again."),
    ),
    "too_heavy": (422, N_("We cannot open this picture. Save it smaller, and choose it again.")),
    "too_many_pixels": (
        422,
        N_("This picture has more than 80 million dots. Save it smaller, and choose it again."),
    ),
    "too_small": (422, N_("This picture is too small. Choose one of at least 320 dots a side.")),
    "moving": (422, N_("This picture moves. Choose one that stands still.")),
    "no_picture": (415, N_("Save this picture as jpg or png, and choose it again.")),
    "broken": (
        422,
        N_("This picture is damaged: we cannot open it. Save it once more, and choose it again."),
    ),
}


@dataclass(frozen=True)
class Picture:
    """Both widths, by their checksum in the store."""

    wide: str
    narrow: str


class PictureRefused(Refusal):
    """The picture may not stay; the sentence belongs at its field."""

    def __init__(self, why: str) -> None:
        self.status, sentence = _SENTENCES[why]
        super().__init__(sentence)


async def keep(database: db.Database, store: Store, upload: Upload) -> Picture:
    """Both widths of what was uploaded, in the store; PictureRefused says what to do instead."""
    if upload.too_large:
        raise PictureRefused("too_large")
    if upload.draft is None:
        raise PictureRefused("missing")
    async with confined.place():
        said, refused = await confined.said_by("mobilise.pictures", str(upload.draft.path))
    line, _, content = said.partition(b"\n")
    answer: dict[str, Any] = {"refused": refused} if refused else json.loads(line)
    if "refused" in answer:
        raise PictureRefused(answer["refused"])
    length = int(answer["wide"])
    wide, narrow = content[:length], content[length:]
    picture = Picture(hashlib.sha256(wide).hexdigest(), hashlib.sha256(narrow).hexdigest())
    # Noted first: who is about to take away the same picture ends before it is stored, and nobody
    # begins to after that.
    async with db.tx(database):
        for sha256 in sorted({picture.wide, picture.narrow}):  # in one order for everybody
            await content_queries.lock_content(database, sha256)
        await picture_queries.note(database, [picture.wide, picture.narrow])
    for each in (wide, narrow):
        await store.put(each)
    return picture


async def change(
    database: db.Database,
    petition: Petition,
    person_id: int,
    said: Mapping[str, Any],
    seen: str | None = None,
) -> None:
    """Another picture, or none, or other words to it; NotNow when somebody has signed.

    `said`: what the form of the question tells. `seen`: the mark of what stood in it.
    """
    async with db.tx(database):
        await texts.held(database, petition, "picture", seen)
        await picture_queries.change(
            database,
            petition_id=petition.id,
            picture=said["picture"],
            narrow=said["picture_narrow"],
            focus=said["picture_focus"],
            alt=said["picture_alt"],
        )
        await trail.write(
            database, "petition.picture", person_id=person_id, petition_id=petition.id
        )


async def sweep(database: db.Database, store: Store) -> int:
    """Removes pictures that no petition and no draft shows; tells how many."""
    async with db.tx(database):
        gone = await picture_queries.forget_unseen(database, UNSEEN)
    return await releasing.release(database, store, gone)
