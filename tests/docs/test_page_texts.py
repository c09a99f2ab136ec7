"""What the server can say of problems and failures, the page can say in each of its languages."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from designer.engine.execution import DISK_FULL
from designer.errors import InvalidDocument, Problem
from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry
from designer.graph.plan import compile_plan
from designer.graph.reading import read, read_leniently
from designer.graph.values import problem_with
from modules import catalog
from modules.kit import ColumnSchema, Parameter, TableSchema, port_types
from modules.kit import errors as kit_errors
from modules.kit.errors import ERRORS, ModuleError

ROOT = Path(__file__).parents[2]
LANGUAGES = sorted(path.name for path in (ROOT / "frontend" / "src" / "i18n").iterdir() if path.is_dir())
PLACEHOLDER = re.compile(r"{{(\w+)}}")


def texts(language: str, name: str) -> dict[str, str]:
    path = ROOT / "frontend" / "src" / "i18n" / language / f"{name}.json"
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def key_of(code: str, values: dict[str, Any]) -> str:
    return f"{code}_{values['how']}" if values.get("how") else code


def assert_said(key: str, values: dict[str, Any], name: str) -> None:
    for language in LANGUAGES:
        text = texts(language, name).get(key)
        assert text is not None, f"{name}.json of {language} lacks '{key}'"
        assert set(PLACEHOLDER.findall(text)) <= set(values), (language, key)


@pytest.mark.parametrize("code", ["1000", DISK_FULL])
def test_what_the_engine_says_in_no_modules_name_has_words(code: str) -> None:
    assert all(texts(language, "failures")[f"meaning_{code}"] for language in LANGUAGES)


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_what_a_code_means_is_said_in_each_language(code: str) -> None:
    meaning = " ".join((ERRORS[code].__doc__ or "").strip().split("\n\n")[0].split())
    assert texts("en", "failures")[f"meaning_{code}"] == meaning
    assert all(texts(language, "failures")[f"meaning_{code}"] for language in LANGUAGES)


SENTENCES: list[ModuleError] = [
    kit_errors.ColumnNotFound("prize", port="dataset", available=["price"]),
    kit_errors.NotConvertible(value="x", to="a number"),
    kit_errors.NotConvertible(value="x", to="a number", column="price"),
    kit_errors.EmptyInput(port="dataset"),
    kit_errors.EmptyInput(parameter="name"),
    kit_errors.NotGreater(parameter="p", bound=1, actual=float("nan")),
    kit_errors.TooSmall(parameter="p", bound=1, actual=0),
    kit_errors.NotLess(parameter="p", bound=1, actual=1),
    kit_errors.OutOfRange(parameter="p", low=0, high=1, actual=2),
    kit_errors.NamesDiffer(index=1, left="a", right="b", port="dataset"),
    kit_errors.NoColumnSelected(parameter="columns"),
    kit_errors.NoColumnSelected(parameter="columns", port="dataset"),
    kit_errors.WrongLearner(port="model", found="a", expected="b"),
    kit_errors.TooManyUniqueValues("city", unique=9, rows=10, port="dataset"),
    kit_errors.TypesDiffer("a", found="text", expected="numbers", port="dataset"),
    kit_errors.WrongColumnType("a", found="text", expected="numbers"),
    kit_errors.TooFewColumns(port="dataset", required=2, actual=1),
    kit_errors.TooFewRows(port="dataset", required=2, actual=1),
    kit_errors.UnexpectedColumnCount(expected=1, actual=2, parameter="columns"),
    kit_errors.UnexpectedColumnCount(expected=1, actual=2, port="dataset"),
    kit_errors.DuplicateColumn("a"),
    kit_errors.DifferentColumnCounts(left=1, right=2, port="dataset"),
    kit_errors.AllMissing("a", port="dataset"),
]


@pytest.mark.parametrize("error", SENTENCES, ids=lambda error: f"{type(error).__name__} {error.values.get('how', '')}")
def test_a_failure_with_fixed_words_is_said_in_each_language(error: ModuleError) -> None:
    assert json.loads(json.dumps(error.values, allow_nan=False)) == error.values
    assert_said(key_of(f"text_{error.code}", error.values), error.values, "failures")
    if error.hint:
        assert_said(f"hint_{error.code}", error.values, "failures")


def test_no_failure_with_fixed_words_is_left_out() -> None:
    own = {cls for cls in ERRORS.values() if "__init__" in vars(cls)}
    free = {kit_errors.TooLarge}  # its sentence is that of who raises it
    assert {type(error) for error in SENTENCES} == own - free


HEAD = "format: designer/pipeline@1\nnodes: {}"
CARS = DatasetEntry("cars", 1, "d", TableSchema((ColumnSchema("make", "String"), ColumnSchema("price", "Float64"))))
SPLIT: dict[str, Any] = {"module": "split_data", "inputs": {"dataset": "cars"}}
KEEP: dict[str, Any] = {"module": "select_columns_in_dataset", "inputs": {"dataset": "cars"}}
SERVICE = {"module": "web_service_input", "inputs": {}, "params": {"parameter_name": "in"}}

WRONG: dict[str, dict[str, Any]] = {
    "unknown_module": {"x": {"module": "split_dta"}},
    "unknown_module_version": {"x": {**SPLIT, "module": "split_data@99"}},
    "unknown_dataset": {"x": {"dataset": "nowhere"}},
    "unknown_port_input": {"x": {**SPLIT, "inputs": {"datast": "cars"}}},
    "unknown_port_output": {"x": {**SPLIT, "inputs": {"dataset": "cars.rows"}}},
    "unknown_port_unnamed": {"s": SPLIT, "x": {**SPLIT, "inputs": {"dataset": "s"}}},
    "too_many_wires": {"x": {**SPLIT, "inputs": {"dataset": ["cars", "cars"]}}},
    "unknown_node_source": {"x": {**SPLIT, "inputs": {"dataset": "nowhere"}}},
    "type_mismatch": {"x": {"module": "train_model", "inputs": {"untrained_model": "cars"}}},
    "missing_input": {"x": {**SPLIT, "inputs": {}}},
    "disabled_source": {"s": {**SPLIT, "disabled": True}, "x": {**SPLIT, "inputs": {"dataset": "s.results_dataset1"}}},
    "cycle": {
        "a": {**SPLIT, "inputs": {"dataset": "b.results_dataset1"}},
        "b": {**SPLIT, "inputs": {"dataset": "a.results_dataset1"}},
    },
    "unknown_parameter": {"x": {**SPLIT, "params": {"fractoin_of_rows": 1}}},
    "missing_parameter": {"x": KEEP},
    "unknown_pipeline_parameter": {"x": {**SPLIT, "params": {"fraction_of_rows": {"$parameter": "nix"}}}},
    "wrong_value_at_most": {"x": {**SPLIT, "params": {"fraction_of_rows": 7}}},
}


@pytest.mark.parametrize("key", sorted(WRONG))
def test_a_problem_of_a_document_is_said_in_each_language(key: str) -> None:
    document = read({"format": "designer/pipeline@1", "nodes": {"cars": {"dataset": "cars"}, **WRONG[key]}})
    problems = examine(document, catalog.load(), {"cars": CARS}).problems
    found = {key_of(problem.code, problem.values): problem for problem in problems}
    assert key in found
    for problem in problems:
        assert_said(key_of(problem.code, problem.values), problem.values, "problems")
    if found[key].hint and found[key].code != "missing_parameter":  # that is the help of the parameter
        assert_said(f"hint_{found[key].code}", found[key].values, "problems")


UNFIT: dict[str, list[Any]] = {
    "integer": [None, "x", 2**70, 0, 9],
    "number": ["x", 0, 9],
    "numbers": [7, ";", "a", "0"],
    "integers": ["1.5"],
    "boolean": ["yes"],
    "text": [7],
    "choice": ["other"],
    "column": ["", 7],
    "columns": [[7], 7, {"bad": 1}, {"base": 7}, {"rules": [7]}],
}


def unfit() -> Iterator[Any]:
    bounds: list[dict[str, float]] = [{"minimum": 1, "maximum": 5}, {"exclusive_minimum": 1, "exclusive_maximum": 5}]
    for kind, values in UNFIT.items():
        for value in values:
            for bound in bounds if kind in ("integer", "number", "numbers") else [{}]:
                yield pytest.param(kind, value, bound, id=f"{kind} {value!r:.20} {','.join(bound)}")


@pytest.mark.parametrize(("kind", "value", "bound"), list(unfit()))
def test_what_is_wrong_with_a_value_is_said_in_each_language(kind: Any, value: Any, bound: dict[str, float]) -> None:
    facts: Any = {"name": "p", "title": "P", "kind": kind, "help": "", "default": None, **bound}
    misfit = problem_with(Parameter.model_validate(facts), value)
    assert misfit is not None
    assert_said(f"wrong_value_{misfit.how}", {"parameter": "p", **misfit.values}, "problems")


@pytest.mark.parametrize("text", [f"{HEAD}\nnodes: {{}}", "nodes: {}", f"{HEAD}\nnix: 1"])
def test_what_is_wrong_with_a_text_is_said_in_each_language(text: str) -> None:
    problems = read_leniently(text).problems
    assert problems
    for problem in problems:
        assert_said(key_of(problem.code, problem.values), problem.values, "problems")


def test_a_selection_that_does_not_fit_is_said_in_each_language() -> None:
    nodes = {"cars": {"dataset": "cars"}, "off": {**SPLIT, "disabled": True}, "x": SPLIT, "y": SPLIT}
    graph = examine(read({"format": "designer/pipeline@1", "nodes": nodes}), catalog.load(), {"cars": CARS}).graph
    selections: list[dict[str, Any]] = [
        {"targets": ["nix"]},
        {"targets": ["off"]},
        {"starts": ["off"]},
        {"targets": ["x"], "starts": ["y"]},
    ]
    for selection in selections:
        with pytest.raises(InvalidDocument) as caught:
            compile_plan(graph, {}, selection.get("targets"), starts=selection.get("starts", ()))
        for problem in caught.value.problems:
            assert_said(key_of(problem.code, problem.values), problem.values, "problems")


def codes_in_source() -> set[str]:
    """Every code of a problem that stands in the source, alone or as the first argument of a helper."""
    found: set[str] = set()
    for path in sorted((ROOT / "designer").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "Problem":
                given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            elif node.func.id == "_problem" and node.args:
                given = node.args[:1]
            else:
                continue
            found |= {item.value for one in given for item in ast.walk(one) if isinstance(item, ast.Constant)}
    return {code for code in found if re.fullmatch("[a-z_]+[a-z]", str(code))}


@pytest.mark.parametrize("code", sorted(codes_in_source()))
def test_every_code_in_the_source_has_words(code: str) -> None:
    if code == "unknown_column":  # said as the failure of the same meaning is
        return
    for language in LANGUAGES:
        keys = texts(language, "problems")
        assert any(key in (code, f"meaning_{code}") or key.startswith(f"{code}_") for key in keys), (language, code)


def test_every_answer_of_the_api_that_is_an_error_has_words() -> None:
    source = (ROOT / "designer" / "api" / "failures.py").read_text("utf-8")
    codes = set(re.findall(r"\b\d{3}, \"(\w+)\"", source))
    assert "not_found" in codes
    assert "disk_full" in codes
    for language in LANGUAGES:
        assert codes <= set(texts(language, "answers")), language


@pytest.mark.parametrize("name", sorted(port_types()))
def test_every_type_of_port_has_a_word(name: str) -> None:
    assert all(f"type_{name}" in texts(language, "problems") for language in LANGUAGES)


def test_problems_keep_their_values_in_json() -> None:
    problem = Problem(code="cycle", message="", values={"nodes": ["a"], "count": 1})
    assert Problem.model_validate_json(problem.model_dump_json()) == problem
