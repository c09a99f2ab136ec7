"""Programs in the usual format, by ruff."""

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from designer.errors import NotExportable
from designer.graph.export.literals import LINE_WIDTH

RULES = "E,F,I,B"
OPTIONS = ("--isolated", "--line-length", str(LINE_WIDTH), "--target-version", "py311", "--quiet")
LONGEST_SECONDS = 60


def formatted(code: str, file_name: str) -> str:
    """The code with sorted imports, formatted; `file_name` tells a script from a notebook."""
    ordered = _ruff(code, file_name, "check", "--fix-only", "--select", "I,UP034")
    return _ruff(ordered, file_name, "format")


def excused(code: str, file_name: str, rows: Collection[int]) -> str:
    """The code of a script, with `# noqa` where one of these rows breaks a rule: those that a person has written."""
    done = _run(code, file_name, "check", "--select", RULES, "--output-format", "json")
    codes: dict[int, set[str]] = {}
    for found in json.loads(done.stdout or "[]"):
        if found["noqa_row"] in rows:
            codes.setdefault(found["noqa_row"], set()).add(found["code"])
    lines = code.splitlines()
    for row, broken in codes.items():
        lines[row - 1] += f"  # noqa: {', '.join(sorted(broken))}"
    return "\n".join(lines) + "\n"


def complaints(code: str, file_name: str) -> str:
    """What a linter says of the code; empty where it finds nothing."""
    done = _run(code, file_name, "check", "--select", RULES, "--output-format", "concise")
    return done.stdout.decode() + done.stderr.decode()


def _ruff(code: str, file_name: str, *command: str) -> str:
    done = _run(code, file_name, *command)
    if done.returncode:
        raise NotExportable(f"The program could not be formatted: {done.stderr.decode().strip()[:500]}")
    return done.stdout.decode()


def _run(code: str, file_name: str, *command: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  a tool of this environment, with commands of ours
        [_place(), *command, *OPTIONS, "--stdin-filename", file_name, "-"],
        input=code.encode(),
        capture_output=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )


def _place() -> str:
    """Ruff of this environment, whether or not it is activated."""
    beside = Path(sys.executable).with_name("ruff")
    return str(beside) if beside.exists() else "ruff"
