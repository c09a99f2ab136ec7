"""The YAML of documents spells values as YAML 1.2 does, and quotes what others would misread."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from designer.graph.dialect import Dumper, Loader
from designer.graph.reading import read

NODE = "format: designer/pipeline@1\nnodes: {a: {module: x, params: {p: %s}}}"


def value_of(text: str) -> object:
    return read(NODE % text).nodes["a"].params["p"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("1e-5", 1e-5),
        ("1:30:00", "1:30:00"),
        ("010", 10),
        ("2001-01-01", "2001-01-01"),
        ("1_000", "1_000"),
        ("<<", "<<"),
        ("true", True),
        ("~", None),
        (".5", 0.5),
    ],
)
def test_a_plain_value_means_what_json_would(text: str, value: object) -> None:
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


@given(st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.booleans() | st.none())
def test_what_is_written_is_read_again(value: object) -> None:
    text = yaml.dump([value], Dumper=Dumper, allow_unicode=True)
    loader = Loader(text)
    assert loader.get_data() == [value]


@pytest.mark.parametrize("text", ["yes", "010", "1:30", "1e-5", "2001-01-01", "<<", "null", ".inf"])
def test_a_text_that_any_loader_would_misread_is_quoted(text: str) -> None:
    written = yaml.dump(text, Dumper=Dumper)
    assert written.startswith("'")
