"""Every address of the room."""

from starlette.routing import Route

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
    Route("/files/{sha256}/{name}", serving.file, name="documents.file"),
    Route("/pictures/{sha256}.webp", serving.picture, name="documents.picture"),
    Route("/pages/{sha256}.jpg", serving.page, name="documents.page"),
    Route(
        "/squares/{sha256}/{page:int}/{level:int}/{row:int}-{column:int}.jpg",
        serving.square,
        name="documents.square",
    ),
    *reading_routes.ROUTES,
    *desk_routes.ROUTES,
    *upload_routes.ROUTES,
    *section_routes.ROUTES,
    *version_routes.ROUTES,
    *redact_routes.ROUTES,
]
