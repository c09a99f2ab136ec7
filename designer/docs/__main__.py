"""Write the generated pages: ``python -m designer.docs [--check]``."""

import sys
from collections.abc import Iterator
from pathlib import Path

from designer.docs.module_pages import module_page
from designer.docs.samples import sample_page
from modules import catalog

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page: where it stands and what is on it."""
    yield DOCS / "samples.md", sample_page()
    for definition in catalog.load():
        if definition.entry.startswith("modules."):
            yield DOCS / "modules" / f"{definition.spec.id}.md", module_page(definition)


def main() -> None:
    written = dict(pages())
    stale = [path for path, text in written.items() if not path.is_file() or path.read_text("utf-8") != text]
    left = [path for path in (DOCS / "modules").glob("*.md") if path not in written]
    if "--check" in sys.argv:
        if stale or left:
            named = ", ".join(str(path.relative_to(DOCS.parent)) for path in stale + left)
            sys.exit(f"{named}: out of date, run `make docs`")
        return
    for path in left:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written[path], "utf-8")


if __name__ == "__main__":
    main()
