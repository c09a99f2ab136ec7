"""Write a table to a file: CSV, TSV, Parquet, Arrow, JSON lines and Excel."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl

from modules.kit.ports import json_of
from modules.ml.columns import is_text

EXPORT_FORMATS: Final = ("csv", "tsv", "parquet", "arrow", "jsonl", "xlsx")

EXCEL_ROWS = 1_048_575  # of a sheet, beside the heading
EXCEL_COLUMNS: Final = 16_384
EXCEL_LETTERS: Final = 32_767
EXCEL_DIGITS: Final = 15
WRITTEN_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""What a workbook says of its making: equal tables make equal files."""
WORKBOOK: Final = {
    "nan_inf_to_errors": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}

Texts = Mapping[type[pl.DataType], Callable[[pl.Expr], pl.Expr]]
TEXTS: Final[Texts] = {
    pl.Binary: lambda column: column.bin.encode("hex"),
    pl.Duration: lambda column: column.dt.to_string("iso"),
}


def write_file(frame: pl.LazyFrame, path: Path) -> None:
    """Write the rows to a file in the format of its ending; raises ValueError where that cannot be.

    Text formats get nested values as JSON. Rows are streamed, but for Excel.
    """
    match path.suffix.lower().lstrip("."):
        case "csv":
            flat(frame).sink_csv(path)
        case "tsv" | "txt":
            flat(frame).sink_csv(path, separator="\t")
        case "parquet":
            frame.sink_parquet(path)
        case "arrow" | "feather" | "ipc":
            # What lies beneath missing values is made zeros, so that equal rows give equal files.
            frame.select(pl.when(pl.all().is_not_null()).then(pl.all())).sink_ipc(path)
        case "jsonl" | "ndjson":
            flat(frame, is_json=_holds_bytes).sink_ndjson(path)
        case "xlsx":
            _write_workbook(flat(frame).head(EXCEL_ROWS + 1).collect(), path)
        case other:
            raise ValueError(f"'.{other}' is no format of a table; expected one of {', '.join(EXPORT_FORMATS)}")


def is_nested(dtype: pl.DataType) -> bool:
    """Whether values of a type have parts: lists, arrays and structures."""
    return dtype.is_nested()


def flat(
    frame: pl.LazyFrame, texts: Texts = TEXTS, *, is_json: Callable[[pl.DataType], bool] = is_nested
) -> pl.LazyFrame:
    """Replace what a cell cannot hold: nested values by JSON, and values of some types, such as bytes, by texts."""
    changed = []
    for name, dtype in frame.collect_schema().items():
        if is_json(dtype):
            changed.append(as_json(pl.col(name)))
        elif dtype.base_type() in texts:
            changed.append(texts[dtype.base_type()](pl.col(name)).alias(name))
    return frame.with_columns(changed) if changed else frame


def as_json(column: pl.Expr) -> pl.Expr:
    """Nested values as JSON."""
    return column.map_batches(_as_json, return_dtype=pl.String, is_elementwise=True)


def _as_json(values: pl.Series) -> pl.Series:
    texts = [None if value is None else json.dumps(json_of(value), ensure_ascii=False) for value in values.to_list()]
    return pl.Series(values.name, texts, pl.String)


def _holds_bytes(dtype: pl.DataType) -> bool:
    """Whether there are bytes inside of nested values: JSON lines hold all others as they are."""
    return dtype.is_nested() and "Binary" in str(dtype)


def _write_workbook(rows: pl.DataFrame, path: Path) -> None:
    import xlsxwriter

    _check_fits(rows)
    long = [name for name, dtype in rows.schema.items() if dtype.is_integer() and _has_long_numbers(rows[name])]
    with xlsxwriter.Workbook(path, WORKBOOK) as workbook:
        workbook.set_properties({"created": WRITTEN_AT})
        rows.with_columns(pl.col(long).cast(pl.String)).write_excel(workbook)


def _check_fits(rows: pl.DataFrame) -> None:
    if rows.height > EXCEL_ROWS:
        raise ValueError(f"An Excel sheet holds {EXCEL_ROWS:,} rows at most; take another format")
    if rows.width > EXCEL_COLUMNS:
        raise ValueError(f"An Excel sheet holds {EXCEL_COLUMNS:,} columns at most; take another format")
    seen: dict[str, str] = {}
    for name in rows.columns:
        other = seen.setdefault(name.lower(), name)
        if other is not name:
            raise ValueError(f"To Excel, columns `{other}` and `{name}` have one name; rename one of them")
    for name in (name for name, dtype in rows.schema.items() if is_text(dtype)):
        longest = rows[name].cast(pl.String).str.len_chars().max()
        if isinstance(longest, int) and longest > EXCEL_LETTERS:
            raise ValueError(
                f"A cell of Excel holds {EXCEL_LETTERS:,} letters at most, and column `{name}` has a text of "
                f"{longest:,}; take another format"
            )


def _has_long_numbers(column: pl.Series) -> bool:
    """Whether there are numbers that Excel would round: it keeps 15 digits."""
    bound = 10**EXCEL_DIGITS
    wide = column.cast(pl.Int128)
    return bool(((wide >= bound) | (wide <= -bound)).any())
