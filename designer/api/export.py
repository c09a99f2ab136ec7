"""Write the description of the API: ``python -m designer.api.export [--check]``."""

import json
import os
import sys
from pathlib import Path

import django

PATH = Path(__file__).with_name("openapi.json")


def description() -> str:
    """The OpenAPI document as it is committed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")
    django.setup()
    from designer.api.api import api

    return json.dumps(api.get_openapi_schema(path_prefix="/api/"), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if "--check" not in sys.argv:
        PATH.write_text(description(), "utf-8")
    elif PATH.read_text("utf-8") != description():
        sys.exit("designer/api/openapi.json is out of date: run `make types`")
