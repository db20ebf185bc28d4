"""Jo, a journalist, takes the data along, checks it with somebody else's tool, and trusts it."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

from frictionless import Package, system

from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.running import Site


async def test_jo_downloads_the_bundle_and_it_is_valid(
    site: Site, people: People, tmp_path: Path
) -> None:
    slug, mailbox = await deeds.published(site, "Open numbers"), site.address("suzie")
    async with people() as suzie, people() as jo:
        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)
        await suzie.press("Confirm my signature", code=letter.code)

        await jo.open(f"/en/petitions/{slug}")
        await jo.follow("Figures")
        assert jo.status == 200 and jo.sees("CC0")
        bundle = zipfile.ZipFile(io.BytesIO(await jo.download("zip")))
        assert bundle.testzip() is None
        bundle.extractall(tmp_path)
        descriptor = next(tmp_path.rglob("datapackage.json"))
        with system.use_context(trusted=True):
            report = Package(str(descriptor)).validate()
        assert report.valid, report.flatten(["type", "message"])

        package = json.loads(descriptor.read_text("utf-8"))
        assert package["resources"]
        for resource in package["resources"]:
            content = (descriptor.parent / resource["path"]).read_bytes()
            assert resource["bytes"] == len(content)
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"suzie" not in everything.lower() and b"peeters" not in everything.lower()
        assert await deeds.count(jo, slug) == 1
