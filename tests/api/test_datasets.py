"""Datasets over HTTP: what is brought in, and what is refused in words."""

import io

import polars as pl
import pytest

from tests.installation import Installation


def upload(live: Installation, name: str, content: bytes) -> tuple[int, dict]:  # type: ignore[type-arg]  # an answer of any shape
    with live.client() as client:
        answer = client.post("/api/datasets", files={"file": (name, io.BytesIO(content))})
        return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("comma.csv", b"a,b\n1,x\n2,\n"),
        ("semicolon.csv", b"a;b\n1;x\n2;\n"),
        ("tab.tsv", b"a\tb\n1\tx\n2\t\n"),
        ("bom.csv", b"\xef\xbb\xbfa,b\n1,x\n2,\n"),
        ("latin.csv", "a,b\n1,Größe übermäßig schön für Bücher\n2,Füße\n".encode("latin-1")),
        ("utf16.csv", "a,b\n1,x\n2,y\n".encode("utf-16")),
        ("lines.jsonl", b'{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n'),
    ],
)
def test_text_files_become_tables(live: Installation, name: str, content: bytes) -> None:
    status, dataset = upload(live, name, content)
    assert status == 201, dataset
    assert (dataset["rows"], [(c["name"], c["dtype"]) for c in dataset["columns"]]) == (
        2,
        [("a", "Int64"), ("b", "String")],
    )


@pytest.mark.parametrize("ending", ["parquet", "arrow", "xlsx"])
def test_binary_files_become_tables(live: Installation, ending: str) -> None:
    frame, file = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}), io.BytesIO()
    {"parquet": frame.write_parquet, "arrow": frame.write_ipc, "xlsx": frame.write_excel}[ending](file)
    status, dataset = upload(live, f"file.{ending}", file.getvalue())
    assert (status, dataset["rows"]) == (201, 2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("image.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG image"),
        ("page.csv", b"<!DOCTYPE html><html></html>", "web page"),
        ("text.parquet", b"a,b\n1,2\n", "should be parquet"),
        ("empty.csv", b"", "is empty"),
        ("archive.xlsx", b"not an archive", "should be an Excel workbook"),
        ("program.exe", b"\x7fELF\x02\x01\x01\0", "program"),
        ("zeros.csv", b"a,b\n\0\0\0,1\n", "zero bytes"),
        ("lines.jsonl", b"{broken", "cannot be read"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_words(
    live: Installation, name: str, content: bytes, said: str
) -> None:
    status, answer = upload(live, name, content)
    assert (status, answer.get("code", "")[:2]) == (422, "00"), answer
    assert said.lower() in answer["message"].lower()


def test_the_same_file_again_is_the_same_version_and_another_one_is_the_next(live: Installation) -> None:
    _, first = upload(live, "twice.csv", b"a\n1\n")
    _, same = upload(live, "twice.csv", b"a\n1\n")
    _, other = upload(live, "twice.csv", b"a\n2\n")
    assert (first["version"], same["version"], other["version"]) == (1, 1, 2)


def test_ten_thousand_columns_are_read_and_shown_in_parts(live: Installation) -> None:
    names = [f"c{i}" for i in range(10_000)]
    status, dataset = upload(live, "wide.csv", (",".join(names) + "\n" + ",".join(["1"] * 10_000) + "\n").encode())
    assert (status, len(dataset["columns"])) == (201, 10_000)
    with live.client() as client:
        page = client.get(f"/api/artifacts/{dataset['digest']}/table", params={"columns": ["c7", "c9"]}).json()
    assert page["rows"] == [[1, 1]]
