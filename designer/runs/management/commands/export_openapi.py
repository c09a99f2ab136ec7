"""Write the description of the HTTP API."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

PATH = Path(settings.ROOT) / "designer" / "api" / "openapi.json"


class Command(BaseCommand):
    help = "Write designer/api/openapi.json; with --check, fail where it is out of date"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        from designer.api.api import api

        text = json.dumps(api.get_openapi_schema(path_prefix="/api/"), indent=1, ensure_ascii=False) + "\n"
        if not check:
            PATH.write_text(text, "utf-8")
        elif PATH.read_text("utf-8") != text:
            raise SystemExit("designer/api/openapi.json is out of date: run `make types`")
