"""What is read from a module's signature."""

from typing import Annotated, Literal, NamedTuple

import polars as pl
import pytest

from modules.kit import (
    ALL_COLUMNS,
    Columns,
    Context,
    Learner,
    Learns,
    Model,
    ModuleSpec,
    Param,
    Port,
    Seed,
    Splits,
    Table,
    Transform,
    module,
)
from modules.kit.signature import DeclarationError


class Parts(NamedTuple):
    """Every row is on one side."""

    left: Annotated[pl.LazyFrame, Port(help="What was drawn")]
    right: pl.LazyFrame


@module(version=2)
def cut_table(
    dataset: pl.LazyFrame,
    other: Table | None = None,
    *,
    columns: Annotated[Columns, Param("Which columns", initial=ALL_COLUMNS)],
    mode: Annotated[Literal["by_share", "by_name"], Param("How")] = "by_share",
    share: Annotated[float, Param("How much", ge=0, le=1, when={"mode": "by_share"})] = 0.5,
    seed: Annotated[Seed | None, Param("Same seed, same cut", title="Random seed")] = None,
    context: Context,
) -> Parts:
    """Cut a table in two.

    Every row is on one side.
    """
    return Parts(dataset, dataset)


def test_ports_stand_before_the_star() -> None:
    first, second = cut_table.spec.inputs
    assert (first.name, first.type, first.required, first.form) == (
        "dataset",
        "Table",
        True,
        "lazy",
    )
    assert (second.name, second.required, second.form) == ("other", False, "table")


def test_outputs_are_the_fields_of_the_named_tuple() -> None:
    assert [(port.name, port.help) for port in cut_table.spec.outputs] == [
        ("left", "What was drawn"),
        ("right", "Every row is on one side."),
    ]


def test_a_context_is_no_parameter() -> None:
    assert [item.name for item in cut_table.spec.parameters] == ["columns", "mode", "share", "seed"]


def test_a_seed_keeps_its_own_bounds_beside_the_authors_help() -> None:
    seed = cut_table.spec.parameter("seed")
    assert seed is not None
    assert (seed.kind, seed.minimum, seed.maximum, seed.nullable, seed.title, seed.help) == (
        "seed",
        0,
        2**32 - 1,
        True,
        "Random seed",
        "Same seed, same cut",
    )


def test_choices_and_conditions_come_out_as_lists() -> None:
    mode, share = cut_table.spec.parameter("mode"), cut_table.spec.parameter("share")
    assert mode is not None
    assert share is not None
    assert mode.choices is not None
    assert [(choice.value, choice.title) for choice in mode.choices] == [
        ("by_share", "By share"),
        ("by_name", "By name"),
    ]
    assert share.when == {"mode": ["by_share"]}


def test_an_initial_selection_makes_a_parameter_optional() -> None:
    columns = cut_table.spec.parameter("columns")
    assert columns is not None
    assert (columns.required, columns.default, columns.port) == (False, ALL_COLUMNS, "dataset")


def test_titles_come_from_names() -> None:
    assert (cut_table.spec.title, cut_table.spec.summary) == ("Cut Table", "Cut a table in two.")


def test_a_single_output_takes_its_name_from_the_port() -> None:
    @module()
    def train(learner: Learner) -> Annotated[Model, Port("trained_model")]:
        """Train."""
        raise AssertionError

    assert [(port.name, port.type) for port in train.spec.outputs] == [("trained_model", "Model")]


def test_a_type_that_is_no_port_is_refused() -> None:
    @module()
    def wrong(dataset: int) -> pl.LazyFrame:
        """Wrong."""
        raise AssertionError

    with pytest.raises(DeclarationError, match="dataset"):
        _ = wrong.spec


def test_of_several_conditions_one_must_hold() -> None:
    @module()
    def round_off(
        *,
        kind: Annotated[Literal["add", "round", "sqrt"], Param("Kind")] = "add",
        digits: Annotated[int, Param("Digits", when=({"kind": "round"}, {"kind": "add"}))] = 1,
    ) -> Annotated[pl.LazyFrame, Port("dataset")]:
        """Round off."""
        raise AssertionError

    digits = round_off.spec.parameter("digits")
    assert digits is not None
    assert digits.when == [{"kind": ["round"]}, {"kind": ["add"]}]
    assert [digits.is_active({"kind": kind}) for kind in ("add", "round", "sqrt")] == [True, True, False]


def test_a_module_may_read_from_outside_under_a_condition() -> None:
    @module(reads_outside={"source": "web"})
    def fetch(
        *, source: Annotated[Literal["file", "web"], Param("Where from")] = "file"
    ) -> Annotated[pl.LazyFrame, Port("dataset")]:
        """Fetch."""
        raise AssertionError

    assert fetch.spec.reads_outside == {"source": ["web"]}
    assert [fetch.spec.does_read_outside({"source": source}) for source in ("file", "web")] == [False, True]


@pytest.mark.parametrize(("declared", "does"), [(True, True), (False, False)])
def test_a_module_may_always_or_never_read_from_outside(declared: bool, does: bool) -> None:
    @module(reads_outside=declared)
    def fetch() -> Annotated[pl.LazyFrame, Port("dataset")]:
        """Fetch."""
        raise AssertionError

    assert fetch.spec.does_read_outside({}) is does


def test_a_module_that_gives_a_transformation_learns_from_its_rows_unless_it_says_otherwise() -> None:
    def fit(dataset: Table) -> Annotated[Transform, Port("transformation")]:
        """Fit."""
        raise AssertionError

    def read() -> Annotated[Transform, Port("transformation")]:
        """Read one that was fitted before."""
        raise AssertionError

    assert module()(fit).spec.learnt({}) == "values"
    assert module(learns=False)(fit).spec.learnt({}) is None
    assert module()(read).spec.learnt({}) is None
    assert cut_table.spec.learnt({}) is None


def test_a_module_learns_where_one_of_its_conditions_holds() -> None:
    @module(learns=Learns("columns", when=({"by": ("best", "first")}, {"all": True})))
    def choose(
        dataset: Table,
        *,
        by: Annotated[Literal["best", "first", "name"], Param("How")] = "name",
        all: Annotated[bool, Param("Of all")] = False,  # noqa: A002  a name that modules may use
    ) -> Annotated[Table, Port("chosen")]:
        """Choose."""
        raise AssertionError

    assert choose.spec.learnt({"by": "best", "all": False}) == "columns"
    assert choose.spec.learnt({"by": "name", "all": True}) == "columns"
    assert choose.spec.learnt({"by": "name", "all": False}) is None


@pytest.mark.parametrize(
    ("splits", "at_random"), [(None, False), (Splits(), False), (Splits(at_random={"drawn": True}), True)]
)
def test_a_module_says_when_chance_divides_its_rows(splits: Splits | None, at_random: bool) -> None:
    @module(splits=splits)
    def halve(dataset: pl.LazyFrame, *, drawn: Annotated[bool, Param("Draw")] = True) -> Parts:
        """Halve."""
        raise AssertionError

    assert (halve.spec.splits is None) is (splits is None)
    assert halve.spec.does_split_at_random({"drawn": True}) is at_random
    assert not halve.spec.does_split_at_random({"drawn": False})
    assert ModuleSpec.from_json(halve.spec.to_json()) == halve.spec
