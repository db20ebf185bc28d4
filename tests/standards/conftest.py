"""What somebody else's validators get to see: files as a server returned them."""

import io
import zipfile
from pathlib import Path

import httpx
import pytest

from mobilise.db import Database
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY, data


@pytest.fixture
async def folder(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, tmp_path: Path
) -> Path:
    """The bundle, unpacked as Jo unpacks it."""
    park = await past.park(db, settings, title=NASTY, nl={"title": "Een park"})
    await past.told_apart(db, settings, park)
    await make.document(db, store, park, title=NASTY, name="Plan, ontwerp.txt")
    await make.document(db, store, park, name="other.txt", content=b"Another one.\n")
    answer = await client.get(data("bundle.zip"))
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    return tmp_path
