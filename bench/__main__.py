"""Measure: ``python -m bench [overhead] [tables] [live] [canvas] [memory] [--json FILE]``."""

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import canvas, live, memory, overhead, tables
from bench.report import Measure, table
from tests.installation import installation

PARTS = {
    "overhead": overhead.measure,
    "live": live.measure,
    "tables": tables.measure,
    "canvas": canvas.measure,
    "memory": memory.measure,
}


def measures(names: list[str]) -> Iterator[Measure]:
    """Run the parts on an installation of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="designer-bench-") as folder,
        installation(Path(folder) / "home") as running,
    ):
        for name in names:
            for found in PARTS[name](running, Path(folder)):
                print(f"  {found.name}: {found.value:,.2f} {found.unit}", flush=True)
                yield found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; everything if left out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the measures there, too")
    arguments = parser.parse_args()
    found = list(measures(arguments.parts or list(PARTS)))
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    print(f"\n{platform.platform()}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}\n")
    print(table(found))
    if arguments.json:
        arguments.json.write_text(json.dumps([measure.to_json() for measure in found], indent=1), "utf-8")


if __name__ == "__main__":
    main()
