"""Profile Data: a report of what is in a table, and of what deserves a look."""

from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

import polars as pl

from modules.kit import ColumnSchema, Context, File, Param, Port, Table, TableSchema, module
from modules.ml.checks import check_has_columns
from modules.ml.profile_page import page_of
from modules.ml.profiling import ColumnProfile, profile_of, relations_of
from modules.ml.rows import count_rows

VALUES_AT_ONCE = 1 << 22
COMPARED_ROWS = 50_000
COMPARED_COLUMNS = 100
FILE_NAME = "profile.html"

COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys(("Column", "Type", "Role"), pl.String()),
    **dict.fromkeys(("Rows", "Missing"), pl.Int64()),
    "Missing Share": pl.Float64(),
    "Different Values": pl.Int64(),
    **dict.fromkeys(("Most Frequent", "Least", "Greatest"), pl.String()),
    "Most Frequent Share": pl.Float64(),
    **dict.fromkeys(("Mean", "Standard Deviation", "1st Quartile", "Median", "3rd Quartile", "Skewness"), pl.Float64()),
    **dict.fromkeys(("Zeros", "Negative", "Infinite", "Outliers", "Shortest Text", "Longest Text"), pl.Int64()),
    "Alerts": pl.String(),
}
RELATIONS: dict[str, pl.DataType] = {
    **dict.fromkeys(("First Column", "Second Column", "Measure"), pl.String()),
    "Strength": pl.Float64(),
}


class Profiled(NamedTuple):
    """The same findings as tables and as a page."""

    columns: Annotated[Table, Port(help="One row for each column of the table")]
    relations: Annotated[Table, Port(help="Pairs of columns that go together, the strongest first")]
    report: Annotated[File, Port(help="A page to download, with charts")]


@module()
def profile_data(
    dataset: Table,
    *,
    title: Annotated[str, Param("What stands above the report")] = "Data profile",
    frequent_values: Annotated[int, Param("How many of the most frequent values are counted", ge=1, le=50)] = 10,
    least_strength: Annotated[
        float, Param("Pairs of columns that go together less than this are left out; 1 is in step", ge=0, le=1)
    ] = 0.5,
    context: Context,
) -> Profiled:
    """Report what is in each column of a table, which columns go together, and what deserves a look.

    Alerts point at columns that are constant, empty or mostly missing, at ids, at skewed numbers and values far from
    the others (by more than 1.5 times the distance of the quartiles), at spaces around texts, texts that differ in
    capitals only, and numbers and dates that are stored as text. NaN counts as missing.

    Numbers are compared by Pearson's correlation, categories by Cramér's V, numbers with categories by the correlation
    ratio: in the first 100 columns, over 50 000 rows spread evenly where there are more.
    """
    schema = dataset.frame.collect_schema()
    check_has_columns(schema, port="dataset")
    rows = count_rows(dataset.frame)
    profiles = list(_profiles(dataset.frame, rows, frequent_values, context))
    compared = dataset.frame.select(schema.names()[:COMPARED_COLUMNS])
    step = max(1, -(-rows // COMPARED_ROWS))
    relations = relations_of(compared.gather_every(step).collect(), dataset.categorical, least=least_strength)
    missing, cells = sum(profile.missing for profile in profiles), rows * len(schema)
    repeated = _repeated(dataset.frame, rows)
    for name, value in {
        "Rows": rows,
        "Columns": len(schema),
        "Missing values": missing,
        "Repeated rows": repeated,
    }.items():
        context.metric(name, value)
    summary = [
        ("Rows", f"{rows:,}"),
        ("Columns", f"{len(schema):,}"),
        ("Missing values", f"{missing:,} ({missing / cells:.1%})" if cells else "0"),
        ("Repeated rows", f"{repeated:,}"),
    ]
    path = context.working_folder / FILE_NAME
    path.write_text(page_of(title, summary, profiles, relations), encoding="utf-8")
    lines = [_line(profile, dataset.role_of(profile.name)) for profile in profiles]
    return Profiled(
        Table(pl.LazyFrame(lines, schema=COLUMNS, orient="row")),
        Table(pl.LazyFrame(relations, schema=RELATIONS, orient="row")),
        File(path, FILE_NAME),
    )


def _profiles(frame: pl.LazyFrame, rows: int, frequent: int, context: Context) -> Iterator[ColumnProfile]:
    """Few columns are in memory at a time."""
    names = frame.collect_schema().names()
    width = max(1, VALUES_AT_ONCE // max(rows, 1))
    for start in range(0, len(names), width):
        for values in frame.select(names[start : start + width]).collect().iter_columns():
            yield profile_of(values, frequent=frequent)
        context.progress(min(start + width, len(names)) / len(names))


def _repeated(frame: pl.LazyFrame, rows: int) -> int:
    """How many rows have been there before."""
    different = frame.select(pl.struct(pl.all()).hash().n_unique()).collect().item()
    return rows - int(different)


def _line(profile: ColumnProfile, role: str) -> dict[str, Any]:
    known = profile.rows - profile.missing
    low, middle, high = profile.quartiles or (None, None, None)
    shortest, longest = profile.lengths or (None, None)
    return {
        "Column": profile.name,
        "Type": profile.kind,
        "Role": role,
        "Rows": profile.rows,
        "Missing": profile.missing,
        "Missing Share": profile.missing / profile.rows if profile.rows else None,
        "Different Values": profile.distinct,
        "Most Frequent": profile.frequent[0][0] if profile.frequent else None,
        "Least": profile.least,
        "Greatest": profile.greatest,
        "Most Frequent Share": profile.frequent[0][1] / known if profile.frequent else None,
        "Mean": profile.mean,
        "Standard Deviation": profile.deviation,
        "1st Quartile": low,
        "Median": middle,
        "3rd Quartile": high,
        "Skewness": profile.skewness,
        "Zeros": profile.zeros,
        "Negative": profile.negative,
        "Infinite": profile.infinite,
        "Outliers": profile.outliers,
        "Shortest Text": shortest,
        "Longest Text": longest,
        "Alerts": "; ".join(profile.alerts),
    }


@profile_data.schema
def profile_data_schema() -> tuple[TableSchema, TableSchema, None]:
    columns, relations = (
        TableSchema(tuple(ColumnSchema(name, type(dtype).__name__) for name, dtype in table.items()))
        for table in (COLUMNS, RELATIONS)
    )
    return columns, relations, None
