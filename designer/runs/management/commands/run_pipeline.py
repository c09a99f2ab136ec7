"""Run a pipeline document without the browser."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from designer.assets.queries import DatasetEntries
from designer.engine.state import FINAL_STEP, STEP_STATUS
from designer.errors import InvalidDocument
from designer.graph.examination import read_and_examine
from designer.pipelines.samples import load_sample_data
from designer.runs.actions.cancel_run import cancel_run
from designer.runs.actions.submit_run import submit_run
from designer.runs.delivery import deliver
from designer.runs.following import follow
from designer.runs.installation import is_running, workers
from designer.runs.management.requests import BadArgument, Request, bind_datasets, find_outputs, typed_values
from designer.runs.models import Event, Run, RunStep
from designer.workspaces.actions import ensure_owner
from modules import catalog

FAILED, INVALID, INTERRUPTED = 1, 2, 130
GOOD = frozenset({"completed", "reused"})


class Command(BaseCommand):
    help = "Run a pipeline document; exit code 1 is a failed run, 2 an invalid document or argument"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the document, YAML or JSON")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="set a pipeline parameter")
        parser.add_argument(
            "--dataset", action="append", default=[], metavar="NAME=PATH", help="use a file in place of a dataset"
        )
        parser.add_argument(
            "--output", action="append", default=[], metavar="NODE.PORT=PATH", help="write an output to a file"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        self._json = bool(options["json"])
        try:
            request = Request.of(options["file"], options["set"], options["dataset"], options["output"])
            code = self._run(request)
        except InvalidDocument as error:
            code = self._refuse(error)
        except BadArgument as error:
            self.stderr.write(f"run_pipeline: {error}")
            code = INVALID
        sys.exit(code)

    def _run(self, request: Request) -> int:
        if not is_running():
            call_command("migrate", verbosity=0)
        owner, workspace = ensure_owner()
        if not DatasetEntries(workspace):
            list(load_sample_data(workspace))
        bound = bind_datasets(request)
        found = read_and_examine(
            request.text, catalog.load(), DatasetEntries(workspace, bound), source_format=request.source_format
        )
        values = typed_values(found.graph.document, request.values)
        outputs = find_outputs(found.graph, request.outputs)
        with workers():
            run = submit_run(workspace, owner, found.graph.document, catalog.load(), values=values, datasets=bound)
            self._watch(run)
            run.refresh_from_db()
        steps = {step.node: step for step in RunStep.objects.filter(run=run)}
        for output in outputs:
            if steps[output.node].status in GOOD:
                deliver(steps[output.node].outputs[output.port]["digest"], output.path)
                self._say(f"{output.node}.{output.port} -> {output.path}")
        if self._json:
            self.stdout.write(json.dumps({"run": str(run.pk), "status": run.status, "nodes": nodes_json(steps)}))
        return 0 if run.status == "completed" else FAILED

    def _watch(self, run: Run) -> None:
        started = time.monotonic()
        try:
            for event in follow(run):
                if STEP_STATUS.get(event.kind) in FINAL_STEP:
                    self._say(line_of(event))
        except KeyboardInterrupt:
            cancel_run(run)
            self._say("Cancelled.")
            sys.exit(INTERRUPTED)
        run.refresh_from_db()
        self._say(f"Run {run.number} {run.status} in {time.monotonic() - started:.1f} s")

    def _refuse(self, error: InvalidDocument) -> int:
        for problem in error.problems:
            place = f"line {problem.line}: " if problem.line else ""
            hint = f" ({problem.hint})" if problem.hint else ""
            self.stderr.write(f"{place}{problem.message}{hint}")
        if self._json:
            problems = [problem.model_dump(mode="json") for problem in error.problems]
            self.stdout.write(json.dumps({"run": None, "status": "invalid", "nodes": {}, "problems": problems}))
        return INVALID

    def _say(self, text: str) -> None:
        """Print for people: beside the object where one is asked for."""
        (self.stderr if self._json else self.stdout).write(text)


def line_of(event: Event) -> str:
    """What became of a node, in one line."""
    status = STEP_STATUS[event.kind]
    seconds = event.data.get("seconds")
    line = f"{event.node:<24} {status:<10}" + (f" {seconds:.2f} s" if seconds else "")
    if error := event.data.get("error"):
        line += " " + " ".join(part for part in (error["code"], error["message"], error["hint"]) if part)
    return line.rstrip()


def nodes_json(steps: dict[str, RunStep]) -> dict[str, Any]:
    """Where each node ended. A reused one counts as completed, and says that it was reused."""
    return {
        node: {
            "status": "completed" if step.status == "reused" else step.status,
            "reused": step.status == "reused",
            "seconds": 0.0 if step.status == "reused" else step.seconds,
            "error": step.error,
            "metrics": step.metrics,
        }
        for node, step in steps.items()
    }
