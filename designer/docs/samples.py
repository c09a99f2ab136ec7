"""The page about the samples: what each gives, beside what was published."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from designer.graph.document import Document
from designer.graph.reading import read

FOLDER = Path(__file__).parents[2] / "samples"
SHOWN_DIGITS = 4
INTRODUCTION = """Each is a pipeline in `samples/pipelines` with data in `samples/data`, opens from the first page, and
runs as it stands:

```
.venv/bin/python manage.py run_pipeline samples/pipelines/automobile-price.yaml
```

The figures are those that the tests expect. Where a pipeline follows a sample or lab of the reference, the figures that
were published for it stand beside. They never agree digit by digit: another product draws other test rows and has other
implementations. S9, S11 and S12 are about images, Wide and Deep and Vowpal Wabbit, which the library does not have."""
GROUPS = {
    "S": "Samples of the reference",
    "Lab": "Graphs of public labs",
    "Ours": "First steps",
}


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figures(_Kept):
    """One row of a table that a node puts out, under a name for people."""

    name: str
    output: str
    row: int = 0
    values: dict[str, float]


class Published(_Kept):
    """Figures that were published for the same graph."""

    name: str
    values: dict[str, float]


class SampleFacts(_Kept):
    """What is known of a sample: `figures` is what the tests expect, and the page shows."""

    follows: str
    data: str = ""
    figures: tuple[Figures, ...]
    published: tuple[Published, ...] = ()
    differs: str = ""


@cache
def sample_facts() -> dict[str, SampleFacts]:
    """The facts of each sample, by the name of its file, in the order of the page."""
    known = yaml.safe_load((FOLDER / "figures.yaml").read_text("utf-8"))
    return {name: SampleFacts.model_validate(facts) for name, facts in known.items()}


def sample_page() -> str:
    """The page as Markdown."""
    parts = ["# Samples", INTRODUCTION]
    for prefix, title in GROUPS.items():
        parts += [f"## {title}", *_group(prefix)]
    return "\n\n".join(parts) + "\n"


def _group(prefix: str) -> Iterator[str]:
    for name, facts in sample_facts().items():
        if facts.follows.startswith(prefix):
            document = read((FOLDER / "pipelines" / f"{name}.yaml").read_bytes())
            code = f"{facts.follows} · " if prefix == "S" else ""
            yield f"### {code}{document.name}"
            yield " ".join(text for text in (document.description, facts.data) if text)
            yield f"File: [{name}.yaml](../samples/pipelines/{name}.yaml). Data: {_datasets(document)}."
            yield _table(facts)
            if facts.differs:
                yield facts.differs


def _datasets(document: Document) -> str:
    names = dict.fromkeys(node.dataset for node in document.nodes.values() if node.dataset)
    return ", ".join(f"[{name}](../samples/data/{name}.json)" for name in names)


def _table(facts: SampleFacts) -> str:
    columns = list(dict.fromkeys(column for row in facts.figures for column in row.values))
    rows = [
        "| | " + " | ".join(column.replace("_", " ") for column in columns) + " |",
        "|---|" + "---:|" * len(columns),
        *(_row(row.name, row.values, columns) for row in facts.figures),
        *(_row(f"*published:* {row.name}", row.values, columns) for row in facts.published),
    ]
    return "\n".join(rows)


def _row(name: str, values: dict[str, float], columns: list[str]) -> str:
    cells = [_shown(values[column]) if column in values else "" for column in columns]
    return f"| {name} | " + " | ".join(cells) + " |"


def _shown(value: float) -> str:
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.{SHOWN_DIGITS}f}"
