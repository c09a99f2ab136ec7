"""Group Data into Bins: replace numbers by the interval that they lie in."""

import itertools
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import polars as pl

from modules.kit import Columns, ColumnSchema, Learns, Param, Port, Table, TableSchema, Transform, module
from modules.kit.errors import EmptyInput, NotConvertible, NotSorted, TooFewRows, TooSmall, UnsuitableBinning
from modules.ml.checks import check_has_columns, check_numeric
from modules.ml.columns import check_free, check_types, free_name, present

Mode = Literal["quantiles", "equal_width", "custom_edges"]
Normalization = Literal["percent", "p_quantile", "quantile_index"]
OutputMode = Literal["append", "inplace", "result_only"]

LEARNT = ("quantiles", "equal_width")
QUANTILES = {"binning_mode": "quantiles"}
SUFFIX = "_quantized"


class Binned(NamedTuple):
    """The table with bins, and the edges that were learnt to put others into the same."""

    quantized_dataset: Annotated[Table, Port(help="The table with the bin of each value")]
    binning_transformation: Annotated[Transform, Port(help="Puts the values of another table into the same bins")]


@module(learns=Learns(when={"binning_mode": LEARNT}))
def group_data_into_bins(
    dataset: Table,
    *,
    binning_mode: Annotated[
        Mode,
        Param(
            "Bins of as many values each, of the same width, or between edges that you give",
            titles={"equal_width": "Equal Width", "custom_edges": "Custom Edges"},
        ),
    ] = "quantiles",
    number_of_bins: Annotated[int, Param("How many bins", ge=1, le=1_000_000, when={"binning_mode": LEARNT})] = 10,
    quantile_normalization: Annotated[
        Normalization,
        Param(
            "What stands for bin k of n: 100 k / (n + 1), k / (n + 1), or k",
            when=QUANTILES,
            titles={"p_quantile": "PQuantile", "quantile_index": "Quantile Index"},
        ),
    ] = "percent",
    bin_edges: Annotated[
        str,
        Param(
            "Ascending numbers, as in 0, 10, 100; n edges make n + 1 bins",
            title="Comma-separated list of bin edges",
            when={"binning_mode": "custom_edges"},
        ),
    ] = "",
    columns: Annotated[
        Columns,
        Param(
            "The columns to bin, all of them numbers",
            title="Columns to bin",
            initial={"base": "none", "rules": [{"op": "include", "by": "types", "values": ["numeric"]}]},
        ),
    ],
    output_mode: Annotated[
        OutputMode,
        Param(
            "Add the bins as new columns, put them in the place of the values, or give nothing else",
            titles={"result_only": "Result Only"},
        ),
    ] = "append",
    tag_columns_as_categorical: Annotated[bool, Param("Mark the columns of bins as categories")] = True,
) -> Binned:
    """Replace each number by the number of its bin.

    Bins are counted from 1. A value that equals an edge belongs to the bin below it; what lies below the first edge is
    in bin 1, what lies above the last edge in the last bin. Quantiles lie on the line between neighbouring values;
    where many values are equal, some bins stay empty. Missing values stay missing, and infinite ones make no edges.

    New columns are called `<column>_quantized`. The transformation keeps the edges of this table.
    """
    schema = dataset.frame.collect_schema()
    check_has_columns(schema, port="dataset")
    check_numeric(schema, columns, parameter="columns")
    chosen = list(dict.fromkeys(columns))
    if number_of_bins < 1:
        raise TooSmall(parameter="number_of_bins", bound=1, actual=number_of_bins)
    if binning_mode == "custom_edges":
        edges = dict.fromkeys(chosen, _custom_edges(bin_edges))
    else:
        edges = {
            name: _learnt_edges(dataset.frame, name, schema[name], binning_mode, number_of_bins) for name in chosen
        }
    state = {
        "edges": edges,
        "labels": _labels(chosen, list(schema), output_mode),
        "normalization": quantile_normalization if binning_mode == "quantiles" else "quantile_index",
        "output_mode": output_mode,
        "categorical": tag_columns_as_categorical,
    }
    return Binned(put_into_bins(dataset, state), Transform("group_data_into_bins", put_into_bins, state))


def _custom_edges(text: str) -> list[float]:
    """The typed edges; raises 0002, 0003 and 0019."""
    edges: list[float] = []
    for part in text.replace(";", ",").split(","):
        if not part.strip():
            continue
        try:
            edges.append(float(part))
        except ValueError:
            edges.append(math.nan)
        if not math.isfinite(edges[-1]):
            raise NotConvertible(
                value=part.strip(), to="a number", parameter="bin_edges", hint="Write numbers, such as 0, 10, 100"
            )
    if not edges:
        raise EmptyInput(parameter="bin_edges", hint="Write ascending numbers, such as 0, 10, 100")
    for below, above in itertools.pairwise(edges):
        if below >= above:
            raise NotSorted(
                f"The edges of bins must ascend, and {above:g} follows {below:g}",
                parameter="bin_edges",
                hint="Write each edge once, the least first.",
            )
    return edges


def _learnt_edges(frame: pl.LazyFrame, name: str, dtype: pl.DataType, mode: Mode, bins: int) -> list[float]:
    """The inner edges of as many bins; raises 0021 and 0075."""
    values = present(name, dtype).cast(pl.Float64)
    rows = frame.select(values.alias("value")).collect().to_series()
    if rows.is_empty():
        raise TooFewRows(port="dataset", required=1, actual=0, hint="There is no value to learn the bins from.")
    finite = rows.filter(rows.is_finite()).to_numpy()
    if not len(finite):
        raise UnsuitableBinning(
            f"Column `{name}` has no value to learn the edges of bins from",
            column=name,
            port="dataset",
            parameter="columns",
            hint="Leave it out, or give custom edges.",
        )
    inner = np.linspace(0, 1, bins + 1)[1:-1]
    if mode == "quantiles":
        return [float(edge) for edge in np.quantile(finite, inner)]
    least, most = finite.min() / 2, finite.max() / 2  # halved, for their difference may be out of range
    return [float(edge) for edge in (least + (most - least) * inner) * 2]


def put_into_bins(table: Table, state: Mapping[str, Any]) -> Table:
    """Put the columns of a table into the bins of `state`; raises 0001 and 0016."""
    edges: Mapping[str, list[float]] = state["edges"]
    check_types(table, dict.fromkeys(edges, "a number"), port="dataset")
    schema = table.frame.collect_schema()
    labels: Mapping[str, str] = state["labels"]
    if state["output_mode"] == "append":
        check_free(labels.values(), schema, port="dataset")
    bins = [
        _bins(present(name, schema[name]).cast(pl.Float64), inner, state["normalization"]).alias(labels[name])
        for name, inner in edges.items()
    ]
    made = frozenset(labels.values())
    if state["output_mode"] == "result_only":
        return Table(table.frame.select(bins), categorical=made if state["categorical"] else frozenset())
    categorical = table.categorical | made if state["categorical"] else table.categorical - made
    return Table(table.frame.with_columns(bins), table.roles, categorical)


def _labels(names: list[str], taken: list[str], mode: OutputMode) -> dict[str, str]:
    """The name of the column of bins for each column."""
    if mode == "inplace":
        return {name: name for name in names}
    used = set(taken) if mode == "append" else set()
    labels: dict[str, str] = {}
    for name in names:
        labels[name] = free_name(name, used, SUFFIX)
        used.add(labels[name])
    return labels


def _bins(values: pl.Expr, inner: list[float], normalization: Normalization) -> pl.Expr:
    edges = np.array(inner)

    def index(series: pl.Series) -> pl.Series:
        found = np.searchsorted(edges, series.to_numpy(), side="left") + 1
        return pl.Series(series.name, found, dtype=pl.Int64).set(series.is_null(), None)

    k = values.map_batches(index, return_dtype=pl.Int64, is_elementwise=True)
    match normalization:
        case "percent":
            return 100 * k / (len(inner) + 2)
        case "p_quantile":
            return k / (len(inner) + 2)
        case "quantile_index":
            return k


@group_data_into_bins.schema
def group_data_into_bins_schema(
    dataset: TableSchema | None,
    columns: list[str],
    binning_mode: Mode,
    quantile_normalization: Normalization,
    output_mode: OutputMode,
    tag_columns_as_categorical: bool,
) -> tuple[TableSchema | None, None]:
    if dataset is None:
        return None, None
    labels = _labels(list(dict.fromkeys(columns)), dataset.names, output_mode)
    is_index = binning_mode != "quantiles" or quantile_normalization == "quantile_index"
    made = [
        ColumnSchema(
            label,
            "Int64" if is_index else "Float64",
            dataset[name].role if output_mode == "inplace" else "feature",
            tag_columns_as_categorical,
        )
        for name, label in labels.items()
    ]
    return (TableSchema(tuple(made)) if output_mode == "result_only" else dataset.with_columns(*made)), None
