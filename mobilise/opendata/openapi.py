"""The description of the API for machines: OpenAPI 3.1, made from the list of endpoints."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from mobilise import errors
from mobilise.opendata import answers, licenses
from mobilise.opendata.endpoints import ENDPOINTS, Endpoint, Parameter

VERSION = (
    "1.0.0"  # of the API, not of the software; a new part makes it 1.1.0, nothing is taken away
)
_ABOUT = (
    "Petitions of this site, their counts, days and documents. No key, no limit but good sense: "
    "ask with If-None-Match, and nothing is sent twice. Nothing is about one signer. "
    "What is here stays; fields, parameters and kinds may be added."
)
_SHAPE = "#/components/schemas/{model}"
_SLUG = {
    "name": "slug",
    "in": "path",
    "required": True,
    "description": "The last part of the address of the petition.",
    "schema": {"type": "string", "pattern": "^[a-z0-9-]+$"},
    "example": "a-park",
}


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The same for every instance: addresses in it begin at the root of the site."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Petitions and their counts",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": licenses.COUNTS.title, "identifier": licenses.COUNTS.name},
        },
        "servers": [{"url": "/"}],
        "paths": {endpoint.path: {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {
            "schemas": _schemas(),
            "headers": _HEADERS,
            "responses": {each.code: _problem(each) for each in errors.OF_MACHINES},
        },
    }


_HEADERS = {
    "ETag": {
        "description": "Send it back as If-None-Match.",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "RFC 8288: license, describedby, next.",
        "schema": {"type": "string"},
    },
}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    parameters = [_SLUG] if endpoint.of_one else []
    problems = {"400", "404", "422", "429", "500", "503"} | (
        {"403", "410"} if endpoint.of_one else set()
    )
    return {
        "operationId": endpoint.name,
        "summary": endpoint.says,
        "parameters": parameters + [_parameter(each) for each in endpoint.parameters],
        "responses": {
            "200": {
                "description": (endpoint.answer.__doc__ or "").strip(),
                "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS},
                "content": {
                    "application/json": {
                        "schema": {"$ref": _SHAPE.format(model=endpoint.answer.__name__)}
                    }
                },
                **({"links": _links()} if endpoint.name == "many" else {}),
            },
            "304": {"description": "You have it already."},
            **{
                str(each.status): {"$ref": f"#/components/responses/{each.code}"}
                for each in errors.OF_MACHINES
                if str(each.status) in problems
            },
        },
    }


def _links() -> dict[str, Any]:
    """From the list to each thing that can be asked of a petition in it."""
    first = "$response.body#/petitions/0/petition"
    return {
        each.name: {"operationId": each.name, "parameters": {"slug": first}}
        for each in ENDPOINTS
        if each.of_one
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    found = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.says,
        "schema": parameter.schema,
    }
    return found | ({"example": parameter.example} if parameter.example else {})


def _problem(refusal: type[errors.Refusal]) -> dict[str, Any]:
    return {
        "description": refusal.heading,
        "content": {
            "application/problem+json": {"schema": {"$ref": _SHAPE.format(model="Problem")}}
        },
    }


def _schemas() -> dict[str, Any]:
    """The shapes of all answers, each under its own name."""
    found: dict[str, Any] = {}
    for shape in (*(endpoint.answer for endpoint in ENDPOINTS), answers.Problem):
        schema = TypeAdapter(shape).json_schema(ref_template=_SHAPE, mode="serialization")
        found |= schema.pop("$defs", {})
        found[shape.__name__] = schema
    return {name: found[name] for name in sorted(found)}
