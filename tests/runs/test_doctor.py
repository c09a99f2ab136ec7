"""The doctor: whether an installation works, and what keeps scripts apart."""

import json

from designer.engine.isolation import levels
from tests.installation import Installation, manage


def test_an_installation_that_works_is_well(live: Installation) -> None:
    done = manage(live.environment, "doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(done.stdout) if finding["name"] != "isolation"}
    assert all(finding["is_well"] for finding in found.values()), done.stdout
    assert set(found) == {"database", "broker", "workers", "store", "disk", "modules"}


def test_it_says_which_isolation_is_in_use(live: Installation) -> None:
    said = manage(live.environment, "doctor").stdout
    assert f"{levels()[0]}, in use" in said


def test_what_does_not_answer_is_named_and_the_exit_code_tells(live: Installation) -> None:
    done = manage({**live.environment, "DESIGNER_BROKER_URL": "redis://127.0.0.1:1/0"}, "doctor")
    assert done.returncode == 1
    assert "BAD  broker" in done.stdout
    assert "DESIGNER_BROKER_URL" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
