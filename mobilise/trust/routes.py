"""Every address of the room."""

from mobilise.trust import deciding_routes, list_routes, report_routes

ROUTES = [*report_routes.ROUTES, *list_routes.ROUTES, *deciding_routes.ROUTES]
