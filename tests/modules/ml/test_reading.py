"""Files that people bring: right ones, odd ones and wrong ones."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from modules.kit import FileNotParsable, FileNotReadable
from modules.ml.reading import read_file

PEOPLE = "name,age\nMüller,30\nJosé,41\n"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def columns_of(folder: Path, name: str, content: str | bytes, **options: object) -> dict[str, list[object]]:
    frame = read_file(written(folder, name, content), **options)  # type: ignore[arg-type]  # any of the choices
    return frame.collect().to_dict(as_series=False)


def test_types_are_told_from_the_values(tmp_path: Path) -> None:
    text = "i,f,b,d,m,s\n1,1.5,True,2020-02-29,2020-01-01T10:00,x\n-2,3,false,2020-01-01,2020-01-01 10:00:00.5,y z\n"
    assert columns_of(tmp_path, "a.csv", text) == {
        "i": [1, -2],
        "f": [1.5, 3.0],
        "b": [True, False],
        "d": [date(2020, 2, 29), date(2020, 1, 1)],
        "m": [datetime.fromisoformat("2020-01-01 10:00"), datetime.fromisoformat("2020-01-01 10:00:00.500")],
        "s": ["x", "y z"],
    }


@pytest.mark.parametrize("missing", ["", "?", "NA", "N/A", "NaN", "nan", "null", "NULL"])
def test_usual_marks_are_missing_values(tmp_path: Path, missing: str) -> None:
    assert columns_of(tmp_path, "a.csv", f"a,b\n1,x\n{missing},{missing}\n") == {"a": [1, None], "b": ["x", None]}


def test_other_marks_of_missing_values_can_be_given(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a.csv", "a\n-9\n?\n", missing=["-9"]) == {"a": [None, "?"]}


@pytest.mark.parametrize("value", ["007", "12345678901234567890", "2021-02-29", "1_000", "0x10"])
def test_what_only_looks_like_another_type_stays_text(tmp_path: Path, value: str) -> None:
    assert columns_of(tmp_path, "a.csv", f"a,b\n{value},1\n") == {"a": [value], "b": [1]}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_guessed(tmp_path: Path, separator: str) -> None:
    text = "a,b,c\n1,x y,2.5\n2,z,3\n".replace(",", separator)
    assert columns_of(tmp_path, "a.csv", text) == {"a": [1, 2], "b": ["x y", "z"], "c": [2.5, 3.0]}


def test_decimal_commas_are_numbers_where_the_comma_does_not_separate(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a.csv", "a;b\n1,5;x\n2;y\n") == {"a": [1.5, 2.0], "b": ["x", "y"]}


def test_spaces_after_separators_do_not_count(tmp_path: Path) -> None:
    text = "age, work\n39, State-gov\n 50, ?\n"
    assert columns_of(tmp_path, "a.csv", text) == {"age": [39, 50], "work": ["State-gov", None]}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_encodings_are_told_from_the_letters(tmp_path: Path, encoding: str) -> None:
    assert columns_of(tmp_path, "a.csv", PEOPLE.encode(encoding)) == {"name": ["Müller", "José"], "age": [30, 41]}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp949", "이름,도시\n김철수,서울\n박영희,부산\n최민수,대구광역시\n"),
        ("cp932", "名前,都市\n田中太郎,東京\n鈴木花子,大阪\n高橋一郎,京都府\n"),
        ("gb18030", "姓名,城市\n张三,北京\n李四,上海\n王小明,广州市\n"),
        ("cp1251", "имя,город\nИван,Москва\nОльга,Санкт-Петербург\nПётр,Казань\n"),
    ],
)
def test_other_alphabets_are_told_from_the_letters(tmp_path: Path, encoding: str, text: str) -> None:
    first = text.splitlines()[0].split(",")
    assert list(columns_of(tmp_path, "a.csv", text.encode(encoding))) == first


def test_a_letter_of_another_encoding_far_down_is_read(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,x\n" * 400_000 + "2,é\n".encode("cp1252")
    assert read_file(written(tmp_path, "a.csv", content)).tail(1).collect().rows() == [(2, "é")]


def test_another_type_far_down_changes_the_type_of_the_column(tmp_path: Path) -> None:
    frame = read_file(written(tmp_path, "a.csv", "a,b\n" + "1,2020-01-01\n" * 20_000 + "x,?\n"))
    assert frame.collect_schema() == {"a": pl.String, "b": pl.Date}
    assert frame.tail(1).collect().rows() == [("x", None)]


def test_a_value_that_is_no_date_far_down_is_kept(tmp_path: Path) -> None:
    frame = read_file(written(tmp_path, "a.csv", "a\n" + "2020-01-01\n" * 20_000 + "soon\n"))
    assert frame.tail(1).collect().item() == "soon"


def test_empty_and_repeated_names_become_different_ones(tmp_path: Path) -> None:
    assert list(columns_of(tmp_path, "a.csv", "a,a,, a \n1,2,3,4\n")) == ["a", "a_2", "Col3", "a_3"]


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a.tsv", "1\t2\n3\t4\n", has_header=False) == {"Col1": [1, 3], "Col2": [2, 4]}


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a.csv", "a,b\n1,2\n\n3,4\n\n\n") == {"a": [1, 3], "b": [2, 4]}


def test_lines_before_the_table_can_be_skipped(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a.csv", "made by hand\na,b\n1,2\n", skip_rows=1) == {"a": [1], "b": [2]}


def test_lines_of_old_machines_are_read(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a.csv", "a,b\r1,2\r3,4\r") == {"a": [1, 3], "b": [2, 4]}


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a.csv", "a,b\n") == {"a": [], "b": []}


def test_a_name_with_signs_of_patterns_is_a_plain_name(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a*[1]?.csv", "a\n1\n") == {"a": [1]}


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    names = [f"column {index}" for index in range(10_000)]
    text = "\n".join([",".join(names), *[",".join(["1.5"] * 10_000)] * 3])
    frame = read_file(written(tmp_path, "a.csv", text)).collect()
    assert frame.shape == (3, 10_000)
    assert set(frame.dtypes) == {pl.Float64}


@pytest.mark.parametrize("ending", ["parquet", "arrow", "xlsx"])
def test_other_formats_are_read(tmp_path: Path, ending: str) -> None:
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    path = tmp_path / f"a.{ending}"
    {"parquet": frame.write_parquet, "arrow": frame.write_ipc, "xlsx": frame.write_excel}[ending](path)
    assert read_file(path).collect().rows() == [(1, "x"), (2, None)]


def test_the_content_tells_the_format_where_the_ending_does_not(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    pl.DataFrame({"a": [1]}).write_parquet(path)
    assert read_file(path).collect().rows() == [(1,)]


def test_json_lines_keep_fields_of_late_lines(tmp_path: Path) -> None:
    found = columns_of(tmp_path, "a.jsonl", '{"a": 1}\n' * 20_000 + '{"a": 2.5, "b": "x"}\n')
    assert (found["a"][-1], found["b"][-1]) == (2.5, "x")


def test_a_json_array_is_read(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "a.json", '[{"a": 1}, {"a": 2}]') == {"a": [1, 2]}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "is a PNG image"),
        ("a.csv", b"PK\x03\x04" + bytes(100), "is a zip archive"),
        ("a.csv", b"PAR1" + bytes(100), "is Parquet"),
        ("a.csv", "<!DOCTYPE html><html></html>", "is a web page"),
        ("a.parquet", "a,b\n1,2\n", "is text, or of an unknown kind"),
        ("a.parquet", b"PAR1" + bytes(100), "cannot be read as Parquet"),
        ("a.arrow", b"ARROW1" + bytes(100), "cannot be read as Arrow"),
        ("a.xlsx", b"PK\x03\x04" + bytes(100), "cannot be read as an Excel workbook"),
        ("a.jsonl", "no json\n", "cannot be read as JSON lines"),
        ("a.csv", "", "is empty"),
        ("a.csv", "\n\n  \n", "is empty"),
        ("a.csv", "a,b\n1,\0\n", "zero bytes"),
        ("a.csv", "a,b\n1,2\n1,2,3\n", "line 3 has 3 values, and 2 are expected"),
        ("a.csv", 'a,b\n"x,1\n2,3\n', "quotation mark"),
        ("a.pdf", b"%PDF-1.7", "is a PDF document"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_named(tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
    with pytest.raises(FileNotParsable, match=said):
        read_file(written(tmp_path, name, content))


def test_a_cut_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": range(1000)}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(FileNotParsable, match=r"`cars\.parquet`"):
        read_file(path, name="cars.parquet")


def test_a_missing_file_is_not_readable(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable, match="No such file"):
        read_file(tmp_path / "a.csv")


def test_reading_leaves_no_files(tmp_path: Path) -> None:
    source, work = tmp_path / "source", tmp_path / "work"
    source.mkdir()
    work.mkdir()
    frame = read_file(written(source, "a.csv", PEOPLE.encode("utf-16")), folder=work)
    assert list(work.iterdir()) == []
    assert frame.collect().height == 2
