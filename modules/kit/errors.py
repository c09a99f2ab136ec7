"""What a module raises where its user can mend something.

There is one class for each published error code. It makes its sentence from named fields, says what was found and what
was expected, and gives a hint where there is a way to mend it. The class docstring is the help page of the code.
`values` are the fields of a sentence that is always the same, so that it can be said in other words: in another
language, with titles in place of names. `how` among them tells sentences of one class apart.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import JsonValue

from modules.kit.names import LISTED_NAMES, counted, listed, nearest, offer


class ModuleError(Exception):
    """Something that the user of a module can mend."""

    code: ClassVar[str] = "1000"

    def __init__(
        self,
        message: str,
        *,
        parameter: str | None = None,
        port: str | None = None,
        column: str | None = None,
        hint: str | None = None,
        traceback: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.parameter = parameter
        self.port = port
        self.column = column
        self.hint = hint
        self.traceback = traceback
        self.values = {name: _plain(value) for name, value in (values or {}).items()}

    def to_json(self) -> dict[str, JsonValue]:
        """Write the failure as JSON."""
        return {
            "code": self.code,
            "message": self.message,
            "parameter": self.parameter,
            "port": self.port,
            "column": self.column,
            "hint": self.hint,
            "traceback": self.traceback,
            "values": self.values,
        }


def _plain(value: Any) -> JsonValue:
    """A value as JSON: numbers of other libraries, and what is no number, as text."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


class ColumnNotFound(ModuleError):
    """A selected column is not in the table."""

    code = "0001"

    def __init__(self, column: str, *, port: str, available: Sequence[str] = (), parameter: str | None = None) -> None:
        super().__init__(
            f"Column `{column}` is not in `{port}`{offer(column, available)}",
            column=column,
            port=port,
            parameter=parameter,
            values={
                "column": column,
                "port": port,
                "near": nearest(column, available),
                "known": ", ".join(available[:LISTED_NAMES]),
                "total": len(available),
            },
            hint=f"The table has {listed(available)}." if available else None,
        )


class NotConvertible(ModuleError):
    """A value cannot be read as the type that is needed."""

    code = "0002"

    def __init__(
        self,
        *,
        value: Any,
        to: str,
        parameter: str | None = None,
        column: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(
            f"{value!r}" + (f" of column `{column}`" if column else "") + f" cannot be read as {to}",
            parameter=parameter,
            column=column,
            hint=hint,
            values={"how": "column" if column else "value", "value": repr(value), "column": column, "to": to},
        )


class EmptyInput(ModuleError):
    """An input or a parameter that is needed has no content."""

    code = "0003"

    def __init__(self, *, port: str | None = None, parameter: str | None = None, hint: str | None = None) -> None:
        super().__init__(
            f"`{port or parameter}` is empty",
            port=port,
            parameter=parameter,
            hint=hint,
            values={"how": "port", "port": port} if port else {"how": "parameter", "parameter": parameter},
        )


class NotGreater(ModuleError):
    """A number is not greater than its bound."""

    code = "0004"

    def __init__(self, *, parameter: str, bound: float, actual: float) -> None:
        super().__init__(
            f"`{parameter}` is {actual}, and greater than {bound} is expected",
            parameter=parameter,
            values={"parameter": parameter, "bound": bound, "actual": actual},
        )


class TooSmall(ModuleError):
    """A number lies below its lowest allowed value."""

    code = "0005"

    def __init__(self, *, parameter: str, bound: float, actual: float) -> None:
        super().__init__(
            f"`{parameter}` is {actual}, and at least {bound} is expected",
            parameter=parameter,
            values={"parameter": parameter, "bound": bound, "actual": actual},
        )


class NotLess(ModuleError):
    """A number is not less than its bound."""

    code = "0006"

    def __init__(self, *, parameter: str, bound: float, actual: float) -> None:
        super().__init__(
            f"`{parameter}` is {actual}, and less than {bound} is expected",
            parameter=parameter,
            values={"parameter": parameter, "bound": bound, "actual": actual},
        )


class TooLarge(ModuleError):
    """A number lies above its highest allowed value, or two lists differ in size."""

    code = "0007"

    def __init__(self, message: str, *, parameter: str, hint: str | None = None) -> None:
        super().__init__(message, parameter=parameter, hint=hint)


class OutOfRange(ModuleError):
    """A number lies outside its range."""

    code = "0008"

    def __init__(self, *, parameter: str, low: float, high: float, actual: Any) -> None:
        super().__init__(
            f"`{parameter}` is {actual}, and {low} to {high} is expected",
            parameter=parameter,
            values={"parameter": parameter, "low": low, "high": high, "actual": str(actual)},
        )


class NamesDiffer(ModuleError):
    """Two tables should have the same column names and have not."""

    code = "0010"

    def __init__(self, *, index: int, left: str, right: str, port: str) -> None:
        super().__init__(
            f"Column {index} is `{left}` in the first table and `{right}` in `{port}`",
            column=right,
            port=port,
            values={"index": index, "left": left, "right": right, "port": port},
            hint="Rename or reorder the columns of one of them.",
        )


class NoColumnSelected(ModuleError):
    """A column selection matches no column."""

    code = "0011"

    def __init__(self, *, parameter: str, port: str | None = None) -> None:
        super().__init__(
            f"`{parameter}` selects no column" + (f" of `{port}`" if port else ""),
            parameter=parameter,
            port=port,
            values={"how": "port" if port else "parameter", "parameter": parameter, "port": port},
            hint="Add a rule that includes columns.",
        )


class WrongLearner(ModuleError):
    """The learner is of a kind that this module does not take."""

    code = "0013"

    def __init__(self, *, port: str, found: str, expected: str) -> None:
        super().__init__(
            f"`{port}` holds {found}, and {expected} is expected",
            port=port,
            values={"port": port, "found": found, "expected": expected},
        )


class TooManyUniqueValues(ModuleError):
    """A text column has nearly as many different values as rows."""

    code = "0014"

    def __init__(self, column: str, *, unique: int, rows: int, port: str) -> None:
        super().__init__(
            f"Column `{column}` has {unique} values in {rows} rows, too many to learn from",
            column=column,
            port=port,
            values={"column": column, "unique": unique, "rows": rows},
            hint="Leave it out with Select Columns in Dataset, or clear its feature flag.",
        )


class TypesDiffer(ModuleError):
    """Columns of two tables have types that do not go together."""

    code = "0016"

    def __init__(self, column: str, *, found: str, expected: str, port: str) -> None:
        super().__init__(
            f"Column `{column}` of `{port}` is {found}, and {expected} is expected",
            column=column,
            port=port,
            values={"column": column, "port": port, "found": found, "expected": expected},
        )


class WrongColumnType(ModuleError):
    """A column has a type that this module does not work with."""

    code = "0017"

    def __init__(
        self,
        column: str,
        *,
        found: str,
        expected: str,
        port: str | None = None,
        parameter: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(
            f"Column `{column}` is {found}, and {expected} is expected",
            column=column,
            port=port,
            parameter=parameter,
            hint=hint,
            values={"column": column, "found": found, "expected": expected},
        )


class InvalidDataset(ModuleError):
    """A table is not fit for this module."""

    code = "0018"


class TooFewColumns(ModuleError):
    """A table has fewer columns than are needed."""

    code = "0020"

    def __init__(self, *, port: str, required: int, actual: int) -> None:
        super().__init__(
            f"`{port}` has {counted(actual, 'column')}, "
            f"and at least {required} {'is' if required == 1 else 'are'} needed",
            port=port,
            values={"port": port, "required": required, "actual": actual},
        )


class TooFewRows(ModuleError):
    """A table has fewer rows than are needed."""

    code = "0021"

    def __init__(self, *, port: str, required: int, actual: int, hint: str | None = None) -> None:
        super().__init__(
            f"`{port}` has {counted(actual, 'row')}, and at least {required} {'is' if required == 1 else 'are'} needed",
            port=port,
            hint=hint,
            values={"port": port, "required": required, "actual": actual},
        )


class UnexpectedColumnCount(ModuleError):
    """A selection, or a table that counts by position, has another number of columns than is expected."""

    code = "0022"

    def __init__(
        self,
        *,
        expected: int,
        actual: int,
        parameter: str | None = None,
        port: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(
            (f"`{parameter}` selects" if parameter else f"`{port}` has")
            + f" {counted(actual, 'column')}, and {expected} {'is' if expected == 1 else 'are'} expected",
            parameter=parameter,
            port=port,
            hint=hint,
            values={
                "how": "parameter" if parameter else "port",
                "parameter": parameter,
                "port": port,
                "expected": expected,
                "actual": actual,
            },
        )


class DuplicateColumn(ModuleError):
    """Two columns would have the same name."""

    code = "0028"

    def __init__(self, column: str, *, port: str | None = None, parameter: str | None = None) -> None:
        super().__init__(
            f"The name `{column}` would stand twice",
            column=column,
            port=port,
            parameter=parameter,
            values={"column": column},
            hint="Column names must differ; rename one.",
        )


class RefusedAddress(ModuleError):
    """A web address that the server does not read, such as its own network."""

    code = "0029"


class DownloadFailed(ModuleError):
    """A file could not be fetched after several tries."""

    code = "0030"


class LabelMissingValues(ModuleError):
    """More or fewer label columns than one."""

    code = "0037"


class ConversionLoses(ModuleError):
    """An operation between these columns is not defined."""

    code = "0039"


class FileNotReadable(ModuleError):
    """A file cannot be opened."""

    code = "0048"


class FileNotParsable(ModuleError):
    """A file does not hold what its ending or the chosen format says."""

    code = "0049"


class FeatureMissing(ModuleError):
    """No feature column is left to learn from."""

    code = "0047"


class UnsuitableLabel(ModuleError):
    """The label column does not fit the learner."""

    code = "0058"


class RangeNotParsable(ModuleError):
    """A column index or range of indices cannot be read."""

    code = "0059"


class IndexOutOfRange(ModuleError):
    """A column index lies outside the table."""

    code = "0060"


class DifferentColumnCounts(ModuleError):
    """Two tables differ in their number of columns."""

    code = "0061"

    def __init__(self, *, left: int, right: int, port: str) -> None:
        super().__init__(
            f"The first table has {left} columns and `{port}` has {right}",
            port=port,
            values={"port": port, "left": left, "right": right},
        )


class ModelTypesDiffer(ModuleError):
    """Results of different kinds of learners cannot be compared."""

    code = "0062"


class SqlFailed(ModuleError):
    """The SQL script could not be run."""

    code = "0069"


class RedirectRefused(ModuleError):
    """The web address answers with another address, which is not followed."""

    code = "0078"


class AllMissing(ModuleError):
    """A column holds missing values only."""

    code = "0080"

    def __init__(self, column: str, *, port: str) -> None:
        super().__init__(
            f"Column `{column}` of `{port}` holds missing values only",
            column=column,
            port=port,
            values={"column": column, "port": port},
            hint="Leave the column out or fill it.",
        )


class TooManyComponents(ModuleError):
    """More directions are asked for than the features can give."""

    code = "0081"


class UnusableTraining(ModuleError):
    """The training table leaves nothing to learn from."""

    code = "0083"


class ScriptFailed(ModuleError):
    """A user's script ended with an error."""

    code = "0085"


class MissingLabel(ModuleError):
    """The label column is missing or has too few values."""

    code = "0134"


class OutOfMemory(ModuleError):
    """The step needed more memory than it may use."""

    code = "0138"


class JoinKeysDiffer(ModuleError):
    """The key columns of a join have types that do not go together."""

    code = "0154"


class TookTooLong(ModuleError):
    """The step did not end within its time limit."""

    code = "0072"


class NotTrained(ModuleError):
    """A trained model is needed and an untrained one is given."""

    code = "0012"


class NotSorted(ModuleError):
    """Values that must be in order, such as the edges of bins, are not."""

    code = "0019"


class UnsuitableTarget(ModuleError):
    """The column to predict does not suit the learner: its type, only missing values, or one value."""

    code = "0023"


class NoLabelColumn(ModuleError):
    """No column of the table is marked as the label."""

    code = "0024"


class NoScoreColumn(ModuleError):
    """The table has no scores, or those of another kind of model."""

    code = "0025"


class EqualColumnNames(ModuleError):
    """Two parameters name the same column where different ones are needed."""

    code = "0026"


class SizesDiffer(ModuleError):
    """Two lists that belong together, such as columns and their new names, differ in length."""

    code = "0027"


class TooFewColumnsSelected(ModuleError):
    """A selection names fewer columns than are needed."""

    code = "0031"


class NotANumber(ModuleError):
    """A value that must be a number is not one."""

    code = "0032"


class NotFinite(ModuleError):
    """A value or a column holds infinity."""

    code = "0033"


class ColumnNotConvertible(ModuleError):
    """The values of a column cannot be converted to the wanted type."""

    code = "0042"


class UnknownColumnType(ModuleError):
    """The type of a column cannot be told, because it has no values."""

    code = "0044"


class MixedColumnTypes(ModuleError):
    """One column holds values of several types."""

    code = "0045"


class NotCategorical(ModuleError):
    """A column is not of a kind that is allowed here, such as categorical."""

    code = "0056"


class FileExists(ModuleError):
    """A file is already there and must not be replaced."""

    code = "0057"


class UnexpectedTableWidth(ModuleError):
    """A table has another number of columns than is expected."""

    code = "0067"


class ConversionFailed(ModuleError):
    """Columns cannot be converted to the type that is asked for."""

    code = "0073"


class UnsuitableBinning(ModuleError):
    """The values cannot be put into bins as asked."""

    code = "0075"


class ModelNotReadable(ModuleError):
    """A saved model or transformation was written by another version and cannot be read."""

    code = "0082"


class ArchiveNotReadable(ModuleError):
    """A zip archive cannot be unpacked."""

    code = "0102"


class SchemasDiffer(ModuleError):
    """Tables that must have the same columns have not."""

    code = "0125"


class TooManyColumns(ModuleError):
    """A table has more columns than the module can take."""

    code = "0129"


class TooFewValues(ModuleError):
    """Too few numeric columns and categorical values are left."""

    code = "0141"


class NamesNotText(ModuleError):
    """Column names are not texts."""

    code = "0155"


class InvalidTransform(ModuleError):
    """The transformation cannot be used here."""

    code = "0158"


class InvalidModel(ModuleError):
    """The model cannot be used here."""

    code = "0159"


class StorageNotFound(ModuleError):
    """A storage address names a bucket that does not exist, or is no storage address at all."""

    code = "0009"


class DatabaseNotReached(ModuleError):
    """No connection to the database could be made."""

    code = "0015"


class DuplicateRating(ModuleError):
    """A user has rated an item more than once."""

    code = "0034"


class StorageRefused(ModuleError):
    """The storage does not accept the access key, or does not let it do this."""

    code = "0064"


class NothingMatches(ModuleError):
    """No file matches the path or pattern."""

    code = "0065"


class WriteFailed(ModuleError):
    """A table could not be written to where it should go."""

    code = "0066"


class WrongContainer(ModuleError):
    """The bucket to write to does not exist, or its name cannot be one."""

    code = "0079"


class QueryFailed(ModuleError):
    """Reading from the database failed."""

    code = "0156"


class SecretNotFound(ModuleError):
    """The workspace has no secret of this name, or its content is not what is needed."""

    code = "0157"


ERRORS: dict[str, type[ModuleError]] = {cls.code: cls for cls in ModuleError.__subclasses__()}

__all__ = [
    "ERRORS",
    "AllMissing",
    "ArchiveNotReadable",
    "ColumnNotConvertible",
    "ColumnNotFound",
    "ConversionFailed",
    "ConversionLoses",
    "DatabaseNotReached",
    "DifferentColumnCounts",
    "DownloadFailed",
    "DuplicateColumn",
    "DuplicateRating",
    "EmptyInput",
    "EqualColumnNames",
    "FeatureMissing",
    "FileExists",
    "FileNotParsable",
    "FileNotReadable",
    "IndexOutOfRange",
    "InvalidDataset",
    "InvalidModel",
    "InvalidTransform",
    "JoinKeysDiffer",
    "LabelMissingValues",
    "MissingLabel",
    "MixedColumnTypes",
    "ModelNotReadable",
    "ModelTypesDiffer",
    "ModuleError",
    "NamesDiffer",
    "NamesNotText",
    "NoColumnSelected",
    "NoLabelColumn",
    "NoScoreColumn",
    "NotANumber",
    "NotCategorical",
    "NotConvertible",
    "NotFinite",
    "NotGreater",
    "NotLess",
    "NotSorted",
    "NotTrained",
    "NothingMatches",
    "OutOfMemory",
    "OutOfRange",
    "QueryFailed",
    "RangeNotParsable",
    "RedirectRefused",
    "RefusedAddress",
    "SchemasDiffer",
    "ScriptFailed",
    "SecretNotFound",
    "SizesDiffer",
    "SqlFailed",
    "StorageNotFound",
    "StorageRefused",
    "TooFewColumns",
    "TooFewColumnsSelected",
    "TooFewRows",
    "TooFewValues",
    "TooLarge",
    "TooManyColumns",
    "TooManyComponents",
    "TooManyUniqueValues",
    "TooSmall",
    "TookTooLong",
    "TypesDiffer",
    "UnexpectedColumnCount",
    "UnexpectedTableWidth",
    "UnknownColumnType",
    "UnsuitableBinning",
    "UnsuitableLabel",
    "UnsuitableTarget",
    "UnusableTraining",
    "WriteFailed",
    "WrongColumnType",
    "WrongContainer",
    "WrongLearner",
]
