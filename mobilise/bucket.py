"""The store in an S3-compatible bucket that many machines share. The only importer of obstore.

Content lies under the same names as in a folder, so that one can be copied into the other. An
object appears whole or not at all: that is what such a store promises.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from hashlib import sha256 as hashed
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from mobilise.arriving import Arriving, Draft
from mobilise.bucket_address import BucketAddress
from mobilise.store import PIECE, Away, is_place, place

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

log = logging.getLogger(__name__)
FETCHED = 4 * PIECE
"""Bytes of one answer. A slow reader then keeps no answer of the bucket waiting until it breaks."""
PARTS_AT_ONCE = 2
"""Parts of 5 MB that are in memory while a large file is sent."""
SECONDS = 25
"""For one request; then it is tried again, for about as long."""
TRIES = 3


class Bucket(Arriving):
    def __init__(self, address: BucketAddress, incoming: Path) -> None:
        super().__init__(incoming)
        self.address = address
        config: S3Config = {
            "virtual_hosted_style_request": False,
            "disable_bulk_delete": True,  # not every provider knows it
        }
        if address.endpoint is not None:
            config["endpoint"] = address.endpoint
        if address.region is not None:
            config["region"] = address.region
        if address.key is not None and address.secret is not None:
            config["access_key_id"] = address.key
            config["secret_access_key"] = address.secret
        client: ClientConfig = {"timeout": timedelta(seconds=SECONDS)}
        if address.endpoint is not None and address.endpoint.startswith("http://"):
            client["allow_http"] = True
        self._objects = S3Store(
            address.bucket,
            prefix=address.prefix,
            config=config,
            client_options=client,
            retry_config={"max_retries": TRIES, "retry_timeout": timedelta(seconds=SECONDS)},
        )

    def path(self, sha256: str) -> None:
        place(sha256)

    async def keep(self, draft: Draft) -> bool:
        if await self.size(draft.sha256) == draft.size:
            draft.discard()
            return False
        with _writing():
            await obstore.put_async(
                self._objects, place(draft.sha256), draft.path, max_concurrency=PARTS_AT_ONCE
            )
        draft.discard()
        return True

    async def put(self, content: bytes) -> str:
        sha256 = hashed(content).hexdigest()
        if await self.size(sha256) != len(content):
            with _writing():
                await obstore.put_async(self._objects, place(sha256), content)
        return sha256

    async def size(self, sha256: str) -> int | None:
        try:
            with _reached():
                return int((await obstore.head_async(self._objects, place(sha256)))["size"])
        except FileNotFoundError:
            return None

    async def read(
        self, sha256: str, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        end = await self._end(sha256) if end is None else end
        while start < end:
            until = min(start + FETCHED, end)
            with _reached(sha256):
                found = await obstore.get_range_async(
                    self._objects, place(sha256), start=start, end=until
                )
            answer = memoryview(found)
            for at in range(0, len(answer), PIECE):
                yield bytes(answer[at : at + PIECE])
            if len(answer) < until - start:
                return
            start = until

    async def _end(self, sha256: str) -> int:
        size = await self.size(sha256)
        if size is None:
            raise FileNotFoundError(sha256)
        return size

    @contextlib.asynccontextmanager
    async def at_hand(self, sha256: str) -> AsyncIterator[Path]:
        await self._end(sha256)
        draft = self.draft()
        try:
            async for piece in self.read(sha256):
                await asyncio.to_thread(draft.write, piece)
            await asyncio.to_thread(draft.finish)
            yield draft.path
        finally:
            draft.discard()

    async def forget(self, sha256: str) -> None:
        with contextlib.suppress(FileNotFoundError), _reached():
            await obstore.delete_async(self._objects, place(sha256))

    async def kept(self, before: datetime | None = None) -> AsyncIterator[tuple[str, int]]:
        pages = aiter(obstore.list(self._objects, chunk_size=1000))
        while True:
            with _reached():
                page = await anext(pages, None)
            if page is None:
                return
            for known in page:
                if is_place(known["path"]) and (before is None or known["last_modified"] < before):
                    yield known["path"].rpartition("/")[2], known["size"]


@contextlib.contextmanager
def _reached(sha256: str = "") -> Iterator[None]:
    """Away for whatever goes wrong, but that the content is not there."""
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(sha256) from None  # obstore tells half a page
    except BaseError as error:
        raise _away(error) from None  # what a store answers may repeat the key


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    """Who writes and finds nothing there has the wrong bucket."""
    try:
        with _reached():
            yield
    except FileNotFoundError:
        raise Away("there is no such bucket") from None


def _away(error: BaseError) -> Away:
    told = str(error).split("\n\nDebug source", 1)[0]
    code = re.search(r"<Code>(\w+)</Code>", told)
    why = code.group(1) if code else told.splitlines()[0].rpartition(" - ")[2]
    log.warning("the bucket does not do what it is asked: %s", why)
    return Away(why)
