"""Every address of the room."""

from mobilise.petitions import (
    edit_routes,
    life_routes,
    markdown_routes,
    start_routes,
    text_routes,
    who_routes,
)

ROUTES = [
    *start_routes.ROUTES,
    *edit_routes.ROUTES,
    *markdown_routes.ROUTES,
    *text_routes.ROUTES,
    *who_routes.ROUTES,
    *life_routes.ROUTES,
]
