"""Parts that many tests share."""

from collections.abc import Iterator

import pytest

from tests.installation import Installation, installation


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation with sample data."""
    with installation(tmp_path_factory.mktemp("home")) as running:
        yield running
