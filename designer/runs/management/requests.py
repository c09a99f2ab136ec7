"""What a command line asks for, checked and named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.conf import settings
from pydantic import JsonValue

from designer.assets.store import store
from designer.errors import did_you_mean
from designer.graph.document import Document, PipelineParameter, split_version
from designer.graph.graph import DatasetEntry, Graph
from designer.graph.reading import SourceFormat, read_leniently
from designer.runs.delivery import delivery_problem
from modules.kit import ModuleError, Table, TableSchema
from modules.ml.reading import read_file

FORMAT_OF_ENDING: Mapping[str, SourceFormat] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
TRUTH = {"true": True, "false": False}


class BadArgument(Exception):
    """An argument that cannot be used, in words."""


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of `run_pipeline`, split at their equals signs."""

    text: bytes
    source_format: SourceFormat | None
    values: Mapping[str, str]
    datasets: Mapping[str, Path]
    outputs: Mapping[str, Path]

    @classmethod
    def of(cls, file: Path, values: Iterable[str], datasets: Iterable[str], outputs: Iterable[str]) -> Self:
        """Read the document's text and split the arguments; raises BadArgument."""
        try:
            text = file.read_bytes()
        except OSError as error:
            raise BadArgument(f"'{file}' cannot be read: {error.strerror}") from None
        return cls(
            text=text,
            source_format=FORMAT_OF_ENDING.get(file.suffix.lower()),
            values=_split("--set", values),
            datasets={name: Path(path) for name, path in _split("--dataset", datasets).items()},
            outputs={name: Path(path) for name, path in _split("--output", outputs).items()},
        )


def _split(option: str, arguments: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for argument in arguments:
        name, mark, value = argument.partition("=")
        if not mark or not name or (not value and option != "--set"):
            raise BadArgument(f"{option} takes NAME=VALUE; found '{argument}'")
        if name in found:
            raise BadArgument(f"{option} names '{name}' twice")
        found[name] = value
    return found


def typed_values(document: Document, values: Mapping[str, str]) -> dict[str, JsonValue]:
    """Values of pipeline parameters in their declared types; raises BadArgument."""
    unknown = [name for name in values if name not in document.parameters]
    if unknown:
        near = did_you_mean(unknown[0], document.parameters)
        raise BadArgument(f"--set: the document has no pipeline parameter '{unknown[0]}'{near}")
    return {name: _typed(name, document.parameters[name], value) for name, value in values.items()}


def _typed(name: str, parameter: PipelineParameter, value: str) -> JsonValue:
    try:
        match parameter.type:
            case "int":
                return int(value)
            case "float":
                return float(value)
            case "bool":
                return TRUTH[value.lower()]
            case "string":
                return value
    except (ValueError, KeyError):
        expected = "true or false" if parameter.type == "bool" else parameter.type
        raise BadArgument(f"--set: pipeline parameter '{name}' takes {expected}; found '{value}'") from None


def bind_datasets(request: Request) -> dict[str, DatasetEntry]:
    """Store the files that stand in for datasets; entries by the references that the document makes to them."""
    document = read_leniently(request.text, source_format=request.source_format).document
    named = {node.dataset for node in document.nodes.values() if node.dataset} if document else set()
    bound: dict[str, DatasetEntry] = {}
    for name, path in request.datasets.items():
        references = [reference for reference in named if name in (reference, split_version(reference)[0])]
        if not references:
            raise BadArgument(f"--dataset: the document has no dataset '{name}'{did_you_mean(name, named)}")
        entry = _stored(name, path)
        bound.update(dict.fromkeys(references, entry))
    return bound


def _stored(name: str, path: Path) -> DatasetEntry:
    try:
        table = Table(read_file(path, folder=settings.UPLOADS))
        return DatasetEntry(name, 0, store().save(table, "Table").digest, TableSchema.of(table))
    except ModuleError as error:
        raise BadArgument(f"--dataset {name}: {error.message}") from None


@dataclass(frozen=True, slots=True)
class WantedOutput:
    """An output and where it is to be written."""

    node: str
    port: str
    path: Path


def find_outputs(graph: Graph, wanted: Mapping[str, Path]) -> list[WantedOutput]:
    """Look the outputs up that `--output` names; a node with one output needs no port. Raises BadArgument."""
    return [_find_output(graph, name, path) for name, path in wanted.items()]


def _find_output(graph: Graph, name: str, path: Path) -> WantedOutput:
    node, _, port = name.partition(".")
    item = graph.nodes.get(node)
    if item is None or item.node.disabled:
        raise BadArgument(f"--output: there is no node '{node}' that runs{did_you_mean(node, graph.nodes)}")
    ports = item.outputs
    if not port and len(ports) == 1:
        port = next(iter(ports))
    if port not in ports:
        raise BadArgument(f"--output: node '{node}' has no output '{port}'; it has {', '.join(ports)}")
    if said := delivery_problem(path, ports[port]):
        raise BadArgument(f"--output {name}: {said}")
    return WantedOutput(node, port, path)
