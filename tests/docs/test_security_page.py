"""docs/security.md says of each attack what its script says."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ATTACKS = ROOT / "tests" / "fixtures" / "attacks"
LEVELS = ("bubblewrap", "landlock", "process")


def test_the_page_lists_each_attack_and_the_levels_that_stop_it() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z ]+) \| (.+) \| (.+) \| (.+) \|$", page, re.MULTILINE)
    told = {name: [cell == "stopped" for cell in cells] for name, *cells in rows if "stopped" in "".join(cells)}
    assert told == {
        path.stem.replace("_", " "): [level in path.read_text("utf-8").splitlines()[0] for level in LEVELS]
        for path in ATTACKS.iterdir()
    }
