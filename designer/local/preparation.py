"""Bring the data directory up to date: ``python -m designer.local.preparation [--link]``.

One process for what would be three commands: most of their time goes into starting.
"""

import os
import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  a device, not a path of ours
        call_command("load_samples", stdout=nowhere)
    if "--link" in sys.argv:
        call_command("sign_in_link")
