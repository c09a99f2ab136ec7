"""Say whether this installation works, and what keeps scripts apart."""

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, get_args

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from designer.assets.store import store
from designer.celery import app, waiting_messages
from designer.engine.isolation import Level, levels, obstacle
from modules import catalog

PING_SECONDS = 2
LITTLE_DISK_BYTES = 2 << 30
NOT_APART = "any script can read the data of this installation; install bubblewrap"


@dataclass(frozen=True)
class Finding:
    """What was looked at, and what was found; `hint` says how to mend it."""

    name: str
    is_well: bool
    found: str
    hint: str = ""


class Command(BaseCommand):
    help = "Look at database, broker, workers, store and isolation; exit code 1 where something is wrong"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        findings = [_found(name, look) for name, look in LOOKS.items()]
        findings += _isolation()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=1))
        else:
            for finding in findings:
                sign = self.style.SUCCESS("ok  ") if finding.is_well else self.style.ERROR("BAD ")
                self.stdout.write(f"{sign} {finding.name:<12} {finding.found}")
                if finding.hint:
                    self.stdout.write(f"                  {finding.hint}")
        if not all(finding.is_well for finding in findings):
            raise CommandError("Something is wrong, see above", returncode=1)


def _found(name: str, look: Callable[[], tuple[bool, str, str]]) -> Finding:
    try:
        return Finding(name, *look())
    except Exception as error:  # noqa: BLE001  whatever its client raises is the finding
        said = (str(error).strip().splitlines() or [""])[0]
        return Finding(name, is_well=False, found=f"{type(error).__name__}: {said}", hint=HINTS.get(name, ""))


def _database() -> tuple[bool, str, str]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    found = f"{connection.vendor}, {len(missing)} migrations missing" if missing else connection.vendor
    return not missing, found, "Run: python manage.py migrate" if missing else ""


def _broker() -> tuple[bool, str, str]:
    return True, f"answers; {waiting_messages()} steps wait", ""


def _workers() -> tuple[bool, str, str]:
    answers = app.control.ping(timeout=PING_SECONDS) or []
    hint = "" if answers else "make run starts them; else: celery --app designer.celery worker --pool=threads"
    return bool(answers), f"{len(answers)} answer", hint


def _store() -> tuple[bool, str, str]:
    digest = store().blobs.add_bytes(b"a letter from the doctor")
    store().blobs.path(digest).read_bytes()
    return True, f"written and read: {settings.STORE_URL}", ""


def _disk() -> tuple[bool, str, str]:
    free = shutil.disk_usage(settings.HOME).free
    is_well = free > LITTLE_DISK_BYTES
    return is_well, f"{free / 2**30:,.1f} GB free", "" if is_well else "Steps fail when the disk is full."


def _modules() -> tuple[bool, str, str]:
    return True, f"{len(catalog.load())} load", ""


def _isolation() -> Iterator[Finding]:
    chosen = levels()[0]
    for level in get_args(Level):
        reason = obstacle(level)
        if level == chosen:
            yield Finding("isolation", level != "process", f"{level}, in use", NOT_APART if level == "process" else "")
        else:
            yield Finding("isolation", True, f"{level}: {reason or 'works, not needed'}")


LOOKS: dict[str, Callable[[], tuple[bool, str, str]]] = {
    "database": _database,
    "broker": _broker,
    "workers": _workers,
    "store": _store,
    "disk": _disk,
    "modules": _modules,
}
HINTS = {
    "database": "Does DATABASE_URL name a PostgreSQL that runs?",
    "broker": "Is the installation running, and does DESIGNER_BROKER_URL name its broker?",
    "workers": "They talk through the broker.",
    "store": "Does DESIGNER_STORE_URL name a folder or a bucket that may be written to?",
}
