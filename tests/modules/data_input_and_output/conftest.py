"""A database and a store for the modules that reach out, and a context that may reach them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import boto3
import pytest

from modules.kit import Context
from tests.servers import OPEN_BUCKET, object_store, postgres

ENTRIES = {
    "AWS_ACCESS_KEY_ID": "aws_access_key_id",
    "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    "AWS_DEFAULT_REGION": "region",
    "AWS_ENDPOINT_URL_S3": "endpoint_url",
}


class Reaching(Context):
    """A context with secrets, which may connect to this machine."""

    def __init__(self, folder: Path, secrets: dict[str, str], networks: Sequence[str] = ("127.0.0.1",)) -> None:
        super().__init__(folder)
        self._secrets, self._networks = secrets, networks

    def secret(self, name: str) -> str:
        return self._secrets[name]

    @property
    def private_networks(self) -> Sequence[str]:
        return self._networks


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The secret that opens a database."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The secret that opens a store, which has the buckets `data` and `open`."""
    with object_store(tmp_path_factory.mktemp("objects")) as found:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in found.items():
                environment.setenv(name, value)
            for bucket in ("data", OPEN_BUCKET):
                boto3.client("s3").create_bucket(Bucket=bucket)
        yield "\n".join(f"{ENTRIES[name]}={value}" for name, value in found.items())


@pytest.fixture
def reaching(tmp_path: Path) -> Callable[..., Reaching]:
    """Makes contexts, each with a folder of its own."""

    def make(networks: Sequence[str] = ("127.0.0.1",), **secrets: str) -> Reaching:
        folder = tmp_path / f"work-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return Reaching(folder, secrets, networks)

    return make
