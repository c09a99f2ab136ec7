"""Join Data: combine the rows of two tables by their keys."""

from typing import Annotated, Literal

import polars as pl

from modules.kit import Columns, Param, Port, Table, module
from modules.kit.errors import JoinKeysDiffer, SizesDiffer
from modules.ml.columns import family_of, free_name, is_text, present, renamed, without

JoinType = Literal["inner_join", "left_outer_join", "full_outer_join", "left_semi_join"]

WAYS: dict[JoinType, Literal["inner", "left", "full", "semi"]] = {
    "inner_join": "inner",
    "left_outer_join": "left",
    "full_outer_join": "full",
    "left_semi_join": "semi",
}
WITH_RIGHT = ("inner_join", "left_outer_join", "full_outer_join")


@module()
def join_data(
    left_dataset: Annotated[Table, Port(help="Its columns come first")],
    right_dataset: Annotated[Table, Port(help="Where matching rows are looked up")],
    *,
    left_key_columns: Annotated[
        Columns,
        Param("What identifies a row on the left", title="Join key columns for left dataset", port="left_dataset"),
    ],
    right_key_columns: Annotated[
        Columns,
        Param(
            "What it must equal on the right: as many columns, paired in order",
            title="Join key columns for right dataset",
            port="right_dataset",
        ),
    ],
    match_case: Annotated[bool, Param("Off takes `Kim` and `KIM` for the same text")] = True,
    join_type: Annotated[
        JoinType, Param("Which rows without a match stay", titles={"left_semi_join": "Left semi-join"})
    ] = ("inner_join"),
    keep_right_key_columns_in_joined_table: Annotated[
        bool, Param("Keep the keys of both tables; off keeps one of each pair", when={"join_type": WITH_RIGHT})
    ] = True,
) -> Annotated[Table, Port("results_dataset", help="The joined rows")]:
    """Combine the rows of two tables whose keys are equal.

    An inner join keeps matching rows only; a left outer join all rows of the left table; a full outer join all rows of
    both; a left semi-join the rows of the left table that have a match, once and without columns of the right one. A
    missing key matches nothing. Where both tables have a name, the right column gets `_R`. Several keys pair up in
    the order of the selections.
    """
    if len(left_key_columns) != len(right_key_columns):
        raise SizesDiffer(
            f"{len(left_key_columns)} key columns are selected on the left and {len(right_key_columns)} on the right",
            parameter="right_key_columns",
            hint="Select as many on both sides, in the order in which they pair up.",
        )
    pairs = list(zip(left_key_columns, right_key_columns, strict=True))
    left, right, keys = _with_keys(left_dataset, right_dataset, pairs, match_case=match_case)
    if join_type == "left_semi_join":
        rows = left.frame.join(right.frame, on=keys, how="semi", maintain_order="left")
        return left_dataset.with_frame(rows.drop(keys))
    merges = not keep_right_key_columns_in_joined_table
    dropped = set(right_key_columns) if merges and join_type != "full_outer_join" else set()
    right, new_names = _beside(right, left, keys, dropped)
    rows = left.frame.join(right.frame, on=keys, how=WAYS[join_type], coalesce=True, maintain_order="left_right")
    if merges and join_type == "full_outer_join":
        rows = rows.with_columns(_merged(pairs, new_names, left, right)).drop(new_names[b] for _, b in pairs)
    rows = rows.drop(keys)
    both = Table(rows, {**left.roles, **right.roles}, left.categorical | right.categorical)
    return both.with_frame(rows)


def _with_keys(
    left: Table, right: Table, pairs: list[tuple[str, str]], *, match_case: bool
) -> tuple[Table, Table, list[str]]:
    """Both tables with columns of comparable keys behind the others, and the names of these."""
    left_schema, right_schema = left.frame.collect_schema(), right.frame.collect_schema()
    names: list[str] = []
    left_keys: list[pl.Expr] = []
    right_keys: list[pl.Expr] = []
    for index, (a, b) in enumerate(pairs):
        name = free_name(f"key{index}", {*left_schema, *right_schema, *names}, "")
        kind = _common_type(a, left_schema[a], b, right_schema[b])
        left_keys.append(_comparable(a, left_schema[a], kind, match_case=match_case).alias(name))
        right_keys.append(_comparable(b, right_schema[b], kind, match_case=match_case).alias(name))
        names.append(name)
    return (
        left.with_frame(left.frame.with_columns(left_keys)),
        right.with_frame(right.frame.with_columns(right_keys)),
        names,
    )


def _common_type(left: str, left_type: pl.DataType, right: str, right_type: pl.DataType) -> pl.DataType:
    """The type that both keys are compared in; raises 0154."""
    families = {family_of(left_type), family_of(right_type)} - {"empty"}
    zones = {getattr(dtype, "time_zone", None) is None for dtype in (left_type, right_type) if dtype == pl.Datetime}
    if len(families) > 1 or len(zones) > 1:
        raise JoinKeysDiffer(
            f"Key `{left}` on the left is {family_of(left_type)} ({left_type}) and key `{right}` on the right is "
            f"{family_of(right_type)} ({right_type})",
            column=right,
            port="right_dataset",
            parameter="right_key_columns",
            hint="Convert one of them with Edit Metadata.",
        )
    if families <= {"text"}:
        return pl.String()
    if left_type == right_type or right_type == pl.Null:
        return left_type
    if left_type == pl.Null:
        return right_type
    if families == {"a date"}:
        return pl.Datetime("us", "UTC" if zones == {False} else None)
    if families == {"a number"}:
        return pl.Int128() if left_type.is_integer() and right_type.is_integer() else pl.Float64()
    return left_type


def _comparable(name: str, dtype: pl.DataType, kind: pl.DataType, *, match_case: bool) -> pl.Expr:
    column = present(name, dtype)
    if isinstance(kind, pl.Datetime) and kind.time_zone == "UTC" and dtype == pl.Datetime:
        column = column.dt.convert_time_zone("UTC")
    column = column if dtype == kind else column.cast(kind)
    return column.str.to_lowercase() if is_text(kind) and not match_case else column


def _beside(right: Table, left: Table, keys: list[str], dropped: set[str]) -> tuple[Table, dict[str, str]]:
    """The right table with names that the left one does not have, and these by the old ones."""
    kept = right.with_frame(right.frame.drop(dropped))
    taken = {*left.names, *without(kept.names, left.names)}
    new = {}
    for name in without(kept.names, keys):
        new[name] = free_name(name, taken, "_R") if name in left.names else name
        taken.add(new[name])
    return renamed(kept, new), new


def _merged(pairs: list[tuple[str, str]], new_names: dict[str, str], left: Table, right: Table) -> list[pl.Expr]:
    """One key of each pair: the left one, or the right one where there is no left row."""
    left_schema, right_schema = left.frame.collect_schema(), right.frame.collect_schema()
    merged = []
    for a, b in pairs:
        other = pl.col(new_names[b])
        if left_schema[a] in (pl.Categorical, pl.Enum) or right_schema[new_names[b]] in (pl.Categorical, pl.Enum):
            merged.append(pl.coalesce(pl.col(a).cast(pl.String), other.cast(pl.String)).alias(a))
        else:
            merged.append(pl.coalesce(pl.col(a), other).alias(a))
    return merged
