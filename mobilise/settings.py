"""Everything that may differ between two instances, read once from the environment."""

import os
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from mobilise import bucket_address, keys
from mobilise.bucket_address import BucketAddress
from mobilise.ports import is_loopback

HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").exists() else None

_POSTGRES = ("postgresql://", "postgres://")
_BEGINS = {
    "database_url": _POSTGRES,
    "database_owner_url": _POSTGRES,
    "database_direct_url": _POSTGRES,
    "smtp_url": ("smtp://", "smtps://"),
}


class Settings(BaseSettings):
    """One field, one `MOBILISE_…` variable. `MOBILISE_X_FILE` may name a file that holds X."""

    model_config = SettingsConfigDict(env_prefix="MOBILISE_", extra="ignore", frozen=True)

    data: Path = Field(Path("var"), description="Folder of the database, the keys and the letters.")
    base_url: str = Field(
        "http://127.0.0.1:8000",
        description="Public address of the site. Links in letters begin with it.",
    )
    database_url: str | None = Field(
        None, description="PostgreSQL ≥ 15 of your own. Absent: the embedded one."
    )
    database_owner_url: str | None = Field(
        None, description="Login that may change tables, when the one above may not."
    )
    database_direct_url: str | None = Field(
        None,
        description="Connection for jobs that bypasses PgBouncer, where one stands between.",
    )
    smtp_url: str | None = Field(
        None, description="Mail server: `smtp://user:password@host:587` or `smtps://…`."
    )
    mail_from: str = Field("mobilise@localhost", description="Address that all letters come from.")
    secret_keys: str | None = Field(
        None,
        description="Signing keys, oldest first, separated by commas. Absent: made and kept "
        "in the data folder.",
    )
    docs_store: Path | str = Field(
        Path("docs_store"),
        description="Where uploaded documents lie: a folder, or a bucket that machines share, "
        "`s3://key:secret@bucket/prefix?endpoint=https://host:9000&region=eu-west-1`.",
    )
    files_url: str | None = Field(
        None,
        description="A second address of this site for the files of documents alone, under "
        "another name, such as `https://files.example`. Absent: the site itself.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of your own proxies, separated by commas.",
    )
    moderation: Literal["off", "first", "all"] | None = Field(
        None,
        description="Who reads a petition before it opens: `off`, `first` or `all`. "
        "Absent: `off` on loopback, else `first`.",
    )
    timezone: str = Field("Europe/Brussels", description="Zone in which a day begins and ends.")
    htmx_url: str = Field(HTMX_URL, description="Where browsers load htmx from.")
    htmx_integrity: str = Field(HTMX_INTEGRITY, description="Its checksum (SRI).")
    name: str = Field("mobilise", description="Name of this instance.")
    controller: str = Field(
        "", description="Who answers for the personal data: name and postal address."
    )
    contact: str = Field("", description="E-mail address of the keeper of this instance.")
    listens_on_loopback: bool = Field(
        False,
        description="Set by `mobilise serve` for its own processes; leave it alone.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, FromNamedFiles(settings_cls))

    @field_validator("base_url", "files_url")
    @classmethod
    def _is_an_origin(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be a full address, such as https://sign.example")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("must be a site of its own, without a path")
        if info.field_name == "files_url":
            base = urlsplit(str(info.data.get("base_url", "")))
            if parts.hostname == base.hostname:
                raise ValueError("must have another name than MOBILISE_BASE_URL")
        return value.rstrip("/")

    @field_validator(*_BEGINS, "secret_keys", "moderation", "files_url", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        return None if value == "" else value  # as compose files hand on what is not filled in

    @field_validator(*_BEGINS)
    @classmethod
    def _is_an_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        begins = _BEGINS[info.field_name or ""]
        if value is not None and not value.startswith(begins):
            raise ValueError(f"must begin with {' or '.join(begins)}")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, value: str) -> str:
        try:
            networks(value)
        except ValueError as error:
            raise ValueError(f"is no list of addresses or networks: {error}") from error
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"is no time zone: {value}") from error
        return value

    @field_validator("docs_store", mode="before")
    @classmethod
    def _folder_or_bucket(cls, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(bucket_address.SCHEME):
            BucketAddress.parse(value)
            return value
        return Path(value) if isinstance(value, str) else value

    @field_validator("data", "docs_store")
    @classmethod
    def _absolute(cls, value: Path | str) -> Path | str:
        if isinstance(value, str) or value.is_absolute():
            return value
        return (CHECKOUT or Path.cwd()) / value

    def model_post_init(self, context: Any, /) -> None:
        # Installed, the documents lie beside the rest of the data; in a checkout at the top.
        if CHECKOUT is None and "docs_store" not in self.model_fields_set:
            object.__setattr__(self, "docs_store", self.data / "docs_store")

    @property
    def secure(self) -> bool:
        """Is the site served over https?"""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def files_host(self) -> str | None:
        return urlsplit(self.files_url).hostname if self.files_url else None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def dev_mail(self) -> bool:
        """May the letters of this run be read at /dev/mail? Only where nobody else can come."""
        return self.smtp_url is None and self.is_private

    @property
    def is_private(self) -> bool:
        """Does nobody but this computer reach the site? A site behind a proxy listens on loopback
        as well; its public address tells."""
        return self.listens_on_loopback and is_loopback(self.host)

    @property
    def moderated(self) -> Literal["off", "first", "all"]:
        return self.moderation or ("off" if self.is_private else "first")

    @cached_property
    def signing_keys(self) -> list[str]:
        """Oldest first; the last one signs, all verify."""
        if self.secret_keys is not None:
            return keys.checked(self.secret_keys.split(","))
        return keys.kept_in(self.data)


def networks(listed: str) -> list[IPv4Network | IPv6Network]:
    """ "10.0.0.0/8, 192.0.2.7": addresses are networks of one. Raises ValueError."""
    parts = [part.strip() for part in listed.split(",")]
    return [ip_network(part, strict=False) for part in parts if part]


class FromNamedFiles(PydanticBaseSettingsSource):
    """`MOBILISE_SMTP_URL_FILE=/run/secrets/smtp` reads the setting from that file."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        named = os.environ.get(f"MOBILISE_{field_name.upper()}_FILE")
        value = Path(named).read_text(encoding="utf-8").strip() if named else None
        return value, field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}
