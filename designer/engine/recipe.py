"""What a result depends on: equal recipes have equal results, whatever the nodes are called."""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from pydantic import BaseModel, ConfigDict, JsonValue

from designer.graph.plan import Step

LIBRARIES = ("polars", "pyarrow", "pandas", "numpy", "scipy", "scikit-learn", "duckdb")


class Recipe(BaseModel):
    """The parts of a key; they are stored so that a difference of two can be told in words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: str
    version: int
    fingerprint: str
    params: dict[str, JsonValue]
    inputs: dict[str, tuple[str, ...]]
    environment: dict[str, str]

    @property
    def key(self) -> str:
        """SHA-256 of all parts."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def recipe_of(step: Step, inputs: Mapping[str, tuple[str, ...]]) -> Recipe | None:
    """The recipe of a step with the digests of its inputs; None where no earlier result may stand in for it."""
    return ingredients_of(step, inputs) if may_reuse(step) else None


def may_reuse(step: Step) -> bool:
    """Whether an earlier result of the same recipe may stand in for a step."""
    return is_repeatable(step) and step.allow_reuse and not step.force


def is_repeatable(step: Step) -> bool:
    """Whether the same recipe gives the same result, so that it is worth remembering."""
    return step.module is not None and step.varies is None


def ingredients_of(step: Step, inputs: Mapping[str, tuple[str, ...]]) -> Recipe | None:
    """What a step is made from, reused or not; None for a dataset, which is made from nothing."""
    if step.module is None:
        return None
    return Recipe(
        module=step.module,
        version=step.version or 1,
        fingerprint=step.fingerprint or "",
        params=step.params,
        inputs=dict(inputs),
        environment=environment(),
    )


@cache
def environment() -> dict[str, str]:
    """Versions of Python and of the libraries that results may depend on."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
