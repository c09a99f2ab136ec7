"""What a program is made from: a graph, its frozen plan, and the files that it reads."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from pydantic import JsonValue

from designer.errors import NotExportable
from designer.graph.document import parameter_reference
from designer.graph.graph import Graph, build
from designer.graph.plan import Plan, Step
from designer.graph.schemas import PortSchema, Schemas, infer
from modules.kit import Definition, ModuleSpec, Parameter, TableSchema

DATA_FOLDER = PurePosixPath("data")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person brought: its name there, and the digest of its bytes."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that lies beside the program: bytes of the store by their digest, or a text.

    The digest is that of the artifact for a table or file that a dataset holds, else that of an upload's bytes.
    """

    path: str
    digest: str = ""
    is_artifact: bool = False
    text: str | None = None


@dataclass(frozen=True)
class Source:
    """A graph, its plan, and the uploads that the plan names by their ids."""

    graph: Graph
    plan: Plan
    uploads: Mapping[str, Upload]

    @cached_property
    def schemas(self) -> Schemas:
        """The columns at each port under the values of the plan, as far as they are known before a run."""
        document = self.graph.document
        nodes = {
            step.node: document.nodes[step.node].model_copy(update={"params": dict(step.params)})
            for step in self.plan.steps
        }
        settled = document.model_copy(update={"nodes": nodes})
        return infer(build(settled, self.graph.catalog, self.graph.datasets)).schemas

    @cached_property
    def files(self) -> Mapping[str, DataFile]:
        """The files that lie beside the program, by dataset (`name@version`) and by id of the upload."""
        found: dict[str, DataFile] = {}
        taken: set[str] = set()
        for step in self.plan.steps:
            if step.dataset is not None:
                path = _place(f"{step.dataset.name}.arrow", taken)
                found.setdefault(dataset_key(step), DataFile(path, step.dataset.digest, is_artifact=True))
        for upload_id, upload in self.uploads.items():
            path = _place(PurePosixPath(upload.name).name or "file", taken)
            found[upload_id] = DataFile(path, upload.digest)
        return found

    def definition(self, step: Step) -> Definition:
        """The module of a step; raises NotExportable where it is gone."""
        found = self.graph.catalog.find(step.module or "", step.version)
        if found is None:
            raise NotExportable(f"Node '{step.node}': module '{step.module}@{step.version}' is no longer there")
        return found

    def spec(self, step: Step) -> ModuleSpec:
        """The declaration of a step's module."""
        return self.definition(step).spec

    def signature(self, step: Step) -> inspect.Signature:
        """What the function of a step's module takes."""
        return inspect.signature(self.definition(step).function)

    def has_context(self, step: Step) -> bool:
        """Tell whether the function of a step's module is given a context."""
        return step.dataset is None and "context" in self.signature(step).parameters

    def reference(self, step: Step, name: str) -> str | None:
        """The pipeline parameter that a node's parameter refers to."""
        return parameter_reference(self.graph.document.nodes[step.node].params.get(name))

    def selections(self, step: Step) -> Iterator[Parameter]:
        """Parameters that choose columns of a table that is there."""
        for parameter in self.spec(step).parameters if step.dataset is None else ():
            is_set = step.params.get(parameter.name) is not None and parameter.is_active(step.params)
            if parameter.kind in ("column", "columns") and is_set and self.table_of(step, parameter) is not None:
                yield parameter

    def table_of(self, step: Step, parameter: Parameter) -> str | None:
        """The port whose table a selection chooses from, where a table comes in there."""
        port = self.spec(step).input(parameter.port or "")
        wires = step.inputs.get(parameter.port or "", ())
        is_table = bool(wires) and self.output_type(wires[0].node, wires[0].port) == "Table"
        return port.name if port is not None and not port.multiple and is_table else None

    def columns_at(self, step: Step, port: str) -> TableSchema | None:
        """The columns that arrive at a port, where they are known."""
        [wire] = step.inputs[port]
        found: PortSchema = self.schemas.get(wire.node, {}).get(wire.port)
        return found if isinstance(found, TableSchema) else None

    def foreseen(self, step: Step) -> Mapping[str, JsonValue]:
        """What a step's function is told of the tables that come in, where all their columns are known."""
        tell = self.definition(step).foresee_function
        tables = {port: self.columns_at(step, port) for port in step.inputs} if tell is not None else {}
        if tell is None or None in tables.values():
            return {}
        return {name: value for name, value in tell(**tables).items() if value is not None}

    def output_type(self, node: str, port: str) -> str:
        """The type of what a step gives at a port."""
        return next(output.type for output in self.plan.step(node).outputs if output.name == port)

    def value_of(self, step: Step, name: str) -> JsonValue:
        """The value of a parameter; of a file, the place where it lies."""
        value = step.params[name]
        if isinstance(value, str) and value in self.uploads:
            return self.files[value].path
        return value


def dataset_key(step: Step) -> str:
    """What tells a dataset in its version from others."""
    assert step.dataset is not None
    return f"{step.dataset.name}@{step.dataset.version}"


def _place(name: str, taken: set[str]) -> str:
    path, number = DATA_FOLDER / name, 2
    while str(path).lower() in taken:
        path, number = DATA_FOLDER / str(number) / name, number + 1
    taken.add(str(path).lower())
    return str(path)
