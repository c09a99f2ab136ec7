"""What is known about a table or a model before anything runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import polars as pl
from pydantic import JsonValue

from modules.kit.ports import Table

NUMERIC_DTYPES = frozenset(
    {"Int8", "Int16", "Int32", "Int64", "Int128", "UInt8", "UInt16", "UInt32", "UInt64", "UInt128"}
    | {"Float16", "Float32", "Float64", "Decimal"}
)
FLOAT_DTYPES = frozenset({"Float16", "Float32", "Float64", "Decimal"})
TIME_DTYPES = frozenset({"Date", "Datetime", "Time", "Duration"})
TEXT_DTYPES = frozenset({"String", "Categorical", "Enum"})
SCORE_ROLES = frozenset({"scored_labels", "scored_probabilities", "assignments", "distances"})

COMPOSED_DTYPES: Mapping[str, pl.DataType] = {
    "Datetime": pl.Datetime("us"),
    "Duration": pl.Duration("us"),
    "Decimal": pl.Decimal(38, 9),
    "Categorical": pl.Categorical(),
    "Enum": pl.Enum([]),
    "List": pl.List(pl.Null),
    "Array": pl.Array(pl.Null, 1),
    "Struct": pl.Struct([]),
}


@dataclass(frozen=True, slots=True)
class ColumnSchema:
    """A column: its name, the name of its Polars type, its role and whether its values are categories."""

    name: str
    dtype: str
    role: str = "feature"
    categorical: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether the column holds numbers."""
        return self.dtype in NUMERIC_DTYPES

    @property
    def types(self) -> frozenset[str]:
        """The names under which a selection by type finds the column."""
        names = set()
        if self.dtype in NUMERIC_DTYPES:
            names |= {"numeric", "double" if self.dtype in FLOAT_DTYPES else "integer"}
        if self.dtype in TEXT_DTYPES:
            names.add("string")
        if self.dtype == "Boolean":
            names.add("boolean")
        if self.dtype in TIME_DTYPES:
            names.add("datetime")
        if self.categorical or self.dtype in {"Categorical", "Enum"}:
            names.add("categorical")
        return frozenset(names)

    def to_json(self) -> dict[str, JsonValue]:
        """Write the column as JSON."""
        return {"name": self.name, "dtype": self.dtype, "role": self.role, "categorical": self.categorical}


@dataclass(frozen=True, slots=True)
class TableSchema:
    """The columns of a table, in order."""

    columns: tuple[ColumnSchema, ...] = ()

    @classmethod
    def of(cls, table: Table) -> Self:
        """Read the schema of a table without reading its rows."""
        return cls.of_frame(table.frame, table.roles, table.categorical)

    @classmethod
    def of_frame(
        cls,
        frame: pl.LazyFrame | pl.DataFrame,
        roles: Mapping[str, str] | None = None,
        categorical: Iterable[str] = (),
    ) -> Self:
        """Read the schema of a frame; `roles` and `categorical` may name columns that it does not have."""
        flagged = frozenset(categorical)
        return cls(
            tuple(
                ColumnSchema(name, type_name(dtype), (roles or {}).get(name, "feature"), name in flagged)
                for name, dtype in frame.collect_schema().items()
            )
        )

    @classmethod
    def from_json(cls, columns: Iterable[Mapping[str, object]]) -> Self:
        """Read what `to_json` wrote; a missing role is a feature."""
        return cls(
            tuple(
                ColumnSchema(
                    str(column["name"]),
                    str(column["dtype"]),
                    str(column.get("role") or "feature"),
                    bool(column.get("categorical")),
                )
                for column in columns
            )
        )

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def __getitem__(self, name: str) -> ColumnSchema:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def select(self, names: Iterable[str]) -> Self:
        """Keep the named columns, in the order given; unknown names are left out."""
        by_name = {column.name: column for column in self.columns}
        return type(self)(tuple(by_name[name] for name in names if name in by_name))

    def drop(self, names: Iterable[str]) -> Self:
        """Leave out the named columns."""
        dropped = set(names)
        return type(self)(tuple(column for column in self.columns if column.name not in dropped))

    def with_columns(self, *columns: ColumnSchema) -> Self:
        """Replace the columns of the same name in place and add the others at the end."""
        by_name = {column.name: column for column in self.columns} | {column.name: column for column in columns}
        return type(self)(tuple(by_name.values()))

    def with_role(self, names: Iterable[str], role: str) -> Self:
        """Give the named columns a role."""
        chosen = set(names)
        changed = (replace(column, role=role) if column.name in chosen else column for column in self.columns)
        return type(self)(tuple(changed))

    def with_role_of(self, role: str) -> list[str]:
        """The names of the columns that have a role."""
        return [column.name for column in self.columns if column.role == role]

    @property
    def roles(self) -> dict[str, str]:
        """The role of each column that is not an ordinary feature."""
        return {column.name: column.role for column in self.columns if column.role != "feature"}

    @property
    def categorical(self) -> frozenset[str]:
        """The names of the columns whose values are categories."""
        return frozenset(column.name for column in self.columns if column.categorical)

    def to_frame(self) -> pl.LazyFrame:
        """Make an empty frame with these columns."""
        return _empty_frame(tuple((column.name, column.dtype) for column in self.columns))

    def to_table(self) -> Table:
        """Make an empty table with these columns and roles."""
        return Table(self.to_frame(), self.roles, self.categorical)

    def to_json(self) -> list[dict[str, JsonValue]]:
        """Write the columns as JSON."""
        return [column.to_json() for column in self.columns]


@dataclass(frozen=True, slots=True)
class ModelSchema:
    """What is known of a learner or model: its task, and what it was trained on."""

    task: str | None = None
    label: str | None = None
    features: tuple[str, ...] | None = None
    classes: tuple[object, ...] | None = None


@lru_cache(maxsize=256)
def _empty_frame(columns: tuple[tuple[str, str], ...]) -> pl.LazyFrame:
    """Frames never change, and most nodes of a pipeline share few schemas; Polars takes 50 µs for each column."""
    return pl.LazyFrame(schema={name: dtype_of(dtype) for name, dtype in columns})


def type_name(dtype: pl.DataType | type[pl.DataType]) -> str:
    """Name a Polars type without its details: "Datetime", "List"."""
    return (dtype if isinstance(dtype, type) else type(dtype)).__name__


def dtype_of(name: str) -> pl.DataType:
    """Find the Polars type of a name; an unknown name is a column of nulls."""
    if name in COMPOSED_DTYPES:
        return COMPOSED_DTYPES[name]
    found = getattr(pl, name, None)
    if isinstance(found, type) and issubclass(found, pl.DataType):
        return found()
    return pl.Null()
