"""The text of a petition once it is signed, and its other languages."""

from starlette.routing import Route

ROUTES: list[Route] = []
