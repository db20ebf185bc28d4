"""The table of addresses: fast ones first, each one documented, each link leads somewhere."""

import ast
import re

import pytest
from starlette.routing import Route

from mobilise.app import HOT, ROUTES
from tests.house.source import CODE, ROOMS, ROOT, TEMPLATES, modules, name_of, strings, tree

_LINK = re.compile(r"\b(?:url|absolute)\(\s*['\"]([\w.]+)['\"]")
# Addresses that DESIGN promises to keep.
KEPT = [
    "/{lang}/",
    "/{lang}/start",
    "/{lang}/about",
    "/{lang}/privacy",
    "/{lang}/contact",
    "/{lang}/petitions/{slug}",
    "/{lang}/petitions/{slug}/signatures",
    "/{lang}/petitions/{slug}/sign",
    "/{lang}/petitions/{slug}/check-your-mail",
    "/{lang}/confirm/{token}",
    "/{lang}/signature/{token}",
    "/u/{token}",
    "/{lang}/petitions/{slug}/documents",
    "/files/{sha256}/{name}",
    "/{lang}/login",
    "/{lang}/petitions/{slug}/data",
    "/petitions/{slug}/data/datapackage.json",
    "/petitions/{slug}/data/petition.json",
    "/petitions/{slug}/data/signatures-by-day.csv",
    "/petitions/{slug}/data/documents.csv",
    "/petitions/{slug}/data/about-the-count.json",
    "/petitions/{slug}/data/bundle.zip",
    "/api/petitions",
    "/api/petitions/{slug}",
    "/api/petitions/{slug}/count",
    "/dev/mail",
    "/healthz",
    "/readyz",
]


def _shape(path: str) -> str:
    """`/{lang:lang}/x` → `/{}/x`: names of parameters are ours to choose."""
    return re.sub(r"\{[^}]*\}", "{}", path)


@pytest.mark.parametrize("address", KEPT)
def test_the_addresses_that_were_promised_exist(address: str) -> None:
    example = re.sub(r"\{lang\}", "nl", address)
    example = re.sub(r"\{sha256\}", "0" * 64, example)
    example = re.sub(r"\{slug\}", "a-park", example)
    example = re.sub(r"\{\w+\}", "x.y-z", example)
    assert any(route.path_regex.match(example) for route in ROUTES), address


def test_hot_routes_come_first() -> None:
    """Routing is linear: behind sixty others the petition page was half as fast."""
    assert ROUTES[: len(HOT)] == HOT
    names = {route.name for route in HOT}
    assert {"pages.petition", "signatures.sign"} <= names
    assert any("count" in route.path for route in HOT)
    assert len(HOT) <= 12, "when all are hot, none is"


def test_every_route_has_a_name_of_its_own() -> None:
    """One address may have a route for each method; a name leads to one address."""
    addresses: dict[str, str] = {}
    for route in ROUTES:
        assert addresses.setdefault(route.name, route.path) == route.path, route.name


def test_no_route_is_hidden_by_an_earlier_one() -> None:
    seen: set[tuple[str, str]] = set()
    for route in ROUTES:
        for method in (route.methods or {"GET"}) - {"HEAD"}:
            # A parameter that takes few words alone, `{step:step}`, leaves the others to `{token}`.
            key = (method, _shape(re.sub(r"\{step:step\}", "step", route.path)))
            assert key not in seen, f"{method} {route.path} stands twice"
            seen.add(key)


def test_routes_are_named_after_their_room_and_verb() -> None:
    for route in ROUTES:
        if "." in route.name:
            assert route.name.split(".")[0] in ROOMS, route.name
        else:
            assert route.name in ("static", "alive", "ready"), route.name


def test_every_route_is_documented() -> None:
    told = (ROOT / "docs" / "addresses.md").read_text("utf-8")
    known = {_shape(found) for found in re.findall(r"`(?:[A-Z]+ )?(/[^`]*)`", told)}
    missing = [route.path for route in ROUTES if _shape(route.path) not in known]
    assert not missing
    ours = {_shape(route.path) for route in ROUTES}
    assert not [each for each in known if each not in ours], "documented, but not there"


def test_every_link_leads_to_a_route() -> None:
    """A wrong name breaks a page only when it is shown, and some pages are rarely shown."""
    names = {route.name for route in ROUTES}
    for path in TEMPLATES.rglob("*"):
        if path.suffix in (".html", ".txt"):
            for name in _LINK.findall(path.read_text("utf-8")):
                assert name in names, f"{path.relative_to(TEMPLATES)} links to {name}"


def test_every_template_that_is_asked_for_exists_and_the_other_way_round() -> None:
    asked: set[str] = set()
    for path in modules():
        for _line, text in strings(path):
            if re.fullmatch(r"[\w.-]+/[\w/.-]+\.(html|txt)", text):
                asked.add(text)
    for name in asked:
        assert (TEMPLATES / name).is_file(), name
    whole = "".join(p.read_text("utf-8") for p in TEMPLATES.rglob("*.html"))
    for path in TEMPLATES.rglob("*.html"):
        name = str(path.relative_to(TEMPLATES))
        if not name.startswith("letters/"):
            used = name in asked or f'"{name}"' in whole or f"'{name}'" in whole
            assert used or name in ("error.html",), f"nobody shows {name}"


def test_every_room_lists_its_routes() -> None:
    for room in ROOMS:
        path = CODE / room / "routes.py"
        if path.exists():
            assigned = {
                ast.unparse(target)
                for node in tree(path).body
                if isinstance(node, ast.Assign | ast.AnnAssign)
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            }
            assert "ROUTES" in assigned, f"{name_of(path)} lists no ROUTES"


def test_all_routes_are_plain() -> None:
    for route in ROUTES:
        assert isinstance(route, Route), "no mounts: one table shows every address"
