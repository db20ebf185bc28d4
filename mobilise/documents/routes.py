"""Every address of the room, what is asked for most first."""

from mobilise.documents import (
    desk_routes,
    reading_routes,
    redact_routes,
    section_routes,
    serving,
    upload_routes,
    version_routes,
)

ROUTES = [
    *serving.ROUTES,
    *reading_routes.ROUTES,
    *desk_routes.ROUTES,
    *upload_routes.ROUTES,
    *section_routes.ROUTES,
    *version_routes.ROUTES,
    *redact_routes.ROUTES,
]
