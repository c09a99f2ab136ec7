"""The bodies of requests and answers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, JsonValue

from designer.engine.explanation import Explanation
from designer.engine.step import Failure, StoredOutput
from designer.errors import Problem
from designer.graph.advice.advice import Advice
from designer.graph.document import Document
from designer.workspaces.secrets import NAME_PATTERN
from modules.kit import ModuleSpec

Count = Annotated[int, Field(ge=0, le=2**53)]
"""A number of rows, bytes or events, as large as JSON carries exactly."""

StepStatus = Literal["waiting", "queued", "running", "completed", "reused", "failed", "skipped", "cancelled"]
RunStatus = Literal["queued", "running", "completed", "failed", "cancelled"]


class Person(Schema):
    name: str


class WorkspaceOut(Schema):
    id: int
    name: str


class Session(Schema):
    """Who is signed in, and where."""

    user: Person
    workspace: WorkspaceOut
    role: str


class SecretIn(Schema):
    """What a secret is: an address with a password, or access keys."""

    name: Annotated[str, Field(pattern=f"^{NAME_PATTERN}$")]
    value: Annotated[str, Field(min_length=1, max_length=20_000)]


class SecretOut(Schema):
    """A secret without its value."""

    name: str
    created_at: datetime
    updated_at: datetime


class Token(Schema):
    """An API token without its secret."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


class NewToken(Token):
    """A token just made; the secret is shown this once."""

    secret: str


class TokenName(Schema):
    name: Annotated[str, Field(min_length=1, max_length=100)]


class Column(Schema):
    """A column of a table."""

    name: str
    dtype: str
    role: str
    categorical: bool


class DatasetOut(Schema):
    """The newest version of a dataset."""

    id: UUID
    name: str
    version: int
    title: str
    description: str
    licence: str
    origin: str
    rows: int
    columns: list[Column]
    size_bytes: int
    digest: str
    created_at: datetime


class UploadOut(Schema):
    """A file for an Import Data node."""

    id: UUID
    name: str
    size_bytes: int


class ParameterFacts(Schema):
    """A parameter in words; code stands in backticks."""

    name: str
    title: str
    help: str
    takes: str
    default: str
    condition: str


class FailureFacts(Schema):
    """A coded error that a module can come to."""

    code: str
    meaning: str


class ModulePage(Schema):
    """The page of a module."""

    module: ModuleSpec
    parameters: list[ParameterFacts]
    failures: list[FailureFacts]
    example: str | None


class Sample(Schema):
    """A pipeline that is shipped."""

    id: str
    title: str
    description: str
    tags: dict[str, str]


class ExaminationOut(Schema):
    """Problems of a document, advice about it, and what is known of each output by node and port."""

    problems: list[Problem]
    advice: list[Advice]
    schemas: dict[str, dict[str, dict[str, JsonValue] | None]]


class DocumentIn(Schema):
    """A pipeline document as JSON values or as text."""

    document: dict[str, Any] | str


class NewDraft(Schema):
    name: Annotated[str, Field(max_length=200)] | None = None
    document: dict[str, Any] | str | None = None


class RunSummary(Schema):
    """A run without its nodes."""

    id: UUID
    number: int
    draft_id: UUID | None
    name: str
    status: RunStatus
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    counts: dict[str, int]


class DraftSummary(Schema):
    """A draft in a list."""

    id: UUID
    name: str
    updated_at: datetime
    digest: str
    last_run: RunSummary | None


class DraftOut(Schema):
    """A draft with its document, and what is known of it."""

    id: UUID
    name: str
    document: Document
    digest: str
    updated_at: datetime
    examination: ExaminationOut


class RunWish(Schema):
    """What to run: a draft as it is saved, or a document, or a part of it.

    `targets` keeps those nodes and what feeds them ("run to here"), `starts` those nodes and what they feed, which run
    again ("run from here"). `force` runs nodes again although their result is known: all that take part, or those
    named.
    """

    draft_id: UUID | None = None
    document: dict[str, Any] | str | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    targets: list[str] | None = None
    starts: list[str] = Field(default_factory=list)
    force: bool | list[str] = Field(default_factory=bool)


class NewRun(RunWish):
    """What to run, and what a failure means for nodes that do not need the failed one."""

    stop_on_failure: bool = Field(default_factory=bool)


class ExplanationsOut(Schema):
    """Why each node runs or is reused, by node."""

    nodes: dict[str, Explanation]


class NodeState(Schema):
    """Where a node of a run stands; `due_at` is when its next attempt begins, where that is not at once."""

    status: StepStatus
    attempt: int
    due_at: datetime | None
    queued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None
    error: Failure | None
    metrics: dict[str, float | None]
    tables: dict[str, list[dict[str, JsonValue]]]
    outputs: dict[str, StoredOutput]
    recipe: dict[str, JsonValue] | None


class RunOut(RunSummary):
    """A run with everything that a page shows of it; `seq` is the number of the newest event."""

    document: Document
    seq: int
    nodes: dict[str, NodeState]


class EventOut(Schema):
    """A recorded fact about a run."""

    seq: int
    at: datetime
    node: str | None
    kind: str
    data: dict[str, JsonValue]


class LogPart(Schema):
    """Text of a log from an offset; `offset` is where to go on."""

    text: str
    offset: int
    complete: bool


class TablePage(Schema):
    """Some rows of a table."""

    columns: list[Column]
    rows: list[list[JsonValue]]
    total_rows: int


class Histogram(Schema):
    """Counts between edges (numeric), or of the most frequent values (categorical)."""

    kind: Literal["numeric", "categorical"]
    edges: list[float] | None
    labels: list[str] | None
    counts: list[int]


class ColumnStatistics(Column):
    """What a column holds."""

    missing: int
    unique: int
    minimum: JsonValue
    maximum: JsonValue
    mean: float | None
    median: float | None
    standard_deviation: float | None
    histogram: Histogram | None


class Description(Schema):
    """What is known of an artifact without opening it."""

    digest: str
    type: str
    meta: dict[str, JsonValue]


class ErrorAnswer(Schema):
    """The one shape of error answers."""

    code: str
    message: str
    problems: list[Problem] | None = None
    hint: str | None = None
    current: str | None = None
