"""Edit Metadata: change what columns are called, what they hold and what they are for."""

import csv
from dataclasses import replace
from typing import Annotated, Literal

import polars as pl

from modules.kit import Columns, Param, Port, Table, module
from modules.kit.errors import DuplicateColumn, LabelMissingValues, SizesDiffer
from modules.kit.schema import SCORE_ROLES
from modules.ml.columns import renamed
from modules.ml.converting import DataType, converted

Categorical = Literal["unchanged", "categorical", "non_categorical"]
Fields = Literal["unchanged", "features", "labels", "clear_features", "clear_labels", "clear_scores"]


@module()
def edit_metadata(
    dataset: Table,
    *,
    columns: Annotated[Columns, Param("The columns that all of the below applies to", title="Column")],
    data_type: Annotated[
        Literal["unchanged", "string", "integer", "double", "boolean", "date_time"],
        Param("What the values become", titles={"date_time": "DateTime"}),
    ] = "unchanged",
    date_and_time_format: Annotated[
        str,
        Param("Codes such as %Y-%m-%d %H:%M; blank tries the usual ones", when={"data_type": "date_time"}),
    ] = "",
    categorical: Annotated[
        Categorical, Param("Whether the values are categories", titles={"non_categorical": "Non-categorical"})
    ] = "unchanged",
    fields: Annotated[
        Fields,
        Param(
            "What the columns are for",
            titles={
                "features": "Feature",
                "labels": "Label",
                "clear_features": "Clear feature",
                "clear_labels": "Clear label",
                "clear_scores": "Clear score",
            },
        ),
    ] = "unchanged",
    new_column_names: Annotated[
        str, Param("One name for each column, separated by commas; blank keeps the names")
    ] = "",
) -> Annotated[Table, Port("results_dataset", help="The same rows under changed columns")]:
    """Change the type, the role or the names of columns.

    A new type converts the values, and a value that cannot be converted stops the node. Numbers with a decimal point
    are rounded to whole ones; `yes`, `true`, `t` and 1 are true. Without a format, dates are read by the one of the
    usual formats that fits all values, month before day where both fit; numbers count seconds since 1970, or smaller
    units if they are that large. Clear feature keeps a column in the table but out of training. One column at most can
    be the label. New names go to the columns in table order; names with commas stand in quotes.
    """
    frame = dataset.frame
    if data_type != "unchanged":
        wanted: DataType = data_type
        frame = frame.with_columns(converted(frame, columns, wanted, date_format=date_and_time_format or "").values())
    flags, frame = _flags(dataset, frame, columns, categorical)
    changed = replace(dataset, frame=frame, roles=_roles(dataset, columns, fields), categorical=flags, attachments={})
    return renamed(changed, _new_names(dataset.names, columns, new_column_names))


def _flags(
    dataset: Table, frame: pl.LazyFrame, columns: list[str], change: Categorical
) -> tuple[frozenset[str], pl.LazyFrame]:
    match change:
        case "categorical":
            return dataset.categorical | frozenset(columns), frame
        case "non_categorical":
            schema = frame.collect_schema()
            stored = [name for name in columns if schema[name] in (pl.Categorical, pl.Enum)]
            return dataset.categorical - frozenset(columns), frame.with_columns(pl.col(stored).cast(pl.String))
    return dataset.categorical, frame


def _roles(dataset: Table, columns: list[str], change: Fields) -> dict[str, str]:
    roles = dict(dataset.roles)
    for name in columns:
        role = dataset.role_of(name)
        match change:
            case "features":
                roles[name] = "feature"
            case "labels":
                roles[name] = "label"
            case "clear_features" if role == "feature":
                roles[name] = "none"
            case "clear_labels" if role == "label":
                roles[name] = "feature"
            case "clear_scores" if role in SCORE_ROLES:
                roles[name] = "feature"
    labels = [name for name in dataset.names if roles.get(name) == "label"]
    if change == "labels" and len(labels) > 1:
        raise LabelMissingValues(
            f"Columns {', '.join(f'`{name}`' for name in labels[:5])} would all be labels, and one is allowed",
            parameter="fields",
            column=labels[1],
            port="dataset",
            hint="Select one column, and clear the label of the other before.",
        )
    return {name: role for name, role in roles.items() if role != "feature"}


def _new_names(names: list[str], columns: list[str], text: str) -> dict[str, str]:
    """The new name of each column, in table order; raises 0027 and 0028."""
    if not text or not text.strip():
        return {}
    new = [name.strip() for name in next(csv.reader([text.replace("\n", " ")], skipinitialspace=True))]
    chosen = [name for name in names if name in set(columns)]
    if len(new) != len(chosen) or not all(new):
        raise SizesDiffer(
            f"`new_column_names` has {sum(map(bool, new))} names, and {len(chosen)} columns are selected",
            parameter="new_column_names",
            hint="Give one name for each selected column, none of them blank.",
        )
    by_old = dict(zip(chosen, new, strict=True))
    seen: set[str] = set()
    for name in (by_old.get(name, name) for name in names):
        if name in seen:
            raise DuplicateColumn(name, port="dataset", parameter="new_column_names")
        seen.add(name)
    return by_old
