"""A real S3 server on loopback, and buckets in it; and what lies in a store of either kind."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import httpx
import obstore
import pytest
from moto.server import ThreadedMotoServer

from mobilise.store import Store, place

KINDS = ["folder", "bucket"]
ON_BOTH = pytest.mark.parametrize("kept_in", KINDS, indirect=True)
SECRET = "open/sesame+"
_numbers = count(1)


@contextmanager
def server() -> Iterator[str]:
    """Its address."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # or a line for each request
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        running.stop()


@contextmanager
def made(endpoint: str) -> Iterator[str]:
    """A new bucket, as it stands in MOBILISE_DOCS_STORE."""
    name = f"documents-{next(_numbers)}"
    httpx.put(f"{endpoint}/{name}").raise_for_status()
    yield (f"s3://mo:open%2Fsesame%2B@{name}/of/mobilise?endpoint={endpoint}&region=us-east-1")
    httpx.post(f"{endpoint}/moto-api/reset").raise_for_status()


async def files(store: Store) -> list[str]:
    """Names of all that lies in a store, also of what is still on its way."""
    arriving: Any = store
    found = [sha256 async for sha256, _ in store.kept()]
    if arriving.incoming.exists():
        found += [path.name for path in arriving.incoming.iterdir()]
    return sorted(found)


async def content(store: Store, sha256: str) -> bytes:
    return b"".join([piece async for piece in store.read(sha256)])


async def replace(store: Store, sha256: str, content: bytes) -> None:
    """Damages what lies there: other bytes under the same name."""
    path = store.path(sha256)
    if path is not None:
        path.write_bytes(content)
        return
    bucket: Any = store
    await obstore.put_async(bucket._objects, place(sha256), content)
