"""Pipelines and data that are shipped."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from designer.assets.actions import register_dataset
from designer.errors import NotFound
from designer.graph.document import Document
from designer.graph.reading import read
from designer.workspaces.models import Workspace

FOLDER = Path(settings.ROOT) / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """A shipped pipeline; its id is the name of its file."""

    id: str
    document: Document


@cache
def samples() -> tuple[Sample, ...]:
    """All shipped pipelines, by name."""
    paths = (FOLDER / "pipelines").glob("*.yaml")
    found = [Sample(path.stem, read(path.read_bytes())) for path in paths]
    return tuple(sorted(found, key=lambda sample: sample.document.name))


def sample(sample_id: str) -> Sample:
    """A shipped pipeline; raises NotFound."""
    for found in samples():
        if found.id == sample_id:
            return found
    raise NotFound(f"There is no sample '{sample_id}'")


def load_sample_data(workspace: Workspace) -> Iterator[str]:
    """Register the shipped datasets that a workspace does not have in this form yet; yields their names."""
    for path in sorted((FOLDER / "data").glob("*.json")):
        facts = json.loads(path.read_text("utf-8"))
        register_dataset(
            workspace,
            path.parent / facts["file"],
            name=facts["name"],
            title=facts["title"],
            description=facts["description"],
            licence=facts["licence"],
            origin=facts["origin"],
        )
        yield facts["name"]
