"""Write a pipeline document as plain Python."""

import shutil
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from designer.assets.queries import DatasetEntries
from designer.errors import InvalidDocument, NotExportable
from designer.graph.examination import read_and_examine
from designer.graph.script import ENDINGS
from designer.pipelines.exports import export_document
from designer.pipelines.samples import load_sample_data
from designer.runs.installation import is_running
from designer.runs.management.requests import BadArgument, Request, bind_datasets, typed_values
from designer.workspaces.actions import ensure_owner
from modules import catalog

INVALID = 2


class Command(BaseCommand):
    help = "Write a pipeline as a Python script or a notebook that needs public packages only; with its data, as a zip"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the document, YAML or JSON")
        parser.add_argument("--to", choices=tuple(ENDINGS), default="python", help="what it becomes")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="set a pipeline parameter")
        parser.add_argument(
            "--dataset", action="append", default=[], metavar="NAME=PATH", help="use a file in place of a dataset"
        )
        parser.add_argument(
            "--output", type=Path, default=Path(), metavar="FOLDER", help="where the file goes; this folder by default"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            request = Request.of(options["file"], options["set"], options["dataset"], [])
            if not options["output"].is_dir():
                raise BadArgument(f"--output: folder '{options['output']}' does not exist")
            self.stdout.write(str(self._export(request, options["to"], options["output"])))
        except InvalidDocument as error:
            for problem in error.problems:
                place = f"line {problem.line}: " if problem.line else ""
                hint = f" ({problem.hint})" if problem.hint else ""
                self.stderr.write(f"{place}{problem.message}{hint}")
            sys.exit(INVALID)
        except (BadArgument, NotExportable) as error:
            self.stderr.write(f"export_pipeline: {error}")
            sys.exit(INVALID)

    def _export(self, request: Request, target: Any, output: Path) -> Path:
        if not is_running():
            call_command("migrate", verbosity=0)
        _, workspace = ensure_owner()
        if not DatasetEntries(workspace):
            list(load_sample_data(workspace))
        entries = DatasetEntries(workspace, bind_datasets(request))
        found = read_and_examine(request.text, catalog.load(), entries, source_format=request.source_format)
        values = typed_values(found.graph.document, request.values)
        with tempfile.TemporaryDirectory() as name:
            made = export_document(workspace, found.graph.document, target, Path(name), catalog.load(), entries, values)
            return Path(shutil.move(made, output / made.name))
