"""Make a link that signs the owner in, once."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from designer.workspaces.actions import create_sign_in_link, ensure_owner


class Command(BaseCommand):
    help = "Print a link that signs the owner in, once, and write it to $DESIGNER_HOME/link"

    def handle(self, *_: Any, **__: Any) -> None:
        owner, _workspace = ensure_owner()
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        link = f"http://{host}:{port}/sign-in/{create_sign_in_link(owner)}"
        descriptor = os.open(settings.HOME / "link", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(link + "\n")
        self.stdout.write(link)
