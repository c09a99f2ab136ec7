"""Enter Data Manually: four ways to write a table."""

from datetime import datetime
from typing import Any

import pytest

from modules.data_input_and_output.enter_data_manually import enter_data_manually, enter_data_manually_schema
from modules.kit import EmptyInput, FileNotParsable, ModuleError, NotConvertible, TableSchema, TooManyColumns

ARFF = """% flowers
@RELATION iris
@ATTRIBUTE 'sepal length' NUMERIC
@ATTRIBUTE n INTEGER
@ATTRIBUTE class {setosa, 'versi, color', "v"}
@ATTRIBUTE day DATE "yyyy-MM-dd"

@DATA
5.1, 3, setosa, 2020-01-31
?, 4, 'versi, color', ?
{0 2.5, 2 v}
"""


def typed(data: str, data_format: Any = "csv", **options: Any) -> dict[str, list[Any]]:
    return enter_data_manually(data=data, data_format=data_format, **options).frame.collect().to_dict(as_series=False)


def test_lines_of_csv_are_rows_and_empty_ones_at_the_end_are_none() -> None:
    assert typed("a,b\n1,x\n2,\n\n\n") == {"a": [1, 2], "b": ["x", None]}


def test_tabs_separate_and_columns_are_numbered_without_a_header() -> None:
    assert typed("1\tx\n2\ty", "tsv", has_header=False) == {"Col1": [1, 2], "Col2": ["x", "y"]}


def test_arff_declares_its_columns() -> None:
    assert typed(ARFF, "arff") == {
        "sepal length": [5.1, None, 2.5],
        "n": [3, 4, 0],
        "class": ["setosa", "versi, color", "v"],
        "day": [datetime.fromisoformat("2020-01-31"), None, None],
    }


def test_nominal_columns_are_categorical() -> None:
    assert enter_data_manually(data=ARFF, data_format="arff").categorical == {"class"}


def test_svm_light_lines_become_columns_and_labels() -> None:
    assert typed("1 1:0.5 3:2 # good\n# nothing\n-1 qid:4 2:1\n", "svm_light") == {
        "Col1": [0.5, 0.0],
        "Col2": [0.0, 1.0],
        "Col3": [2.0, 0.0],
        "Labels": [1.0, -1.0],
    }


@pytest.mark.parametrize(
    ("data", "data_format", "error", "said"),
    [
        ("", "csv", EmptyInput, "empty"),
        (" \n", "arff", EmptyInput, "empty"),
        ("a,b\n1,2,3", "csv", FileNotParsable, "line 2 has 3 values, and 2 are expected"),
        ("a,b\n1,2", "arff", FileNotParsable, "Line 1"),
        ("@relation x\n@data\n1", "arff", FileNotParsable, "no @attribute"),
        ("@attribute a string\n@data\nx", "arff", FileNotParsable, "Line 1 declares `a` as a string"),
        ("@attribute a odd\n@data\nx", "arff", FileNotParsable, "type `odd`"),
        ("@attribute a real\n@attribute a real\n@data\n1,1", "arff", FileNotParsable, "twice"),
        ("@attribute a real\n@data\n1,2", "arff", FileNotParsable, "Line 3 has 2 values, and 1 are declared"),
        ("@attribute a {x,y}\n@data\nz", "arff", FileNotParsable, "`z`"),
        ("@attribute a real\n@data\n{7 1}", "arff", FileNotParsable, "attribute `7`"),
        ("@attribute a real\n@data\nx", "arff", NotConvertible, "'x'"),
        ("@attribute a date\n@data\nsoon", "arff", NotConvertible, "'soon'"),
        ("1 a:2", "svm_light", FileNotParsable, "`a:2`"),
        ("x 1:2", "svm_light", FileNotParsable, "`x`"),
        ("1 99999999:2", "svm_light", TooManyColumns, "99999999"),
    ],
)
def test_a_text_that_cannot_be_read_is_told_with_its_line(
    data: str, data_format: str, error: type[ModuleError], said: str
) -> None:
    with pytest.raises(error, match=said):
        typed(data, data_format)


def test_columns_are_known_before_a_run() -> None:
    found = enter_data_manually_schema("csv", True, "a,b\n1,x")
    assert found == TableSchema.of(enter_data_manually(data="a,b\n1,x"))


@pytest.mark.parametrize("data", ["", "a,b\n1,2,3", "a" * 300_000])
def test_columns_of_a_text_that_cannot_be_read_or_is_long_are_unknown(data: str) -> None:
    assert enter_data_manually_schema("csv", True, data) is None
