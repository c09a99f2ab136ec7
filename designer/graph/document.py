"""The model of the pipeline document; docs/pipeline-document.md is its contract."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

FORMAT = "designer/pipeline@1"

NodeId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
Position = tuple[float, float]


class Strict(BaseModel):
    """No unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PipelineParameter(Strict):
    """A value that is set when the pipeline is submitted."""

    type: Literal["string", "int", "float", "bool"]
    default: JsonValue = None
    description: str = ""


class Dismissal(Strict):
    """An advice that the author has read and lets stand: its code, the input and column that it is about, and why."""

    advice: str
    input: str
    column: str | None = None
    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class Node(Strict):
    """A placed module or dataset and what feeds it."""

    module: str | None = None
    dataset: str | None = None
    comment: str = ""
    inputs: dict[str, str | list[str]] = Field(default_factory=dict)
    params: dict[str, JsonValue] = Field(default_factory=dict)
    disabled: bool = False
    allow_reuse: bool = True
    compute: str | None = None
    timeout: Annotated[int, Field(ge=1)] | None = None
    retries: Annotated[int, Field(ge=0, le=20)] = 0
    retry_delay: Annotated[int, Field(ge=1, le=86_400)] | None = None
    memory_mb: Annotated[int, Field(ge=64)] | None = None
    dismissed: list[Dismissal] = Field(default_factory=list)

    @model_validator(mode="after")
    def is_one_of_two(self) -> "Node":
        if (self.module is None) == (self.dataset is None):
            raise ValueError("a node needs either 'module' or 'dataset'")
        if self.dataset is not None and (self.inputs or self.params or self.dismissed):
            raise ValueError("a dataset has no 'inputs', no 'params' and nothing 'dismissed'")
        return self


class Document(Strict):
    """A pipeline as its author wrote it: no results, no status, no ids of runs."""

    format: Literal["designer/pipeline@1"] = "designer/pipeline@1"
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    description: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, PipelineParameter] = Field(default_factory=dict)
    nodes: dict[NodeId, Node] = Field(default_factory=dict)
    layout: dict[str, Annotated[Position, Field(strict=False)]] = Field(default_factory=dict)


def parameter_reference(value: Any) -> str | None:
    """The pipeline parameter that ``{$parameter: NAME}`` names, or None for a plain value."""
    if isinstance(value, dict) and set(value) == {"$parameter"}:
        name = value["$parameter"]
        return name if isinstance(name, str) else None
    return None


def split_version(reference: str) -> tuple[str, int | None]:
    """``name@3`` → ``("name", 3)``; without a version None stands for the latest."""
    name, mark, version = reference.rpartition("@")
    if mark and version.isdecimal() and len(version) < 10:
        return name, int(version)
    return reference, None
