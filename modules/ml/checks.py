"""What modules ask of the columns they are given, before they look at any row."""

from collections.abc import Iterable, Mapping

import polars as pl

from modules.kit.errors import EmptyInput, WrongColumnType
from modules.kit.names import listed
from modules.ml.columns import family_of


def check_has_columns(schema: Mapping[str, pl.DataType], *, port: str) -> None:
    """Raise 0003 for a table without columns."""
    if not schema:
        raise EmptyInput(port=port, hint="The table has no columns.")


def check_numeric(
    schema: Mapping[str, pl.DataType], names: Iterable[str], *, parameter: str, port: str = "dataset"
) -> None:
    """Raise 0017 where a column does not hold numbers; the hint names all such columns. A column of nulls passes."""
    other = [name for name in names if not (schema[name].is_numeric() or schema[name] == pl.Null)]
    if other:
        raise WrongColumnType(
            other[0],
            found=family_of(schema[other[0]]),
            expected="a number",
            port=port,
            parameter=parameter,
            hint="Leave it out of the selection, or convert it with Edit Metadata."
            if len(other) == 1
            else f"These columns hold no numbers: {listed(other)}. Leave them out, or convert them with Edit Metadata.",
        )


def check_plain(
    schema: Mapping[str, pl.DataType], names: Iterable[str], *, parameter: str | None = None, port: str = "dataset"
) -> None:
    """Raise 0017 where a column holds lists, structures, bytes or Python objects."""
    for name in names:
        if schema[name].is_nested() or schema[name] in (pl.Binary, pl.Object):
            raise WrongColumnType(
                name,
                found=str(schema[name]),
                expected="a plain value such as a number, text or date",
                port=port,
                parameter=parameter,
                hint="Leave it out of the selection.",
            )
