"""Register the shipped datasets."""

from typing import Any

from django.core.management.base import BaseCommand

from designer.pipelines.samples import load_sample_data
from designer.workspaces.actions import ensure_owner


class Command(BaseCommand):
    help = "Register the shipped datasets in the owner's workspace; what is there already is left alone"

    def handle(self, *_: Any, **__: Any) -> None:
        _owner, workspace = ensure_owner()
        for name in load_sample_data(workspace):
            self.stdout.write(name)
