"""Parts that many tests share."""

import os
import tempfile
from collections.abc import Iterator

import django
import hypothesis
import pytest

from tests.installation import Installation, installation

# On a busy machine, threads that wait by spinning would take the cores (measured: boosted trees 15 times slower).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# How long an example takes says something of the machine only.
hypothesis.settings.register_profile("designer", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("designer")

# Tests that call the server's code themselves work on a data directory of their own.
os.environ["DJANGO_SETTINGS_MODULE"] = "designer.settings"
os.environ["DESIGNER_HOME"] = tempfile.mkdtemp(prefix="designer-tests-")
django.setup()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation with sample data."""
    with installation(tmp_path_factory.mktemp("home")) as running:
        yield running
