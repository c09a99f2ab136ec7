"""Settings that cannot be are told in words."""

from pathlib import Path

import pytest

from tests.installation import manage


@pytest.mark.parametrize("networks", ["home", "10.0.0.0/8,10.0.0.0/99"])
def test_a_network_that_is_none_is_told_with_its_variable(networks: str, tmp_path: Path) -> None:
    done = manage({"DESIGNER_HOME": str(tmp_path), "DESIGNER_PRIVATE_NETWORKS": networks}, "check")
    assert done.returncode != 0
    assert "ImproperlyConfigured: DESIGNER_PRIVATE_NETWORKS: " in done.stderr.splitlines()[-1]


def test_networks_may_be_single_addresses_and_of_any_version(tmp_path: Path) -> None:
    networks = "10.0.0.0/8, 127.0.0.1,fd00::/8,"
    assert manage({"DESIGNER_HOME": str(tmp_path), "DESIGNER_PRIVATE_NETWORKS": networks}, "check").returncode == 0
