from starlette.routing import Route

HOT: list[Route] = []
ROUTES: list[Route] = []
