"""What every benchmark stands on: a running mobilise with a petition, and its bare twin."""

import contextlib
import gzip
import http.client
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import instance, seeding
from benchmarks.instance import Instance, Server
from benchmarks.load import Askers
from benchmarks.seeding import Petition


@dataclass(frozen=True)
class Stage:
    """`seconds`: how long a short run lasts, at most."""

    mobilise: Instance
    bare: Server
    askers: Askers
    petition: Petition
    seconds: float


@contextlib.contextmanager
def set_up(rows: int, seconds: float) -> Iterator[Stage]:
    """`rows`: signatures that the petition has from before."""
    with contextlib.ExitStack() as stack:
        mobilise = stack.enter_context(instance.running())
        petition = seeding.petition(mobilise, rows)
        page = _page(mobilise, petition)
        (mobilise.folder / "page.html").write_bytes(page)
        (mobilise.folder / "page.html.gz").write_bytes(gzip.compress(page, 5))
        bare = stack.enter_context(instance.bare(mobilise.folder))
        askers = stack.enter_context(Askers())
        yield Stage(mobilise, bare, askers, petition, seconds)


def _page(mobilise: Instance, petition: Petition) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", mobilise.port, timeout=30)
    try:
        connection.request("GET", petition.path)
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"the petition page answers {answer.status}")
        return answer.read()
    finally:
        connection.close()
