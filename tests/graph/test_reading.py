"""Reading documents: strict, all at once, with lines."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from designer.errors import InvalidDocument, Problem
from designer.graph.document import Document
from designer.graph.reading import read

HEAD = "format: designer/pipeline@1\n"


def problems_of(text: str | bytes) -> list[Problem]:
    with pytest.raises(InvalidDocument) as caught:
        read(text)
    return caught.value.problems


def test_all_problems_are_said_at_once_with_their_lines() -> None:
    text = HEAD + "nodez: {}\nnodes:\n  a: {modul: x}\n  9b: {module: x}\n  c: {module: x, retries: 99}\n"
    assert sorted((p.line, p.node, p.key) for p in problems_of(text) if p.node) == [
        (4, "a", "modul"),
        (5, "9b", "[key]"),
        (6, "c", "retries"),
    ]


def test_a_dismissal_is_read_strictly() -> None:
    lines = [
        "format: designer/pipeline@1",
        "nodes:",
        "  a:",
        "    module: m",
        "    dismissed: [{advice: same_rows, input: dataset, notes: x}]",
        "  b: {module: m, dismissed: [{advice: same_rows}]}",
        "  c: {dataset: d, dismissed: [{advice: same_rows, input: dataset}]}",
    ]
    assert {(p.node, p.line, p.message) for p in problems_of("\n".join(lines))} == {
        ("a", 5, "Node 'a': key 'dismissed.0.notes' is unknown; did you mean 'note'?"),
        ("b", 6, "Node 'b': 'dismissed.0.input' field required; found 'dict'"),
        ("c", 7, "Node 'c': a dataset has no 'inputs', no 'params' and nothing 'dismissed'; found 'dict'"),
    }


def test_an_unknown_key_offers_the_nearest_one() -> None:
    assert problems_of(HEAD + "nodes: {a: {modul: x}}")[0].message == (
        "Node 'a': key 'modul' is unknown; did you mean 'module'?"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a mapping"),
        ("nodes: {}", "'format' is missing"),
        ("format: other@2", "designer/pipeline@1"),
        ("{", "is not YAML"),
        (b"\xff\xfe", "is not UTF-8"),
        ("a: &x [1]\nb: *x", "aliases"),
        (HEAD + "nodes: {a: {module: x}, a: {module: y}}", "stands twice"),
        (HEAD + "nodes: {a: {module: x, dataset: y}}", "either 'module' or 'dataset'"),
        ("[" * 500 + "]" * 500, "nested too deeply"),
        ('{"format": "designer/pipeline@1", "nodes": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_bad_text_is_refused_in_words(text: str | bytes, said: str) -> None:
    assert said in problems_of(text)[0].message


@pytest.mark.parametrize("text", ["x" * 10_000_001, b"x" * 10_000_001])
def test_a_huge_text_is_not_parsed(text: str | bytes) -> None:
    assert "at most 10000000 are read" in problems_of(text)[0].message


@given(st.text() | st.binary())
@example("2001-13-45: 1")
@example("? [a]\n: 1")
@example("!!python/object:os.system x")
@example("!!timestamp 2001-13-99")
@example("1_0: .inf")
def test_whatever_comes_in_is_a_document_or_named_problems(text: str | bytes) -> None:
    try:
        assert isinstance(read(text), Document)
    except InvalidDocument as error:
        assert error.problems


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
KEYS = st.sampled_from(
    ["format", "name", "nodes", "params", "inputs", "module", "dataset", "layout", "a", "parameters"]
)
NODES = st.dictionaries(KEYS, st.dictionaries(KEYS, JSON, max_size=4) | JSON, max_size=3)


@given(NODES, JSON, JSON)
def test_any_values_are_a_document_or_named_problems(nodes: object, layout: object, parameters: object) -> None:
    try:
        read({"format": "designer/pipeline@1", "nodes": nodes, "layout": layout, "parameters": parameters})
    except InvalidDocument as error:
        assert all(problem.message for problem in error.problems)
