"""From a graph to a frozen plan, and from a document to text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.errors import InvalidDocument
from designer.graph.document import Document
from designer.graph.graph import DatasetEntry, build
from designer.graph.plan import Plan, compile_plan
from designer.graph.reading import read
from designer.graph.writing import write
from modules.kit import Catalog

CHAIN = {
    "format": "designer/pipeline@1",
    "parameters": {"part": {"type": "float", "default": 0.7}},
    "nodes": {
        "z": {"dataset": "cars"},
        "b": {"module": "halve", "inputs": {"dataset": "z"}, "params": {"share": {"$parameter": "part"}}},
        "a": {"module": "keep_columns", "inputs": {"dataset": "b.right"}},
        "c": {"module": "keep_columns", "inputs": {"dataset": "b.left"}, "disabled": True},
    },
}


@pytest.fixture
def compiled(catalog: Catalog, datasets: dict[str, DatasetEntry]):  # type: ignore[no-untyped-def]  # a fixture that is a function
    def compile_chain(values: dict[str, object] | None = None, targets: list[str] | None = None) -> Plan:
        return compile_plan(build(read(CHAIN), catalog, datasets), values, targets)  # type: ignore[arg-type]  # any of the choices

    return compile_chain


def test_steps_stand_in_order_without_disabled_nodes(compiled) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    assert [step.node for step in compiled().steps] == ["z", "b", "a"]


def test_parameters_are_complete_and_a_blank_seed_is_drawn(compiled) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    params = compiled({"part": 0.2}).step("b").params
    assert (params["share"], params["mode"]) == (0.2, "share")
    assert isinstance(params["seed"], int)


def test_a_drawn_seed_is_named_and_varies_the_result(compiled) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    step = compiled().step("b")
    assert (step.drawn, step.varies) == (("seed",), "seed")


def test_what_a_node_asks_for_stands_in_its_step(catalog: Catalog, datasets: dict[str, DatasetEntry]) -> None:
    options = {"retries": 2, "retry_delay": 5, "timeout": 60, "memory_mb": 512, "allow_reuse": False}
    nodes = {"z": {"dataset": "cars"}, "b": {"module": "keep_columns", "inputs": {"dataset": "z"}, **options}}
    step = compile_plan(build(read({"format": "designer/pipeline@1", "nodes": nodes}), catalog, datasets)).step("b")
    assert (step.retries, step.retry_delay_seconds, step.timeout_seconds) == (2, 5, 60)
    assert (step.memory_limit_mb, step.allow_reuse) == (512, False)


def test_targets_keep_what_feeds_them(compiled) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    assert [step.node for step in compiled(targets=["b"]).steps] == ["z", "b"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"port": 1}, "'port' is unknown"),
        ({"part": "x"}, "takes float; found 'x'"),
        ({"part": 7.0}, "takes at most 1; found 7.0"),
    ],
)
def test_a_wrong_pipeline_parameter_is_named(compiled, values: dict[str, object], said: str) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    with pytest.raises(InvalidDocument, match=said):
        compiled(values)


def test_a_plan_survives_json(compiled) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    plan = compiled()
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_a_writer_leaves_out_defaults_and_orders_nodes(catalog: Catalog) -> None:
    text = write(
        read(
            {
                "format": "designer/pipeline@1",
                "nodes": {
                    "b": {"module": "halve", "inputs": {"dataset": "z"}, "params": {"share": 0.5, "mode": "head"}},
                    "z": {"dataset": "cars"},
                },
            }
        ),
        catalog=catalog,
    )
    assert text == (
        "format: designer/pipeline@1\nnodes:\n  z:\n    dataset: cars\n  b:\n    module: halve\n"
        "    inputs: {dataset: z}\n    params:\n      mode: head\n"
    )


IDS = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_-]{0,8}\Z")
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"),
    max_size=20,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    ids = draw(st.lists(IDS, unique=True, max_size=6))
    nodes = {
        key: draw(
            st.just({"dataset": "cars"})
            | st.fixed_dictionaries(
                {
                    "module": st.sampled_from(["halve", "keep_columns", "nix"]),
                    "inputs": st.dictionaries(
                        IDS, st.sampled_from(ids) | st.lists(st.sampled_from(ids), max_size=2), max_size=2
                    ),
                    "params": st.dictionaries(IDS, VALUES, max_size=3),
                    "comment": TEXT,
                    "disabled": st.booleans(),
                    "retries": st.integers(0, 20),
                    "retry_delay": st.none() | st.integers(1, 60),
                    "memory_mb": st.none() | st.integers(64, 4096),
                    "dismissed": st.lists(
                        st.fixed_dictionaries(
                            {"advice": TEXT, "input": TEXT}, optional={"column": st.none() | TEXT, "note": TEXT}
                        ),
                        max_size=2,
                    ),
                }
            )
        )
        for key in ids
    }
    layout = {key: draw(st.tuples(st.integers(-999, 999), st.floats(-999, 999))) for key in ids[:2]}
    return read({"format": "designer/pipeline@1", "name": draw(TEXT), "nodes": nodes, "layout": layout})


@given(documents(), st.sampled_from(["yaml", "json"]))
def test_reading_what_was_written_gives_the_same_document(document: Document, target: str) -> None:
    text = write(document, target)  # type: ignore[arg-type]  # any of the choices
    again = read(text)
    assert again == document
    assert write(again, target) == text  # type: ignore[arg-type]  # any of the choices


@given(documents())
def test_any_document_compiles_or_has_problems(
    catalog: Catalog, datasets: dict[str, DatasetEntry], document: Document
) -> None:
    from designer.graph.examination import examine

    found = examine(document, catalog, datasets)
    if not any(problem.severity == "error" for problem in found.problems):
        plan = compile_plan(found.graph)
        seen: set[str] = set()
        for step in plan.steps:
            assert step.upstream <= seen
            seen.add(step.node)
