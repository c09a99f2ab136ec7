"""Import Data: an uploaded file, or one of the web."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from modules.data_input_and_output.import_data import import_data
from modules.kit import Context, EmptyInput, FileNotParsable, FileNotReadable, ModuleError, RefusedAddress

OTHERS: dict[str, Any] = {"connection": "", "database": "", "sql_query": "", "location": ""}


def imported(content: bytes, folder: Path, name: str = "a.csv", **options: Any) -> dict[str, list[Any]]:
    path = folder / name
    path.write_bytes(content)
    work = folder / "work"
    work.mkdir()
    frame = import_data(path=str(path), url="", context=Context(work), **OTHERS, **options)
    return frame.collect().to_dict(as_series=False)


def test_an_upload_is_read(tmp_path: Path) -> None:
    assert imported(b"a,b\n1,?\n", tmp_path) == {"a": [1], "b": [None]}


def test_the_format_and_how_it_is_written_can_be_given(tmp_path: Path) -> None:
    found = imported(
        "made by hand\n1 é\n2 -\n".encode("cp1252"),
        tmp_path,
        "a.unknown",
        file_format="csv",
        delimiter="space",
        encoding="cp1252",
        has_header=False,
        skip_rows=1,
        missing_values="-, none",
    )
    assert found == {"Col1": [1, 2], "Col2": ["é", None]}


def test_a_wrong_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotParsable, match="not text in utf_8"):
        imported("a\né\n".encode("cp1252"), tmp_path, encoding="utf_8")


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable):
        import_data(path=str(tmp_path / "gone.csv"), url="", **OTHERS, context=Context(tmp_path))


@pytest.mark.parametrize("source", ["upload", "web_url"])
def test_a_source_without_a_place_is_told(source: Any, tmp_path: Path) -> None:
    with pytest.raises(EmptyInput):
        import_data(data_source=source, path="", url=" ", **OTHERS, context=Context(tmp_path))


@pytest.mark.parametrize("url", ["http://localhost:8000/a.csv", "http://169.254.169.254/", "file:///etc/passwd"])
def test_this_machine_and_its_network_are_not_read(url: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedAddress):
        import_data(data_source="web_url", path="", url=url, **OTHERS, context=Context(tmp_path))


def test_what_is_needed_is_asked_for_by_its_source() -> None:
    needed = {parameter.name: parameter.when for parameter in import_data.spec.parameters if parameter.required}
    assert needed == {
        "path": {"data_source": ["upload"]},
        "url": {"data_source": ["web_url"]},
        "connection": {"data_source": ["postgresql"]},
        "database": {"data_source": ["sqlite"]},
        "sql_query": {"data_source": ["postgresql", "sqlite"]},
        "location": {"data_source": ["s3"]},
    }


@pytest.mark.parametrize(("source", "varies"), [("upload", False), ("sqlite", False), ("web_url", True), ("s3", True)])
def test_what_may_have_changed_is_read_anew(source: str, varies: bool) -> None:
    assert import_data.spec.does_read_outside({"data_source": source}) is varies


def test_columns_are_chosen_in_the_order_that_is_written(tmp_path: Path) -> None:
    content = b'n,"a, b",zip\n1,x,12\n'
    assert imported(content, tmp_path, columns_to_keep='zip, "a, b"') == {"zip": [12], "a, b": ["x"]}


def test_a_type_that_is_given_counts_and_texts_stay_as_they_stand(tmp_path: Path) -> None:
    content = b"version,n,when\n1.10,1,05/02/2024\n2.0,?,06/02/2024\n"
    found = imported(content, tmp_path, column_types="version: string\nn: double\nwhen: date_time")
    assert found == {
        "version": ["1.10", "2.0"],
        "n": [1.0, None],
        "when": [datetime.fromisoformat("2024-05-02"), datetime.fromisoformat("2024-06-02")],
    }


def test_types_are_given_to_files_of_other_formats_too(tmp_path: Path) -> None:
    assert imported(b'{"a": 1}\n', tmp_path, "a.jsonl", column_types="a: string") == {"a": ["1"]}


@pytest.mark.parametrize(
    ("options", "code", "parameter", "column"),
    [
        ({"columns_to_keep": "a, prise"}, "0001", "columns_to_keep", "prise"),
        ({"columns_to_keep": "a, a"}, "0028", "columns_to_keep", "a"),
        ({"column_types": "prise: double"}, "0001", "column_types", "prise"),
        ({"column_types": "price: colour"}, "0002", "column_types", None),
        ({"column_types": "a: integer"}, "0002", "column_types", "a"),
    ],
)
def test_columns_and_types_that_cannot_be_are_told(
    options: Any, code: str, parameter: str, column: str | None, tmp_path: Path
) -> None:
    with pytest.raises(ModuleError) as caught:
        imported(b"a,price\nx,1\n", tmp_path, **options)
    assert (caught.value.code, caught.value.parameter, caught.value.column) == (code, parameter, column)


def test_a_context_serves_more_than_one_call(tmp_path: Path) -> None:
    context = Context(tmp_path)
    frames = []
    for text in ("one", "two"):
        path = tmp_path / f"{text}.csv"
        path.write_text(f"a\n{text}\n")
        frames.append(import_data(path=str(path), url="", **OTHERS, context=context))
    assert [frame.collect()["a"].to_list() for frame in frames] == [["one"], ["two"]]
