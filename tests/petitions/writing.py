"""Somebody who answers every question that a petition begins with."""

import httpx

WRITTEN = {
    "title": "Maak van het rangeerterrein een park",
    "addressee": "The city council of Antwerp",
    "why": "A railway yard has stood empty for years.\n\nWe ask for **trees**.",
    "goal": "4.000",
    "name": "Alice",
    "group": "Friends of the Yard",
    "email": "alice@post.example",
}
STEPS = {
    "what": ("title",),
    "whom": ("addressee",),
    "why": ("why",),
    "goal": ("goal", "opens_on", "closes_on"),
    "group": ("chosen", "group"),
    "you": ("name", "email"),
}


async def write(client: httpx.AsyncClient, language: str = "en", **other: str) -> httpx.Response:
    """Every question and the list at the end, or the answer to the first that is refused."""
    words = WRITTEN | other
    for step, names in STEPS.items():
        sent = {name: words[name] for name in names if name in words}
        page = f"/{language}/start" + (f"/{step}" if step != "what" else "")
        answer = await client.post(page, data=sent)
        if answer.status_code != 303:
            return answer
    return await client.post(f"/{language}/start/check")
