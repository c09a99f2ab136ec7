"""What every module does, whoever wrote it: these checks find new modules by themselves."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from designer.engine.execution import execute
from designer.engine.step import Done, Failed, StepRequest
from designer.errors import InvalidDocument
from designer.graph.examination import Examination, examine
from designer.graph.graph import DATASET_PORT, DatasetEntry
from designer.graph.plan import Plan, compile_plan
from designer.graph.reading import read
from designer.graph.values import problem_with
from designer.store.artifacts import Store
from modules import catalog as built_in
from modules.kit import (
    AnomalyDetector,
    Classifier,
    Clusterer,
    Context,
    Definition,
    ModuleSpec,
    Parameter,
    Table,
    TableSchema,
    port_fits,
)
from modules.kit.errors import ERRORS

pytestmark = pytest.mark.filterwarnings("ignore")
"""A module's warnings are lines in the log of its step, for people to read."""

CATALOG = built_in.load()
DEFINITIONS = [pytest.param(definition, id=definition.spec.id) for definition in CATALOG]
LEARNERS = [
    pytest.param(definition, id=definition.spec.id)
    for definition in CATALOG
    if not definition.spec.inputs and any(port_fits(port.type, "Learner") for port in definition.spec.outputs)
]
TRAINERS = {
    Clusterer: ("train_clustering_model", "assign_data_to_clusters"),
    AnomalyDetector: ("train_anomaly_detection_model", "score_model"),
}
UNCODED = "1000"
NUMBER_LABEL, CLASS_LABEL = "target", "outcome"

ROWS = 40
ORDINARY = pl.DataFrame(
    {
        "number": [None if index == 7 else index * 0.5 for index in range(ROWS)],
        "count": [index % 6 for index in range(ROWS)],
        "group": ["red" if index % 3 else "blue" for index in range(ROWS)],
        "flag": [index % 2 == 0 for index in range(ROWS)],
        "day": [date(2020, 1, 1 + index % 28) for index in range(ROWS)],
        NUMBER_LABEL: [index * 1.25 + index % 4 for index in range(ROWS)],
        CLASS_LABEL: ["yes" if index % 4 < 2 else "no" for index in range(ROWS)],
    }
)
TABLES = {
    "ordinary": ORDINARY,
    "one row": ORDINARY.head(1),
    "no rows": ORDINARY.clear(),
    "all missing": ORDINARY.select(pl.lit(None, dtype=kind).alias(name) for name, kind in ORDINARY.schema.items()),
    "no columns": pl.DataFrame(),
}


class Trial:
    """Runs documents on one table, as the engine would, without its processes."""

    def __init__(self, root: Path, data: pl.DataFrame | Table) -> None:
        self.store = Store.in_folder(root)
        is_table = isinstance(data, Table)
        table = data if is_table else Table(data.lazy(), categorical=frozenset({"group"} & set(data.columns)))
        artifact = self.store.save(table, "Table")
        self.datasets = {"data": DatasetEntry("data", 1, artifact.digest, TableSchema.of(table))}

    def examine(self, nodes: Mapping[str, object]) -> Examination:
        return examine(read({"format": "designer/pipeline@1", "nodes": dict(nodes)}), CATALOG, self.datasets)

    def compile(self, nodes: Mapping[str, object], target: str) -> Plan:
        return compile_plan(self.examine(nodes).graph, {}, [target])

    def run(self, plan: Plan) -> dict[str, Done | Failed]:
        """Run the steps in order and stop at the first failure."""
        outcomes: dict[str, Done | Failed] = {}
        digests: dict[tuple[str, str], str] = {}
        for step in plan.steps:
            if step.dataset is not None:
                digests[step.node, DATASET_PORT] = step.dataset.digest
                continue
            inputs = {name: tuple(digests[w.node, w.port] for w in wires) for name, wires in step.inputs.items()}
            outcome = execute(StepRequest(step=step, inputs=inputs), self.store, Context())
            outcomes[step.node] = outcome
            if isinstance(outcome, Failed):
                break
            digests |= {(step.node, port): output.digest for port, output in outcome.outputs.items()}
        return outcomes


@pytest.fixture
def trial_of(tmp_path: Path) -> Callable[[str], Trial]:
    return lambda table: Trial(tmp_path, TABLES[table])


def chain_to(definition: Definition, label: str = NUMBER_LABEL) -> dict[str, Any]:
    """The nodes of a pipeline that ends in a module: whatever its inputs take is made by modules above it."""
    nodes: dict[str, Any] = {"data": {"dataset": "data"}}
    add_node(nodes, definition, label)
    return nodes


def add_node(nodes: dict[str, Any], definition: Definition, label: str) -> None:
    spec = definition.spec
    inputs = {port.name: source_of(nodes, port.type, label) for port in spec.inputs if port.required}
    params = {parameter.name: value_of(parameter, label) for parameter in spec.parameters if parameter.required}
    nodes[spec.id] = {"module": spec.id, "inputs": inputs, "params": params}


def source_of(nodes: dict[str, Any], type_name: str, label: str) -> str:
    if port_fits("Table", type_name):
        return "data"
    for provider in CATALOG:
        for port in provider.spec.outputs:
            changes_its_own_kind = any(port_fits(port.type, taken.type) for taken in provider.spec.inputs)
            if port_fits(port.type, type_name) and not changes_its_own_kind:
                if provider.spec.id not in nodes:
                    add_node(nodes, provider, label)
                return f"{provider.spec.id}.{port.name}"
    pytest.skip(f"no module makes {type_name}")


def value_of(parameter: Parameter, label: str) -> object:
    match parameter.kind:
        case "column":
            return label
        case "columns":
            return ["number"]
        case "integer" | "number":
            return parameter.minimum or 1
        case "path":
            pytest.skip("reads an uploaded file")
        case _:
            return "a"


def needs_a_sandbox(spec: ModuleSpec) -> bool:
    return any(parameter.kind == "script" and parameter.language in ("python", "r") for parameter in spec.parameters)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_everything_that_a_person_sees_has_help(definition: Definition) -> None:
    spec = definition.spec
    told = {port.name: port.help for port in spec.outputs} | {item.name: item.help for item in spec.parameters}
    assert [name for name, text in told.items() if not text] == []
    assert spec.summary.endswith(".")


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_defaults_are_valid_values(definition: Definition) -> None:
    said = {
        parameter.name: problem_with(parameter, parameter.default)
        for parameter in definition.spec.parameters
        if not parameter.required
    }
    assert {name: problem for name, problem in said.items() if problem} == {}


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_conditions_and_ports_of_parameters_exist(definition: Definition) -> None:
    spec = definition.spec
    others = {name for parameter in spec.parameters for condition in parameter.conditions for name in condition}
    assert others <= {parameter.name for parameter in spec.parameters}
    ports = {parameter.port for parameter in spec.parameters if parameter.port is not None}
    assert ports <= {port.name for port in spec.inputs}


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_declaration_survives_json(definition: Definition) -> None:
    assert ModuleSpec.from_json(definition.spec.to_json()) == definition.spec


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_one_file_holds_one_module(definition: Definition) -> None:
    assert definition.entry.partition(":")[0].endswith(f".{definition.spec.category_id}.{definition.spec.id}")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("definition", DEFINITIONS)
def test_any_table_ends_in_a_result_or_a_coded_error(
    definition: Definition, table: str, trial_of: Callable[[str], Trial]
) -> None:
    if needs_a_sandbox(definition.spec):
        pytest.skip("runs a script of its own")
    check_outcomes(trial_of(table), chain_to(definition), definition.spec.id)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("definition", LEARNERS)
def test_any_table_is_learnt_from_or_refused(
    definition: Definition, table: str, trial_of: Callable[[str], Trial]
) -> None:
    check_outcomes(trial_of(table), *scored_with(definition))


@pytest.mark.parametrize("definition", LEARNERS)
def test_every_learner_learns_from_an_ordinary_table(definition: Definition, trial_of: Callable[[str], Trial]) -> None:
    trial = trial_of("ordinary")
    nodes, target = scored_with(definition)
    outcomes = trial.run(trial.compile(nodes, target))
    assert [outcome.failure for outcome in outcomes.values() if isinstance(outcome, Failed)] == []


def scored_with(learner: Definition) -> tuple[dict[str, Any], str]:
    """The nodes that train a learner and score with it, and the last of them."""
    type_name = learner.spec.outputs[0].type
    train, score = next(
        (pair for kind, pair in TRAINERS.items() if port_fits(type_name, kind)), ("train_model", "score_model")
    )
    if train not in CATALOG or score not in CATALOG:
        pytest.skip(f"{train} and {score} are not there")
    label = CLASS_LABEL if port_fits(type_name, Classifier) else NUMBER_LABEL
    nodes = {"data": {"dataset": "data"}, learner.spec.id: {"module": learner.spec.id}}
    trainer = CATALOG.get(train).spec
    scorer = CATALOG.get(score).spec
    nodes[train] = {
        "module": train,
        "inputs": {port.name: learner.spec.id if "Table" not in port.type else "data" for port in trainer.inputs},
        "params": {item.name: value_of(item, label) for item in trainer.parameters if item.required},
    }
    model = f"{train}.{trainer.outputs[0].name}"
    nodes[score] = {
        "module": score,
        "inputs": {port.name: model if "Table" not in port.type else "data" for port in scorer.inputs},
    }
    return nodes, score


def check_outcomes(trial: Trial, nodes: dict[str, Any], target: str) -> None:
    try:
        plan = trial.compile(nodes, target)
    except InvalidDocument as error:
        pytest.skip(f"not runnable as it stands: {error}")
    for outcome in trial.run(plan).values():
        if isinstance(outcome, Failed):
            assert outcome.failure.code != UNCODED, outcome.failure.traceback
            assert outcome.failure.code in ERRORS
            assert outcome.failure.message


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_equal_inputs_give_equal_outputs(definition: Definition, trial_of: Callable[[str], Trial]) -> None:
    if needs_a_sandbox(definition.spec) or not definition.spec.deterministic:
        pytest.skip("may give different results")
    trial = trial_of("ordinary")
    try:
        plan = trial.compile(chain_to(definition), definition.spec.id)
    except InvalidDocument as error:
        pytest.skip(f"not runnable as it stands: {error}")
    first, second = trial.run(plan), trial.run(plan)
    assert {node: content_of(outcome) for node, outcome in first.items()} == {
        node: content_of(outcome) for node, outcome in second.items()
    }


def content_of(outcome: Done | Failed) -> object:
    """What must not differ: rows and columns of tables; of the rest, what it says of itself."""
    if isinstance(outcome, Failed):
        return outcome.failure
    return {port: output.digest if output.type == "Table" else output.meta for port, output in outcome.outputs.items()}


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_columns_known_before_the_run_are_those_that_come_out(
    definition: Definition, trial_of: Callable[[str], Trial]
) -> None:
    if needs_a_sandbox(definition.spec):
        pytest.skip("runs a script of its own")
    trial = trial_of("ordinary")
    nodes = chain_to(definition)
    try:
        plan = trial.compile(nodes, definition.spec.id)
    except InvalidDocument as error:
        pytest.skip(f"not runnable as it stands: {error}")
    outcome = trial.run(plan).get(definition.spec.id)
    if not isinstance(outcome, Done):
        pytest.skip("does not run as it stands")
    told = trial.examine(nodes).schemas[definition.spec.id]
    for port, output in outcome.outputs.items():
        known = told[port]
        if isinstance(known, TableSchema):
            assert TableSchema.of(trial.store.load_table(output.digest)).to_json() == known.to_json(), port


def test_there_is_a_class_for_every_code_once() -> None:
    assert len({cls.__name__ for cls in ERRORS.values()}) == len(ERRORS)
    assert all(cls.__doc__ for cls in ERRORS.values())
