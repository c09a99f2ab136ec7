"""Target Encoding: the mean of a target in place of each category."""

import warnings
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import polars as pl
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import TargetEncoder

from modules.kit import Column, Columns, ColumnSchema, Param, Port, Seed, Table, TableSchema, Transform, module
from modules.kit.errors import (
    EqualColumnNames,
    NotFinite,
    TooFewRows,
    TooManyColumns,
    UnsuitableTarget,
    WrongColumnType,
)
from modules.kit.names import counted
from modules.ml.categories import levels_in, looked_up
from modules.ml.checks import check_plain
from modules.ml.columns import check_free, check_types, family_of, free_name, is_text, present, without

Mode = Literal["inplace", "append"]

MOST_COLUMNS = 10_000
SUFFIX = "_encoded"


class Encoded(NamedTuple):
    """The table with means, and what was learnt to give others theirs."""

    results_dataset: Annotated[Table, Port(help="The table with a mean for each category")]
    encoding_transformation: Annotated[Transform, Port(help="Gives another table the means of this one")]


@module()
def target_encoding(
    dataset: Table,
    *,
    columns: Annotated[
        Columns,
        Param(
            "The columns of categories",
            title="Columns to encode",
            initial={"base": "none", "rules": [{"op": "include", "by": "types", "values": ["categorical"]}]},
        ),
    ],
    target_column: Annotated[Column, Param("A number, or two or more classes")],
    smoothing: Annotated[
        Literal["automatic", "fixed"],
        Param("How far rare categories are drawn to the mean of all rows: by how much their rows vary, or as you say"),
    ] = "automatic",
    smoothing_rows: Annotated[
        float,
        Param(
            "A category of as many rows lies halfway between its own mean and that of all",
            ge=0,
            when={"smoothing": "fixed"},
        ),
    ] = 10.0,
    number_of_folds: Annotated[
        int, Param("In how many parts the rows are encoded, each by the means of the others", ge=2)
    ] = 5,
    seed: Annotated[Seed, Param("The same seed draws the same parts, 0 too", title="Random seed")] = 0,
    output_mode: Annotated[
        Mode, Param("Put the means in the place of the values, or add them as new columns")
    ] = "inplace",
) -> Encoded:
    """Replace each category by the mean of a target over its rows.

    The target is a number, or the share of its last class in order; with more than two classes there is a column for
    the share of each, called `<column>_<class>`. Missing values are a category of their own.

    No row sees its own target: the rows are drawn into folds, and those of a fold get the means of the others. The
    transformation has the means of all rows, and gives them to other tables; so its result on this very table differs.
    A category that is not known gets the mean of all rows; a row without a target gets the means of the others. Put
    the split before: means that test rows had a part in tell too much.
    """
    schema = dataset.frame.collect_schema()
    chosen = list(dict.fromkeys(columns))
    check_plain(schema, chosen, parameter="columns")
    check_plain(schema, [target_column], parameter="target_column")
    if target_column in chosen:
        raise EqualColumnNames(
            f"Column `{target_column}` is the target, and is to be encoded by it",
            column=target_column,
            port="dataset",
            parameter="columns",
            hint="Leave it out of the columns to encode.",
        )
    target, classes = _target(dataset, target_column)
    known = target.is_not_null().to_numpy()
    if known.sum() < number_of_folds:
        raise TooFewRows(
            port="dataset",
            required=number_of_folds,
            actual=int(known.sum()),
            hint="Every fold needs a row with a target.",
        )
    outputs = len(classes) if classes is not None and len(classes) > 2 else 1
    if outputs * len(chosen) > MOST_COLUMNS:
        raise TooManyColumns(
            f"`{target_column}` has {counted(outputs, 'value')}; more than {MOST_COLUMNS} columns would be made",
            column=target_column,
            port="dataset",
            parameter="target_column",
        )
    levels = {name: levels_in(dataset.frame, name, schema[name]) for name in chosen}
    codes = _codes(dataset.frame, schema, levels)
    smooth = "auto" if smoothing == "automatic" else smoothing_rows
    encoder = TargetEncoder(
        categories=[np.arange(len(levels[name])) for name in chosen],
        target_type="continuous" if classes is None else "binary" if outputs == 1 else "multiclass",
        smooth=smooth,
        cv=_folds(target.drop_nulls(), classes, number_of_folds, seed),
    )
    means = np.empty((len(codes), outputs * len(chosen)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # classes with fewer rows than folds are in some folds only
        means[known] = encoder.fit_transform(codes[known], target.drop_nulls().to_numpy())
    means[~known] = encoder.transform(codes[~known]) if not known.all() else 0
    labels = _labels(chosen, schema, classes if outputs > 1 else None, output_mode)
    state = {
        "columns": {
            name: {
                "levels": levels[name],
                "means": [encoder.encodings_[place * outputs + output].tolist() for output in range(outputs)],
                "labels": labels[place * outputs : (place + 1) * outputs],
            }
            for place, name in enumerate(chosen)
        },
        "default": np.atleast_1d(encoder.target_mean_).tolist(),
        "replaces": output_mode == "inplace",
        "types": {name: family_of(schema[name]) for name in chosen},
    }
    made = [pl.lit(pl.Series(label, means[:, place])) for place, label in enumerate(labels)]
    return Encoded(_with(dataset, made, state), Transform("target_encoding", encode_by_target, state))


def _target(dataset: Table, name: str) -> tuple[pl.Series, list[Any] | None]:
    """The target as numbers, and its classes in order where it has some; raises 0017, 0023 and 0033."""
    dtype = dataset.frame.collect_schema()[name]
    if not (dtype.is_numeric() or dtype in (pl.Boolean, pl.Null) or is_text(dtype)):
        raise WrongColumnType(
            name,
            found=family_of(dtype),
            expected="a number, text or true or false",
            port="dataset",
            parameter="target_column",
        )
    if dtype.is_numeric() and name not in dataset.categorical:
        values = dataset.frame.select(present(name, dtype).cast(pl.Float64)).collect().to_series()
        if values.is_infinite().any():
            raise NotFinite(
                f"Column `{name}` holds infinity, which has no mean",
                column=name,
                port="dataset",
                parameter="target_column",
            )
        return values, None
    classes = [level for level in levels_in(dataset.frame, name, dtype) if level is not None]
    if len(classes) < 2:
        raise UnsuitableTarget(
            f"Column `{name}` holds {counted(len(classes), 'value')}, and two at least are needed",
            column=name,
            port="dataset",
            parameter="target_column",
        )
    codes = looked_up(name, dtype, classes, range(len(classes)), pl.Int64(), default=None)
    return dataset.frame.select(codes).collect().to_series(), classes


def _codes(frame: pl.LazyFrame, schema: pl.Schema, levels: Mapping[str, list[Any]]) -> np.ndarray[Any, Any]:
    """Rows × columns: the place of each value among the levels of its column."""
    places = [
        looked_up(name, schema[name], found, range(len(found)), pl.Int64(), default=-1)
        for name, found in levels.items()
    ]
    return frame.select(places).collect().to_numpy() if places else np.empty((0, 0))


def _folds(target: pl.Series, classes: list[Any] | None, folds: int, seed: int) -> KFold | StratifiedKFold:
    if classes is None:
        return KFold(folds, shuffle=True, random_state=seed)
    most = int(np.bincount(target.to_numpy()).max())  # no class may have fewer rows than folds in all of them
    return StratifiedKFold(max(2, min(folds, most)), shuffle=True, random_state=seed)


def _labels(names: list[str], schema: pl.Schema, classes: list[Any] | None, mode: Mode) -> list[str]:
    """The names of the new columns, one or one for each class for each column."""
    if classes is None and mode == "inplace":
        return names
    taken = [name for name in schema if mode == "append" or name not in names]
    labels: list[str] = []
    for name in names:
        for suffix in [SUFFIX] if classes is None else [f"_{_text(value)}" for value in classes]:
            labels.append(free_name(name, {*taken, *labels}, suffix))
    return labels


def _text(level: object) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)


def encode_by_target(table: Table, state: Mapping[str, Any]) -> Table:
    """Give the categories of a table the means of `state`; raises 0001, 0016 and 0028."""
    check_types(table, {name: kind for name, kind in state["types"].items() if kind != "empty"}, port="dataset")
    schema = table.frame.collect_schema()
    made = [
        looked_up(name, schema[name], learnt["levels"], means, pl.Float64(), default=default).alias(label)
        if name in schema
        else pl.lit(default, dtype=pl.Float64).alias(label)
        for name, learnt in state["columns"].items()
        for label, means, default in zip(learnt["labels"], learnt["means"], state["default"], strict=True)
    ]
    return _with(table, made, state)


def _with(table: Table, made: list[pl.Expr], state: Mapping[str, Any]) -> Table:
    """The table with new columns, in the place of the others or at its end."""
    replaced = set(state["columns"]) if state["replaces"] else set()
    labels = [label for learnt in state["columns"].values() for label in learnt["labels"]]
    check_free(labels, without(table.names, replaced), port="dataset")
    dropped = [name for name in table.names if name in replaced and name not in labels]
    found = table.with_frame(table.frame.with_columns(made).drop(dropped))
    return Table(found.frame, found.roles, found.categorical - replaced)


@target_encoding.schema
def target_encoding_schema(
    dataset: TableSchema | None, columns: list[str], target_column: str, output_mode: Mode
) -> tuple[TableSchema | None, None]:
    """How many columns there are depends on the classes, unless the target is a number or true or false."""
    if dataset is None:
        return None, None
    target = dataset[target_column]
    if not ((target.is_numeric and not target.categorical) or target.dtype == "Boolean"):
        return None, None
    chosen = list(dict.fromkeys(columns))
    schema = pl.Schema(dict.fromkeys(dataset.names, pl.Null()))
    roles = {name: dataset[name].role for name in chosen} if output_mode == "inplace" else {}
    made = [
        ColumnSchema(label, "Float64", roles.get(label, "feature"))
        for label in _labels(chosen, schema, None, output_mode)
    ]
    return dataset.with_columns(*made), None
