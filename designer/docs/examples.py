"""The example pipeline of each module: `samples/examples/<module>.yaml`."""

from pathlib import Path

from designer.graph.document import Document
from designer.graph.reading import read

FOLDER = Path(__file__).parents[2] / "samples" / "examples"


def example_text(module_id: str) -> str | None:
    """The document as it stands in its file; None where a module has none."""
    path = FOLDER / f"{module_id}.yaml"
    return path.read_text("utf-8") if path.is_file() else None


def example(module_id: str) -> Document | None:
    """The example of a module; None where it has none."""
    text = example_text(module_id)
    return None if text is None else read(text)


def example_ids() -> list[str]:
    """The modules that have an example, by id."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))
