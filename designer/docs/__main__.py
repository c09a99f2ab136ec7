"""Write the generated pages: ``python -m designer.docs [--check]``."""

import sys
from collections.abc import Iterator
from pathlib import Path

from designer.docs.samples import sample_page

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page: where it stands and what is on it."""
    yield DOCS / "samples.md", sample_page()


def main() -> None:
    written = dict(pages())
    stale = [path for path, text in written.items() if not path.is_file() or path.read_text("utf-8") != text]
    if "--check" in sys.argv:
        if stale:
            sys.exit(f"{', '.join(str(path.relative_to(DOCS.parent)) for path in stale)}: out of date, run `make docs`")
        return
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written[path], "utf-8")


if __name__ == "__main__":
    main()
