"""Import Data: an uploaded file, or one of the web."""

from pathlib import Path
from typing import Any

import pytest

from modules.data_input_and_output.import_data import import_data
from modules.kit import Context, EmptyInput, FileNotParsable, FileNotReadable, RefusedAddress


def imported(content: bytes, folder: Path, name: str = "a.csv", **options: Any) -> dict[str, list[Any]]:
    path = folder / name
    path.write_bytes(content)
    work = folder / "work"
    work.mkdir()
    frame = import_data(path=str(path), url="", context=Context(work), **options)
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
        import_data(path=str(tmp_path / "gone.csv"), url="", context=Context(tmp_path))


@pytest.mark.parametrize("source", ["upload", "web_url"])
def test_a_source_without_a_place_is_told(source: Any, tmp_path: Path) -> None:
    with pytest.raises(EmptyInput):
        import_data(data_source=source, path="", url=" ", context=Context(tmp_path))


@pytest.mark.parametrize("url", ["http://localhost:8000/a.csv", "http://169.254.169.254/", "file:///etc/passwd"])
def test_this_machine_and_its_network_are_not_read(url: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedAddress):
        import_data(data_source="web_url", path="", url=url, context=Context(tmp_path))


def test_a_file_or_an_address_is_asked_for_by_its_source() -> None:
    needed = {parameter.name: parameter.when for parameter in import_data.spec.parameters if parameter.required}
    assert needed == {"path": {"data_source": ["upload"]}, "url": {"data_source": ["web_url"]}}
