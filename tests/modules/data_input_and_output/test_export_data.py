"""Export Data to files: what waits at the output."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modules.data_input_and_output.export_data import export_data
from modules.kit import Context, DuplicateColumn, EmptyInput, File, SizesDiffer, WriteFailed
from modules.ml import writing
from modules.ml.reading import read_file
from tests.modules.truth import outcome_and_promise

TABLE = pl.DataFrame({"a": [1, 2], "b": ["x", None]})


def exported(folder: Path, frame: pl.DataFrame = TABLE, **options: Any) -> File:
    options = {"columns_to_be_saved": frame.columns, **options}
    nothing: dict[str, Any] = {"location": "", "access_key": "", "connection": "", "data_table_name": ""}
    return export_data(frame.lazy(), context=Context(folder), **options, **nothing)


@pytest.mark.parametrize(
    ("file_format", "ending"),
    [
        ("csv", "csv"),
        ("tsv", "tsv"),
        ("parquet", "parquet"),
        ("arrow", "arrow"),
        ("json_lines", "jsonl"),
        ("excel", "xlsx"),
    ],
)
def test_a_file_of_each_format_has_its_ending_and_the_rows(tmp_path: Path, file_format: str, ending: str) -> None:
    file = exported(tmp_path, file_format=file_format)
    assert file.name == f"data.{ending}"
    assert read_file(file.path).collect().equals(TABLE)


@pytest.mark.parametrize(
    ("given", "name"),
    [("cars", "cars.csv"), ("cars.csv", "cars.csv"), ("../../cars/x", "_.._cars_x.csv"), ("\u00e4 b", "\u00e4 b.csv")],
)
def test_a_name_is_harmless(tmp_path: Path, given: str, name: str) -> None:
    file = exported(tmp_path, file_name=given)
    assert file.name == name
    assert file.path.parent == tmp_path


def test_columns_are_chosen_in_order_and_named(tmp_path: Path) -> None:
    file = exported(tmp_path, columns_to_be_saved=["b", "a"], datatable_columns="words, number")
    assert file.path.read_text().splitlines()[0] == "words,number"


@pytest.mark.parametrize(
    ("options", "kind", "code", "parameter"),
    [
        ({"file_name": " . "}, EmptyInput, "0003", "file_name"),
        ({"datatable_columns": "one"}, SizesDiffer, "0027", "datatable_columns"),
        ({"datatable_columns": "one, one"}, DuplicateColumn, "0028", "datatable_columns"),
        ({"columns_to_be_saved": []}, EmptyInput, "0003", None),
    ],
)
def test_what_cannot_be_done_has_its_code(
    tmp_path: Path, options: dict[str, Any], kind: Any, code: str, parameter: str | None
) -> None:
    with pytest.raises(kind) as caught:
        exported(tmp_path, **options)
    assert (caught.value.code, caught.value.parameter) == (code, parameter)


def test_more_rows_than_a_sheet_holds_are_0066(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "EXCEL_ROWS", 1)
    with pytest.raises(WriteFailed, match="holds 1 rows at most") as caught:
        exported(tmp_path, file_format="excel")
    assert (caught.value.code, caught.value.parameter) == ("0066", "file_format")


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pl.DataFrame({"a": [1], "A": [2]}), "columns `a` and `A` have one name"),
        (pl.DataFrame({"a": ["x" * 32_768]}), "column `a` has a text of 32,768"),
        (pl.DataFrame({f"c{number}": [1] for number in range(16_385)}), "holds 16,384 columns at most"),
    ],
)
def test_what_a_sheet_does_not_hold_is_0066(tmp_path: Path, frame: pl.DataFrame, said: str) -> None:
    with pytest.raises(WriteFailed, match=said) as caught:
        exported(tmp_path, frame, file_format="excel")
    assert (caught.value.code, caught.value.parameter) == ("0066", "file_format")


def test_the_file_is_kept_as_an_output_of_the_run(tmp_path: Path) -> None:
    context = Context(tmp_path / "work")
    (tmp_path / "work").mkdir()
    outcome, _, store = outcome_and_promise(
        tmp_path / "store", "export_data", {"data": TABLE.lazy()}, context, file_name="cars"
    )
    assert outcome.kind == "done"
    output = outcome.outputs["exported_file"]
    assert (output.type, output.meta["name"]) == ("File", "cars.csv")
    assert store.load(output.digest).path.read_text() == "a,b\n1,x\n2,\n"
    assert output.meta["details"] == store.load(output.digest).details == {"columns": ["a", "b"], "rows": 2}


@pytest.mark.parametrize(("target", "varies"), [("file", False), ("sqlite", False), ("postgresql", True), ("s3", True)])
def test_what_leaves_the_installation_is_sent_in_every_run(target: str, varies: bool) -> None:
    assert export_data.spec.does_read_outside({"datastore_type": target}) is varies
