"""Enter Data Manually: type or paste a small table."""

from typing import Annotated, Literal

from modules.kit import Param, Port, Script, Table, TableSchema, module
from modules.kit.errors import EmptyInput, ModuleError
from modules.ml.typed_text import read_arff, read_delimited, read_svm_light

Format = Literal["csv", "tsv", "arff", "svm_light"]

LARGEST_KNOWN_CHARACTERS = 200_000  # reading takes 10 ms then; the columns of a longer text show after a run


@module()
def enter_data_manually(
    *,
    data_format: Annotated[
        Format,
        Param(
            "How the text is laid out",
            title="Data format",
            titles={"csv": "CSV", "tsv": "TSV", "arff": "ARFF", "svm_light": "SvmLight"},
        ),
    ] = "csv",
    has_header: Annotated[
        bool, Param("The first line names the columns", title="Has header", when={"data_format": ("csv", "tsv")})
    ] = True,
    data: Annotated[Script, Param("The lines of the table", language="text")] = "",
) -> Annotated[Table, Port("dataset", help="The table as typed")]:
    """Type or paste a small table.

    Without a header the columns are called Col1, Col2, … Empty lines at the end do not count. ARFF declares its
    columns; nominal ones become categorical, and text attributes are not supported. SvmLight lines are
    `label index:value …`: they give Col1 to ColN and the column Labels, with 0 for what a line leaves out; values
    are taken as they stand.
    """
    if not data.strip():
        raise EmptyInput(parameter="data", hint="Type a line of column names and lines of values.")
    match data_format:
        case "arff":
            return read_arff(data)
        case "svm_light":
            return read_svm_light(data)
    return read_delimited(data, separator="," if data_format == "csv" else "\t", has_header=has_header)


@enter_data_manually.schema
def enter_data_manually_schema(data_format: Format, has_header: bool, data: str) -> TableSchema | None:
    """The text is there before the run, so its columns are known; a text that cannot be read has none."""
    if len(data) > LARGEST_KNOWN_CHARACTERS:
        return None
    try:
        return TableSchema.of(enter_data_manually(data_format=data_format, has_header=has_header, data=data))
    except ModuleError:
        return None
