"""Where a bucket is, as it stands in `MOBILISE_DOCS_STORE`; who may enter is never shown."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEME = "s3://"
_ASKED = ("endpoint", "region")


@dataclass(frozen=True)
class BucketAddress:
    """`s3://[key:secret@]bucket[/prefix][?endpoint=https://host:9000&region=eu-west-1]`.

    What is None is left to the usual `AWS_…` variables.
    """

    bucket: str
    prefix: str | None = None
    endpoint: str | None = None
    region: str | None = None
    key: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, value: str) -> Self:
        """Raises ValueError with a sentence that does not repeat what may be secret."""
        parts = urlsplit(value)
        login, at, bucket = parts.netloc.rpartition("@")
        if "@" in parts.path or "#" in value:
            raise ValueError("write / + @ # in the secret as %2F %2B %40 %23")
        if not bucket or ":" in bucket:
            raise ValueError("must be s3://bucket, s3://bucket/prefix or s3://key:secret@bucket")
        key, colon, secret = login.partition(":")
        if at and not (key and colon and secret):
            raise ValueError("needs both key and secret before the @, or neither")
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        unknown = sorted(set(asked) - set(_ASKED))
        if unknown:
            raise ValueError(f"knows no {unknown[0]}, only {' and '.join(_ASKED)}")
        endpoint = asked.get("endpoint") or None
        if endpoint and not (
            endpoint.startswith(("http://", "https://")) and urlsplit(endpoint)[1]
        ):
            raise ValueError("needs an endpoint such as https://storage.example:9000")
        return cls(
            bucket=bucket,
            prefix=parts.path.strip("/") or None,
            endpoint=endpoint,
            region=asked.get("region") or None,
            key=unquote(key) or None,
            secret=unquote(secret) or None,
        )

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")
