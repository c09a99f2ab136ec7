"""Export plans and run the programs apart from us; compare what they give with what the engine gave."""

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from designer.graph.export.program import Program, program_of
from designer.graph.export.source import Source
from designer.graph.export.style import complaints
from designer.graph.graph import Graph
from designer.graph.plan import Plan
from designer.graph.script import script_of
from designer.store.artifacts import Store
from modules.kit import Table
from tests.exporting.runner import described

RUNNER = Path(__file__).with_name("runner.py")
SAME = 1e-12


@dataclass(frozen=True)
class Interpreter:
    """A running interpreter that runs programs, one after the other."""

    process: subprocess.Popen[str]

    def run(self, program: Path, variables: list[str], folder: Path) -> dict[str, Any]:
        """What the variables hold at the end, or the error."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = {"program": str(program), "variables": variables, "folder": str(folder)}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the interpreter ended"
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def interpreter(folder: Path, python: Path | str = sys.executable) -> Iterator[Interpreter]:
    """Start an interpreter in an empty folder; it sees installed packages and nothing else."""
    command = [str(python), "-I", str(RUNNER)]
    with subprocess.Popen(  # noqa: S603  our own command
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Interpreter(process)
        assert process.stdin is not None
        process.stdin.close()


def write_program(graph: Graph, plan: Plan, store: Store, folder: Path) -> tuple[Path, Program]:
    """Write the script of a plan and its data to a folder; it has no lint."""
    program = program_of(Source(graph, plan, {}))
    path = folder / "exported.py"
    text = script_of(program, path.name)
    said = complaints(text, path.name)
    assert said == "", said
    path.write_text(text, "utf-8")
    for file in program.files:
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.text is not None:
            place.write_text(file.text, "utf-8")
            continue
        with store.arrow_file(file.digest) as table:
            shutil.copyfile(table, place)
    return path, program


def assert_same_outputs(
    program: Program, plan: Plan, engine: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any]
) -> None:
    """Compare what each step gave, by port, with what its variable holds."""
    variables = {step.node: step.variable for step in program.steps}
    for node, ports in engine.items():
        found = given[variables[node]]
        several = len(plan.step(node).outputs) > 1
        for port, value in ports.items():
            assert_same_value(value, found[port] if several else found, f"{node}.{port}")


def assert_same_value(expected: Any, found: Any, place: str) -> None:
    if isinstance(expected, Table):
        assert_frame_equal(pl.read_ipc(found["rows"]), expected.frame.collect(), rel_tol=SAME, abs_tol=SAME)
        assert (found["roles"], found["categorical"]) == (dict(expected.roles), sorted(expected.categorical)), place
    else:
        assert_close(json.loads(json.dumps(described(expected))), found, place)


def assert_close(expected: Any, found: Any, place: str) -> None:
    """Compare JSON values; numbers may differ in their last digits."""
    if isinstance(expected, dict):
        assert list(expected) == list(found), place
        for key, value in expected.items():
            assert_close(value, found[key], f"{place}.{key}")
    elif isinstance(expected, list):
        assert len(expected) == len(found), place
        for index, value in enumerate(expected):
            assert_close(value, found[index], f"{place}[{index}]")
    elif isinstance(expected, float):
        assert math.isclose(expected, found, rel_tol=SAME, abs_tol=SAME) or expected != expected, place
    else:
        assert expected == found, place
