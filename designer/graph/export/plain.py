"""What an exported program has in place of the engine. Its source goes into the program as it stands here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from modules.kit import Table

HERE = Path(__file__).parent
"""The folder of this program: its data files lie beside it."""


def read_dataset(path: Path, roles: Mapping[str, str] | None = None, categorical: Sequence[str] = ()) -> Table:
    """Read a data file that lies beside this program."""
    return Table(pl.read_ipc(path).rechunk().lazy(), roles or {}, frozenset(categorical))


def computed(result: Any, like: Table | None = None) -> Any:
    """Compute the rows of a step's results once, so that the steps after it do not do so again.

    A bare frame becomes a table, in which columns keep the roles that they have in `like`.
    """
    if isinstance(result, tuple):
        return type(result)(*(computed(part, like) for part in result))
    if isinstance(result, pl.LazyFrame | pl.DataFrame):
        result = like.with_frame(result.lazy()) if like is not None else Table(result.lazy())
    if isinstance(result, Table):
        # In one piece and by this engine: the last digits of sums depend on that.
        return replace(result, frame=result.frame.collect(engine="in-memory").rechunk().lazy())
    return result


def print_results(contexts: Mapping[str, Any], ends: Mapping[str, Any]) -> None:
    """Print the figures that steps told, and what the pipeline ends in: of tables the first rows."""
    for step, context in contexts.items():
        for name, value in context.metrics.items():
            print(f"{step}: {name} = {value}")
        for name, rows in context.tables.items():
            print(f"{step}: {name}\n{pl.DataFrame(rows)}")
    for output, value in outputs_of(ends).items():
        shown = value.frame.head().collect() if isinstance(value, Table) else type(value).__name__
        print(f"{output}\n{shown}")


def outputs_of(results: Mapping[str, Any]) -> dict[str, Any]:
    """The single outputs of steps, named `step` or `step.output`."""
    found: dict[str, Any] = {}
    for step, result in results.items():
        if hasattr(result, "_asdict"):
            found |= {f"{step}.{name}": part for name, part in result._asdict().items()}
        else:
            found[step] = result
    return found


def write_tables(results: Mapping[str, Any], folder: Path) -> None:
    """Write each table to a CSV file that is named after its step and output; nested values as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for output, table in outputs_of(results).items():
        if isinstance(table, Table):
            frame = table.frame.collect()
            nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
            texts = [
                pl.Series(name, [json.dumps(value, default=str) for value in frame[name].to_list()]) for name in nested
            ]
            frame.with_columns(texts).write_csv(folder / f"{output}.csv")
