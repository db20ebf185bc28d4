"""Every address of the room."""

from mobilise.petitions import (
    alike_routes,
    edit_routes,
    finish_routes,
    history_routes,
    life_routes,
    markdown_routes,
    picture_routes,
    resume_routes,
    start_routes,
    text_routes,
    who_routes,
)

ROUTES = [
    *picture_routes.ROUTES,  # before the other questions: a file may come with it
    *start_routes.ROUTES,
    *alike_routes.ROUTES,
    *resume_routes.ROUTES,
    *finish_routes.ROUTES,  # last under /start: it takes whatever is no name of ours
    *edit_routes.ROUTES,
    *markdown_routes.ROUTES,
    *text_routes.ROUTES,
    *history_routes.ROUTES,
    *who_routes.ROUTES,
    *life_routes.ROUTES,
]
