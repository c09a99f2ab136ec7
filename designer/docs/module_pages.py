"""The page of a module: as facts, and as Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass

from designer.docs.examples import example_text
from designer.docs.failures import failures_of
from designer.docs.words import condition_of, default_of, kind_of, type_of
from modules.kit import Definition, InputPort, ModuleSpec, OutputPort, Parameter


@dataclass(frozen=True)
class ParameterFacts:
    """What there is to know of a parameter, in words; code stands in backticks."""

    name: str
    title: str
    help: str
    takes: str
    default: str
    condition: str


@dataclass(frozen=True)
class FailureFacts:
    """A coded error, and what it means."""

    code: str
    meaning: str


def parameters_of(spec: ModuleSpec) -> list[ParameterFacts]:
    """The parameters in the order of the form."""
    return [
        ParameterFacts(item.name, item.title, f"{item.help}.", _takes(item), default_of(item), condition_of(item, spec))
        for item in spec.parameters
    ]


def failure_facts(definition: Definition) -> list[FailureFacts]:
    """The errors that a module can come to, by code."""
    return [FailureFacts(cls.code, _summary(cls)) for cls in failures_of(definition)]


def module_page(definition: Definition) -> str:
    """Everything a person may ask about a module, read from its declaration, its source and its example."""
    spec = definition.spec
    parts = [
        f"# {spec.title}",
        f"*{spec.category}* · `{spec.id}`" + (f" · version {spec.version}" if spec.version > 1 else ""),
        spec.summary,
        spec.description if spec.description != spec.summary else "",
        *_reuse(spec),
        *_ports("Inputs", spec.inputs),
        *_ports("Outputs", spec.outputs),
        *_parameters(spec),
        *_failures(definition),
        *_example(spec),
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _reuse(spec: ModuleSpec) -> Iterator[str]:
    if not spec.deterministic:
        yield "Equal inputs may give different results, so its results are never reused."
    if spec.reads_outside is not None:
        yield "It reads from outside, such as from the web, and then its results are not reused."


def _ports(title: str, ports: tuple[InputPort, ...] | tuple[OutputPort, ...]) -> Iterator[str]:
    if ports:
        yield f"## {title}"
        yield "| port | id | type | |\n|---|---|---|---|\n" + "\n".join(
            f"| {port.title} | `{port.name}` | {type_of(port.type)} | {_cell(_port_help(port))} |" for port in ports
        )


def _port_help(port: InputPort | OutputPort) -> str:
    notes = []
    if isinstance(port, InputPort):
        notes += ["Optional."] if not port.required else []
        notes += ["Takes several wires."] if port.multiple else []
    return " ".join([*([f"{port.help}."] if port.help else []), *notes])


def _parameters(spec: ModuleSpec) -> Iterator[str]:
    yield "## Parameters"
    if not spec.parameters:
        yield "None."
        return
    yield "\n".join(
        [
            "| parameter | id | takes | default | |",
            "|---|---|---|---|---|",
            *(
                f"| {_cell(fact.title)} | `{fact.name}` | {_cell(fact.takes)} | {_cell(fact.default)} "
                f"| {_cell(fact.help + (f' Counts where {fact.condition}.' if fact.condition else ''))} |"
                for fact in parameters_of(spec)
            ),
        ]
    )


def _takes(parameter: Parameter) -> str:
    if not parameter.choices:
        return kind_of(parameter)
    return ", ".join(f"{choice.title} `{choice.value}`" for choice in parameter.choices)


def _failures(definition: Definition) -> Iterator[str]:
    facts = failure_facts(definition)
    taken = any("Transform" in port.type for port in definition.spec.inputs)
    if facts or taken:
        yield "## Errors"
    if facts:
        yield "\n".join(f"- **{fact.code}** {fact.meaning}" for fact in facts)
    if taken:
        yield "What a transformation refuses stands on the page of the module that makes it."


def _summary(cls: type) -> str:
    return (cls.__doc__ or "").strip().partition("\n\n")[0].replace("\n    ", " ")


def _example(spec: ModuleSpec) -> Iterator[str]:
    text = example_text(spec.id)
    if text is not None:
        yield "## Example"
        yield f"```yaml\n{text.strip()}\n```"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
