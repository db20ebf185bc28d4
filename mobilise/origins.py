"""The settings in force: what each one is, and where it comes from. Secrets are never told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from mobilise.bucket_address import BucketAddress
from mobilise.settings import Settings

TOLD = "MOBILISE_ORIGINS"
"""How `serve` tells its own processes, to which it hands everything as variables."""
_OF_SERVE = "listens_on_loopback"
_ADDRESSES = ("database_url", "database_owner_url", "database_direct_url", "smtp_url")


@dataclass(frozen=True)
class InForce:
    """`value` is None where there is none; of a secret it is "set", of an address with a
    password in it the server alone, of a bucket its name."""

    name: str  # MOBILISE_…
    value: str | None
    origin: str  # environment, file or default


def in_force(settings: Settings) -> list[InForce]:
    """Every setting, in the order of README."""
    origins = known(os.environ)
    found = []
    for name in Settings.model_fields:
        if name != _OF_SERVE:
            value = shown(name, getattr(settings, name))
            # The address of the database that comes along was nobody's choice.
            ours = name == "database_url" and origins[name] == "default"
            found.append(
                InForce(f"MOBILISE_{name.upper()}", None if ours else value, origins[name])
            )
    return found


def known(environment: Mapping[str, str]) -> dict[str, str]:
    """Where each setting comes from."""
    if TOLD in environment:
        return dict(orjson.loads(environment[TOLD]))
    return {
        name: _origin(f"MOBILISE_{name.upper()}", environment) for name in Settings.model_fields
    }


def _origin(variable: str, environment: Mapping[str, str]) -> str:
    if environment.get(variable):
        return "environment"
    return "file" if environment.get(f"{variable}_FILE") else "default"


def as_variable(environment: Mapping[str, str]) -> dict[str, str]:
    """For the processes that `serve` starts."""
    return {TOLD: orjson.dumps(known(environment)).decode()}


def shown(name: str, value: Any) -> str | None:
    """A setting as everybody who keeps the instance may see it."""
    if value is None or value == "":
        return None
    if name == "secret_keys":
        return "set"
    if name == "docs_store" and isinstance(value, str):
        return str(BucketAddress.parse(value))
    if name in _ADDRESSES:
        parts = urlsplit(str(value))
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}" if parts.hostname else "set"
    return str(value)
