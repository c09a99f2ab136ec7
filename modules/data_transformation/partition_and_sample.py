"""Partition and Sample: take the first rows, a sample or a fold, or put the rows into folds."""

from typing import Annotated, Literal

import numpy as np
import polars as pl

from modules.kit import Column, Context, Param, Port, Seed, Table, TableSchema, module
from modules.kit.errors import EmptyInput, InvalidDataset, NotConvertible, OutOfRange, TooFewRows, WrongColumnType
from modules.kit.names import counted
from modules.ml.columns import family_of
from modules.ml.folds import assign_folds, folds_of, rows_of_fold
from modules.ml.rows import count_rows, draw_rows, draw_stratified

MODE = "partition_or_sample_mode"
ASSIGN, PICK, SAMPLING, HEAD = "assign_to_folds", "pick_fold", "sampling", "head"
EVENLY = {MODE: ASSIGN, "partitioner_method": "partition_evenly"}
CUSTOMIZED = {MODE: ASSIGN, "partitioner_method": "partition_with_customized_proportions"}


@module()
def partition_and_sample(
    dataset: Table,
    *,
    partition_or_sample_mode: Annotated[
        Literal["assign_to_folds", "pick_fold", "sampling", "head"],
        Param("What to take or assign", titles={ASSIGN: "Assign to Folds", PICK: "Pick Fold"}),
    ] = "sampling",
    number_of_rows_to_select: Annotated[int, Param("How many of the first rows", ge=0, when={MODE: HEAD})] = 10,
    rate_of_sampling: Annotated[float, Param("The share of rows to draw", ge=0, le=1, when={MODE: SAMPLING})] = 0.01,
    seed_for_sampling: Annotated[
        Seed,
        Param("The same seed draws the same rows, 0 too", title="Random seed for sampling", when={MODE: SAMPLING}),
    ] = 0,
    stratified_split_for_sampling: Annotated[
        bool, Param("Keep the mix of the values of a column", when={MODE: SAMPLING})
    ] = False,
    stratification_key_column_for_sampling: Annotated[
        Column,
        Param("The column whose mix is kept", when={MODE: SAMPLING, "stratified_split_for_sampling": True}),
    ],
    use_replacement_in_the_partitioning: Annotated[
        bool, Param("Draw any row for each place, so that a row may be in several folds or none", when={MODE: ASSIGN})
    ] = False,
    randomized_split: Annotated[
        bool, Param("Draw the rows; off deals them in their order", when={MODE: ASSIGN})
    ] = True,
    seed: Annotated[
        Seed, Param("The same seed gives the same folds, 0 too", title="Random seed", when={MODE: ASSIGN})
    ] = 0,
    partitioner_method: Annotated[
        Literal["partition_evenly", "partition_with_customized_proportions"],
        Param("Whether all folds have the same size", title="Specify the partitioner method", when={MODE: ASSIGN}),
    ] = "partition_evenly",
    number_of_folds: Annotated[
        int, Param("How many folds", title="Specify number of folds to split evenly into", ge=1, when=EVENLY)
    ] = 5,
    stratified_split: Annotated[bool, Param("Keep the mix of the values of a column", when=EVENLY)] = False,
    stratification_key_column: Annotated[
        Column, Param("The column whose mix every fold keeps", when={**EVENLY, "stratified_split": True})
    ],
    list_of_proportions: Annotated[
        str,
        Param(
            "The share of rows of each fold, as in 0.5, 0.3, 0.2; what is left to 1 makes one more fold",
            title="List of proportions separated by comma",
            when=CUSTOMIZED,
        ),
    ] = "",
    stratified_split_for_customized_fold_assignment: Annotated[
        bool, Param("Keep the mix of the values of a column", when=CUSTOMIZED)
    ] = False,
    stratification_key_column_for_customized_fold_assignment: Annotated[
        Column,
        Param(
            "The column whose mix every fold keeps",
            when={**CUSTOMIZED, "stratified_split_for_customized_fold_assignment": True},
        ),
    ],
    fold: Annotated[
        int,
        Param(
            "The number of the fold, counted from 1",
            title="Specify which fold to be sampled from",
            ge=1,
            when={MODE: PICK},
        ),
    ] = 1,
    pick_complement_of_the_selected_fold: Annotated[
        bool, Param("Take all rows but those of the fold", when={MODE: PICK})
    ] = False,
    context: Context,
) -> Annotated[Table, Port("o_dataset", title="oDataset", help="The taken rows, or all of them with their folds")]:
    """Take some rows of a table, or say which fold each row belongs to.

    - Head takes the first rows, all of them where there are fewer.
    - Sampling draws floor(rate × rows) rows and gives them in the order drawn.
    - Assign to Folds changes no row and no column: the folds go with the table, unseen, to Pick Fold and to Cross
      Validate Model, and the log tells their sizes. Edit Metadata hands them on; any other module in between loses
      them. Rows that are not drawn are dealt out in turn. Proportions below 1 leave the rest to one more fold.
    - Pick Fold takes the rows of one fold, or all others.

    A key column holds text, whole numbers, dates, true and false or categories; missing values are a group of their
    own. Equal seeds give equal rows.
    """
    if not dataset.names:
        raise EmptyInput(port="dataset", hint="The table has no columns.")
    match partition_or_sample_mode:
        case "head":
            return dataset.with_frame(dataset.frame.head(number_of_rows_to_select))
        case "pick_fold":
            return _picked(dataset, fold, complement=pick_complement_of_the_selected_fold)
        case "sampling":
            key = "stratification_key_column_for_sampling" if stratified_split_for_sampling else None
            groups = _key(dataset, stratification_key_column_for_sampling, key)
            return dataset.with_frame(_sample(dataset.frame, rate_of_sampling, seed_for_sampling, groups))
    rows = count_rows(dataset.frame)
    if partitioner_method == "partition_evenly":
        if number_of_folds > rows:
            raise TooFewRows(port="dataset", required=number_of_folds, actual=rows, hint="Every fold needs a row.")
        shares = [1 / number_of_folds] * number_of_folds
        key = "stratification_key_column" if stratified_split else None
        groups = _key(dataset, stratification_key_column, key)
    else:
        shares = _shares(list_of_proportions)
        is_stratified = stratified_split_for_customized_fold_assignment
        key = "stratification_key_column_for_customized_fold_assignment" if is_stratified else None
        groups = _key(dataset, stratification_key_column_for_customized_fold_assignment, key)
    replaces = use_replacement_in_the_partitioning
    chosen_seed = seed if randomized_split or replaces else None
    folds = assign_folds(rows, shares, seed=chosen_seed, key=groups, replace=replaces)
    sizes = np.bincount(folds["fold"], minlength=len(shares) + 1)[1:].tolist()
    if not all(sizes):
        raise InvalidDataset(
            f"Fold {sizes.index(0) + 1} gets none of the {counted(rows, 'row')}",
            port="dataset",
            parameter="list_of_proportions",
            hint="Give it a larger share.",
        )
    context.log(f"{counted(len(shares), 'fold')} of {', '.join(map(str, sizes))} rows")
    return Table(dataset.frame, dataset.roles, dataset.categorical, folds=folds)


def _sample(frame: pl.LazyFrame, rate: float, seed: int, groups: pl.Series | None) -> pl.LazyFrame:
    rows = count_rows(frame)
    mask = draw_rows(rows, rate, seed=seed) if groups is None else draw_stratified(groups, rate, seed=seed)
    order = np.random.default_rng(seed).permutation(int(mask.sum()))
    return frame.filter(pl.lit(pl.Series(mask))).select(pl.all().gather(order))


def _picked(dataset: Table, fold: int, *, complement: bool) -> Table:
    folds = folds_of(dataset, port="dataset")
    count = folds["fold"].n_unique()
    if not 1 <= fold <= count:
        raise InvalidDataset(
            f"`dataset` has {counted(count, 'fold')}, and fold {fold} is asked for",
            port="dataset",
            parameter="fold",
            hint="Folds are counted from 1.",
        )
    return dataset.with_frame(rows_of_fold(dataset.frame, folds, fold, complement=complement))


def _key(dataset: Table, column: str, parameter: str | None) -> pl.Series | None:
    """The values that are kept in their mix; raises 0003 and 0017."""
    if parameter is None:
        return None
    if not column:
        raise EmptyInput(parameter=parameter, hint="Select the column whose mix is kept.")
    key = dataset.frame.select(column).collect().to_series()
    is_discrete = not key.dtype.is_float() or column in dataset.categorical
    if not is_discrete or key.dtype.is_nested() or key.dtype in (pl.Binary, pl.Object):
        raise WrongColumnType(
            column,
            found="a number with a decimal point" if key.dtype.is_float() else family_of(key.dtype),
            expected="text, a whole number, a date, true or false or a category",
            port="dataset",
            parameter=parameter,
            hint="Mark it as categorical with Edit Metadata, or group its values with Group Data into Bins.",
        )
    return key


def _shares(text: str) -> list[float]:
    """The shares of the folds, up to 1 in all; raises 0002, 0003 and 0008."""
    shares: list[float] = []
    for part in text.replace(";", ",").split(","):
        if not part.strip():
            continue
        try:
            shares.append(float(part))
        except ValueError:
            raise NotConvertible(value=part.strip(), to="a share", parameter="list_of_proportions") from None
        if not 0 < shares[-1] <= 1:
            raise OutOfRange(parameter="list_of_proportions", low=0, high=1, actual=part.strip())
    if not shares:
        raise EmptyInput(parameter="list_of_proportions", hint="Write shares, such as 0.5, 0.3, 0.2")
    total = sum(shares)
    if total > 1 + 1e-9:
        raise OutOfRange(parameter="list_of_proportions", low=0, high=1, actual=f"{total:g} in all")
    return [*shares, 1 - total] if total < 1 - 1e-9 else shares


@partition_and_sample.schema
def partition_and_sample_schema(dataset: TableSchema | None) -> TableSchema | None:
    return dataset
