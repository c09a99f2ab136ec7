"""What is known of a port before anything has run: columns of a table, target of a model."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from modules.kit.tables import Table, Task

NUMERIC = frozenset(
    {
        "Int8",
        "Int16",
        "Int32",
        "Int64",
        "Int128",
        "UInt8",
        "UInt16",
        "UInt32",
        "UInt64",
        "Float32",
        "Float64",
        "Decimal",
    }
)


@dataclass(frozen=True, slots=True)
class ColumnSchema:
    """One column: ``dtype`` is the name of its Polars type without parameters."""

    name: str
    dtype: str
    role: str = "feature"
    categorical: bool = False

    @property
    def is_numeric(self) -> bool:
        return self.dtype in NUMERIC


@dataclass(frozen=True, slots=True)
class TableSchema:
    """The columns of a table, in order."""

    columns: tuple[ColumnSchema, ...]

    @classmethod
    def of(cls, table: Table) -> "TableSchema":
        """Read the schema of a table without collecting it."""
        return cls(
            tuple(
                ColumnSchema(
                    name,
                    dtype.base_type().__name__,
                    table.roles.get(name, "feature"),
                    name in table.categorical or isinstance(dtype, pl.Categorical | pl.Enum),
                )
                for name, dtype in table.frame.collect_schema().items()
            )
        )

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def get(self, name: str) -> ColumnSchema | None:
        return next((column for column in self.columns if column.name == name), None)

    def select(self, names: Iterable[str]) -> "TableSchema":
        """The named columns, in the order of ``names``; names that are not there are left out."""
        by_name = {column.name: column for column in self.columns}
        return TableSchema(tuple(by_name[name] for name in names if name in by_name))

    def drop(self, names: Iterable[str]) -> "TableSchema":
        gone = frozenset(names)
        return TableSchema(tuple(c for c in self.columns if c.name not in gone))

    def with_columns(self, *columns: ColumnSchema) -> "TableSchema":
        """Replace columns of the same name in place and append the others."""
        by_name = {column.name: column for column in self.columns}
        by_name.update({column.name: column for column in columns})
        return TableSchema(tuple(by_name.values()))

    def with_role(self, name: str, role: str) -> "TableSchema":
        return TableSchema(
            tuple(replace(c, role=role) if c.name == name else c for c in self.columns)
        )

    def to_table(self) -> Table:
        """An empty table of this schema."""
        frame = pl.LazyFrame(schema={c.name: polars_type(c.dtype) for c in self.columns})
        return Table(
            frame,
            {c.name: c.role for c in self.columns if c.role != "feature"},
            frozenset(c.name for c in self.columns if c.categorical),
        )


@dataclass(frozen=True, slots=True)
class ModelSchema:
    """What a learner or a model is for; ``None`` where that is not known yet."""

    task: Task | None
    label: str | None = None
    features: tuple[str, ...] | None = None
    classes: tuple[Any, ...] | None = None


PortSchema = TableSchema | ModelSchema | None


def polars_type(name: str) -> Any:
    """The Polars type of a name that :meth:`TableSchema.of` gave, with default parameters."""
    dtype = getattr(pl, name, pl.String)
    match name:
        case "List":
            return pl.List(pl.String)
        case "Array":
            return pl.Array(pl.String, 1)
        case "Struct":
            return pl.Struct({})
        case "Enum":
            return pl.Categorical()
        case _:
            return dtype
