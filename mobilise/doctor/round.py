"""The whole round, in the order in which things depend on each other."""

from collections.abc import AsyncIterator

from mobilise import db
from mobilise.doctor import house, mail, site
from mobilise.doctor.findings import Finding, wrong
from mobilise.settings import Settings


async def look(
    settings: Settings,
    *,
    own_server: bool,
    to: str | None = None,
    selector: str = "mail",
    resolver: mail.Resolver | None = None,
) -> AsyncIterator[Finding]:
    """Every check in turn. `to`: where a test letter goes; `selector`: the name of the DKIM key."""
    for checks in (house.settings, house.keys, house.room):
        for finding in checks(settings):
            yield finding
    async for finding in house.store(settings):
        yield finding
    url = settings.database_owner_url or settings.database_url or ""
    try:
        async for finding in house.database(url, own=own_server):
            yield finding
        async for finding in house.work(url):
            yield finding
    except db.LOST as error:
        yield wrong(f"the database does not answer: {error}", "Start it; look at its log.")
    async for finding in site.site(settings):
        yield finding
    async for finding in mail.server(settings, to):
        yield finding
    if settings.smtp_url is not None:
        async for finding in mail.believed(settings, selector, resolver):
            yield finding
