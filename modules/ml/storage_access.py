"""Where data lies in S3, and with which keys."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import httpx

from modules.kit.errors import SecretNotFound, StorageNotFound

BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
REGION: Final = re.compile(r"[a-z0-9-]{2,40}")
DEFAULT_REGION: Final = "us-east-1"
KEYS: Final = {
    "aws_access_key_id": "key",
    "access_key_id": "key",
    "aws_secret_access_key": "secret",
    "secret_access_key": "secret",
    "aws_session_token": "token",
    "session_token": "token",
    "region": "region",
    "region_name": "region",
    "aws_default_region": "region",
    "endpoint_url": "endpoint",
    "endpoint": "endpoint",
    "aws_endpoint_url": "endpoint",
    "aws_endpoint_url_s3": "endpoint",
}
FORM: Final = "lines `aws_access_key_id=…`, `aws_secret_access_key=…`, and perhaps `region=…` and `endpoint_url=…`"


@dataclass(frozen=True, slots=True)
class Access:
    """Keys and the place where they are good; without keys, what is open to everybody."""

    key: str | None = None
    secret: str | None = None
    token: str | None = None
    region: str = DEFAULT_REGION
    endpoint: str | None = None


def access_of(secret: str, *, parameter: str) -> Access:
    """Read what a secret says: lines as in a credentials file, or JSON; raises 0157."""
    found: dict[str, str] = {}
    for name, value in _entries(secret):
        known = KEYS.get(name.strip().lower())
        if known is None:
            # A line may be the key itself: it is not shown.
            raise SecretNotFound(
                "The secret holds something that is no entry of an access to S3",
                parameter=parameter,
                hint=f"Set it as {FORM}.",
            )
        found[known] = value.strip().strip("\"'")
    if not found.get("key") or not found.get("secret"):
        raise SecretNotFound("The secret holds no access key for S3", parameter=parameter, hint=f"Set it as {FORM}.")
    access = Access(**{name: value for name, value in found.items() if value})
    if not REGION.fullmatch(access.region):
        raise SecretNotFound("The region in the secret is none", parameter=parameter, hint="As in eu-central-1.")
    if access.endpoint and not _is_web_address(access.endpoint):
        raise SecretNotFound(
            "The endpoint_url in the secret is no address of the web",
            parameter=parameter,
            hint="As in https://storage.example.org.",
        )
    return access


def _entries(secret: str) -> Iterator[tuple[str, str]]:
    if secret.lstrip().startswith("{"):
        with suppress(ValueError):
            yield from ((str(name), str(value)) for name, value in json.loads(secret).items())
        return
    for line in secret.splitlines():
        if line.strip() and not line.lstrip().startswith(("#", "[")):
            name, _, value = line.partition("=")
            yield name, value


def _is_web_address(text: str) -> bool:
    try:
        address = httpx.URL(text)
    except httpx.InvalidURL:
        return False
    return address.scheme in ("http", "https") and bool(address.host) and not address.query


def parts_of(location: str, *, parameter: str) -> tuple[str, str]:
    """Bucket and path of `s3://bucket/path`; raises 0009."""
    found = re.fullmatch(r"s3://([^/]+)/(.*)", location.strip(), re.DOTALL)
    if not found or not BUCKET.fullmatch(found[1]):
        raise StorageNotFound(
            f"`{location}` is not a place in S3", parameter=parameter, hint="Write it as s3://bucket/folder/file.csv."
        )
    return found[1], found[2]
