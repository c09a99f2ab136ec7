"""Rescale numbers: fit on one table, replay on others."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import polars as pl
from scipy.special import ndtr

from modules.kit import Table
from modules.kit.errors import NotFinite
from modules.ml.columns import check_types, present

Method = Literal["z_score", "min_max", "logistic", "log_normal", "tanh"]
LEARNT = ("z_score", "min_max", "log_normal")


def fit_scaling(frame: pl.LazyFrame, names: list[str], method: Method, *, zero_for_constant: bool) -> dict[str, Any]:
    """Learn what `scale` needs, as plain values: for each column `low` and `span`, and whether it is constant.

    A value x becomes (x - low) / span, seen on a logarithmic scale for `log_normal`. Missing values are left out.
    Raises 0033 for a column with an infinite value.
    """
    found: dict[str, dict[str, Any]] = {}
    if method in LEARNT and names:
        schema = frame.collect_schema()
        parts = [
            fact.alias(f"{index} {key}")
            for index, name in enumerate(names)
            for key, fact in _facts(present(name, schema[name]).cast(pl.Float64), method).items()
        ]
        row = frame.select(parts).collect().row(0, named=True)
        for index, name in enumerate(names):
            facts = {key: row[f"{index} {key}"] for key in ("low", "span", "least", "most")}
            found[name] = _learnt(name, facts)
    else:
        found = {name: {} for name in names}
    return {"method": method, "zero_for_constant": zero_for_constant, "columns": found}


def _facts(column: pl.Expr, method: Method) -> dict[str, pl.Expr]:
    if method == "log_normal":
        column = pl.when(column > 0).then(column).log()
    if method == "min_max":
        low, span = column.min(), column.max() - column.min()
    else:
        low, span = column.mean(), column.std(ddof=0)
    return {"low": low, "span": span, "least": column.min(), "most": column.max()}


def _learnt(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    if any(isinstance(value, float) and np.isinf(value) for value in (facts["least"], facts["most"])):
        raise NotFinite(
            f"Column `{name}` holds infinity, which has no place on a scale",
            column=name,
            port="dataset",
            parameter="columns",
            hint="Replace infinite values first, or leave the column out.",
        )
    # Compared by its ends: the deviation of equal numbers is not always 0 in binary.
    return {"low": facts["low"], "span": facts["span"], "constant": facts["least"] == facts["most"]}


def scale(table: Table, state: Mapping[str, Any]) -> Table:
    """Rescale the columns of a table as they were when `state` was learnt; raises 0001 and 0016."""
    check_types(table, dict.fromkeys(state["columns"], "a number"), port="dataset")
    schema = table.frame.collect_schema()
    scaled = [
        _scaled(present(name, schema[name]).cast(pl.Float64), state, learnt).alias(name)
        for name, learnt in state["columns"].items()
    ]
    return table.with_frame(table.frame.with_columns(scaled))


def _scaled(column: pl.Expr, state: Mapping[str, Any], learnt: Mapping[str, Any]) -> pl.Expr:
    match state["method"]:
        case "logistic":
            return 1 / (1 + (-column).exp())
        case "tanh":
            return column.tanh()
    if learnt["low"] is None:  # no values at all, or none above 0 on a logarithmic scale
        return pl.when(column.is_not_null()).then(0.0) if state["method"] == "log_normal" else column
    if learnt["constant"]:
        return pl.when(column.is_not_null()).then(0.0 if state["zero_for_constant"] else float("nan"))
    if state["method"] != "log_normal":
        return (column - float(learnt["low"])) / float(learnt["span"])
    standard = (pl.when(column > 0).then(column).log() - learnt["low"]) / learnt["span"]
    share = standard.map_batches(_normal_share, return_dtype=pl.Float64, is_elementwise=True)
    return pl.when(column <= 0).then(0.0).otherwise(share)


def _normal_share(values: pl.Series) -> pl.Series:
    """The share of a standard normal distribution below each value; Polars has no such function."""
    return pl.Series(values.name, ndtr(values.to_numpy())).set(values.is_null(), None)
