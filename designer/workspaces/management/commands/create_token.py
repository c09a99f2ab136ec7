"""Make an API token for the owner."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from designer.workspaces.actions import create_token, ensure_owner


class Command(BaseCommand):
    help = "Print a new API token of the owner; it is shown this once"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the token is for")

    def handle(self, *_: Any, name: str, **__: Any) -> None:
        owner, workspace = ensure_owner()
        _token, secret = create_token(owner, workspace, name[:100])
        self.stdout.write(secret)
