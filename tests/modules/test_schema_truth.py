"""What a module says of its columns before a run is what comes out, whatever table it gets and however it is set.

Tables and parameters are drawn at random. `DESIGNER_EXAMPLES=200` looks longer than the few draws of an ordinary run.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.engine.step import Done, Failed
from designer.errors import InvalidDocument
from modules.kit import Definition, Parameter, Table, TableSchema
from modules.kit.errors import ERRORS
from modules.ml.columns import is_missing
from tests.modules.test_common import CLASS_LABEL, DEFINITIONS, NUMBER_LABEL, UNCODED, Trial, chain_to, needs_a_sandbox

pytestmark = pytest.mark.filterwarnings("ignore")

EXAMPLES = int(os.environ.get("DESIGNER_EXAMPLES", "6"))
ROLES = ["feature", "feature", "feature", "none", "label", "scored_labels", "scored_probabilities", "assignments"]
ODD_NAMES = [
    "",
    " ",
    "a b",
    'say "so"',
    "나이",
    "📈",
    "x,y",
    "1",
    "new\nline",
    "Scored Labels",
    "number_quantized",
    "%",
    "λ.",
]
TEXTS = st.sampled_from(["", " ", "a", "b", "B", "?", "3", "red", "나이", "2020-01-01", "x,y", 'it\'s "so"', "\n"])
MOMENTS = st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001  local times
KINDS: dict[Any, st.SearchStrategy[Any]] = {
    pl.Int64(): st.one_of(st.integers(-5, 5), st.integers(-(2**63), 2**63 - 1)),
    pl.Int8(): st.integers(-128, 127),
    pl.UInt64(): st.integers(0, 2**64 - 1),
    pl.Float64(): st.one_of(st.floats(), st.sampled_from([0.0, 1.0, 2.5])),
    pl.Float32(): st.floats(width=32),
    pl.Decimal(10, 2): st.decimals(-999, 999, places=2),
    pl.String(): TEXTS,
    pl.Categorical(): TEXTS,
    pl.Enum(["b", "a", "never"]): st.sampled_from(["a", "b"]),
    pl.Boolean(): st.booleans(),
    pl.Date(): st.dates(date(1800, 1, 1), date(2200, 1, 1)),
    pl.Datetime("us"): MOMENTS,
    pl.Datetime("ms", "UTC"): MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC)),
    pl.Time(): st.times(),
    pl.Duration("us"): st.timedeltas(timedelta(-999), timedelta(999)),
    pl.Null(): st.none(),
    pl.List(pl.Int64): st.lists(st.integers(0, 3), max_size=2),
    pl.Struct({"a": pl.Int64}): st.fixed_dictionaries({"a": st.integers(0, 3)}),
    pl.Binary(): st.binary(max_size=2),
}
"""Values of every type of column."""
DROPS_EMPTY = ("clean_missing_data",)
"""Told before a run as if every column had a value; those that turn out to have none are dropped."""


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Columns that most modules can work with, and odd ones among them; often few rows, some of them twice."""
    rows = draw(st.sampled_from([0, 1, 2, 5, 24, 24]))
    ordinary = {
        "number": st.one_of(st.none(), st.floats(-9, 9)),
        "count": st.integers(0, 5),
        "group": st.sampled_from(["red", "blue", None]),
        NUMBER_LABEL: st.floats(-9, 9),
        CLASS_LABEL: st.sampled_from(["yes", "no"]),
        "flag": st.booleans(),
        "day": st.dates(date(2020, 1, 1), date(2020, 12, 31)),
    }
    types = [pl.Float64(), pl.Int64(), pl.String(), pl.Float64(), pl.String(), pl.Boolean(), pl.Date()]
    columns = [
        series(draw, name, rows, kind, values) for (name, values), kind in zip(ordinary.items(), types, strict=True)
    ]
    odd = draw(
        st.lists(st.tuples(st.sampled_from(ODD_NAMES), st.sampled_from(list(KINDS))), max_size=3, unique_by=first)
    )
    columns += [series(draw, name, rows, kind, st.one_of(st.none(), KINDS[kind])) for name, kind in odd]
    frame = pl.DataFrame(draw(st.permutations(columns)))
    if rows and draw(st.booleans()):
        frame = pl.concat([frame, frame.head(3)])
    roles = draw(st.dictionaries(st.sampled_from(frame.columns), st.sampled_from(ROLES), max_size=3))
    categorical = frozenset(draw(st.lists(st.sampled_from(frame.columns), max_size=3)))
    return Table(frame.lazy(), {name: role for name, role in roles.items() if role != "feature"}, categorical)


def first(pair: tuple[str, Any]) -> str:
    return pair[0]


def series(draw: st.DrawFn, name: str, rows: int, kind: pl.DataType, values: st.SearchStrategy[Any]) -> pl.Series:
    return pl.Series(name, draw(st.lists(values, min_size=rows, max_size=rows)), dtype=kind, strict=False)


def values_for(parameter: Parameter, table: Table) -> st.SearchStrategy[Any] | None:
    """Values that the form would take; None leaves the default."""
    names = st.sampled_from(table.names)
    match parameter.kind:
        case "choice":
            return st.sampled_from([choice.value for choice in parameter.choices or ()])
        case "boolean":
            return st.booleans()
        case "column":
            return st.one_of(st.sampled_from([NUMBER_LABEL, CLASS_LABEL, "number", "group", "day"]), names)
        case "columns":
            by_type = {"op": "include", "by": "types", "values": ["numeric"]}
            return st.one_of(
                st.just({"base": "none", "rules": [by_type]}),
                st.just({"base": "all"}),
                st.lists(names, min_size=1, max_size=3, unique=True),
            )
        case "script" if parameter.name == "condition":
            return st.sampled_from(["number > 0", "\"group\" = 'red' or flag", "count > mean(count)", "day is missing"])
        case "integer" if parameter.minimum is not None and parameter.minimum <= 3:
            return st.integers(int(parameter.minimum), 3)
        case _:
            return None


def drawn_parameters(data: st.DataObject, definition: Definition, table: Table) -> Iterator[tuple[str, Any]]:
    """Some parameters of a module, drawn; the others keep their defaults."""
    for parameter in definition.spec.parameters:
        strategy = values_for(parameter, table)
        if strategy is not None and (parameter.required or data.draw(st.booleans(), label=f"sets {parameter.name}")):
            yield parameter.name, data.draw(strategy, label=parameter.name)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_columns_that_are_told_are_those_that_come_out(definition: Definition, tmp_path: Path) -> None:
    if needs_a_sandbox(definition.spec) or not any("Table" in port.type for port in definition.spec.outputs):
        pytest.skip("runs a script, or gives no table")
    nodes = chain_to(definition)
    module = definition.spec.id

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES < 20)
    @given(tables(), st.data())
    def holds(table: Table, data: st.DataObject) -> None:
        params = dict(drawn_parameters(data, definition, table))
        given_nodes = {**nodes, module: {**nodes[module], "params": {**nodes[module]["params"], **params}}}
        trial = Trial(tmp_path, table)
        examination = trial.examine(given_nodes)
        try:
            plan = trial.compile(given_nodes, module)
        except InvalidDocument:
            return
        for outcome in trial.run(plan).values():
            if isinstance(outcome, Failed):
                assert outcome.failure.code != UNCODED, outcome.failure.traceback
                assert outcome.failure.code in ERRORS
        if isinstance(outcome, Done):
            check_told(
                examination.schemas[module], trial, outcome, empty_columns(table) if module in DROPS_EMPTY else []
            )

    holds()


def empty_columns(table: Table) -> list[str]:
    frame = table.frame.collect()
    return [name for name, kind in frame.schema.items() if frame.select(is_missing(name, kind).all()).item()]


def check_told(told: Any, trial: Trial, outcome: Done, may_be_gone: list[str]) -> None:
    for port, output in outcome.outputs.items():
        if isinstance(told[port], TableSchema):
            found = TableSchema.of(trial.store.load_table(output.digest))
            gone = [name for name in told[port].names if name in may_be_gone and name not in found]
            assert found.to_json() == told[port].drop(gone).to_json(), port
