"""Whatever comes in: a plan whose order respects its wires, or named problems. Never a traceback."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.errors import InvalidDocument
from designer.graph.document import Document
from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry, build
from designer.graph.plan import Plan, compile_plan
from designer.graph.reading import read_leniently
from designer.graph.writing import write
from modules.kit import Catalog

IDS = st.sampled_from(["a", "b", "c", "d", "e"])
SOURCES = st.builds(
    lambda node, port: f"{node}{port}",
    IDS,
    st.sampled_from(["", ".left", ".right", ".dataset", ".results_dataset", ".untrained_model", ".x", "."]),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["price", "make", "prize", "head", "share", "", "1-2", "numeric", "label", 10**400, -(2**70)])
)
RULES = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["include", "exclude", "x"]),
        "by": st.sampled_from(["names", "indices", "types", "roles", "x", 3]),
        "values": st.lists(SCALARS, max_size=3) | SCALARS,
    }
)
SELECTIONS = st.fixed_dictionaries(
    {"base": st.sampled_from(["all", "none", "x", []])},
    optional={"ordered": SCALARS, "rules": st.lists(RULES | SCALARS, max_size=3) | SCALARS},
)
VALUES = SCALARS | SELECTIONS | st.lists(SCALARS, max_size=2) | st.just({"$parameter": "p"})
NODES = st.fixed_dictionaries(
    {"module": st.sampled_from(["keep_columns", "halve", "line", "fit", "stack", "halve@1", "halve@9", "nix", "@"])},
    optional={
        "inputs": st.dictionaries(
            st.sampled_from(["dataset", "untrained_model", "tables", "x"]),
            SOURCES | st.lists(SOURCES, max_size=3),
            max_size=3,
        ),
        "params": st.dictionaries(
            st.sampled_from(["columns", "mode", "share", "seed", "label", "x"]), VALUES, max_size=4
        ),
        "disabled": st.booleans(),
    },
) | st.just({"dataset": "cars"})
DOCUMENTS = st.fixed_dictionaries(
    {"format": st.just("designer/pipeline@1"), "nodes": st.dictionaries(IDS, NODES, max_size=5)},
    optional={
        "parameters": st.fixed_dictionaries(
            {"p": st.fixed_dictionaries({"type": st.sampled_from(["int", "float", "string"]), "default": SCALARS})}
        )
    },
)

relaxed = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def is_in_order(plan: Plan) -> bool:
    seen: set[str] = set()
    for step in plan.steps:
        if not step.upstream <= seen:
            return False
        seen.add(step.node)
    return True


def compiled(
    document: Document, catalog: Catalog, datasets: dict[str, DatasetEntry], targets: list[str] | None = None
) -> Plan | None:
    try:
        return compile_plan(build(document, catalog, datasets), {}, targets)
    except InvalidDocument as error:
        assert error.problems
        return None


@relaxed
@given(DOCUMENTS)
def test_any_document_is_a_plan_or_named_problems(
    catalog: Catalog, datasets: dict[str, DatasetEntry], values: dict[str, object]
) -> None:
    reading = read_leniently(values)
    assert reading.document is not None
    found = examine(reading.document, catalog, datasets)
    plan = compiled(reading.document, catalog, datasets)
    assert plan is not None or any(problem.severity == "error" for problem in found.problems)
    assert plan is None or is_in_order(plan)
    assert isinstance(found.to_json(), dict)


@relaxed
@given(DOCUMENTS)
def test_what_could_be_read_is_written_and_read_again(catalog: Catalog, values: dict[str, object]) -> None:
    document = read_leniently(values).document
    assert document is not None
    text = write(document)
    assert read_leniently(text).document == document
    short = write(document, catalog=catalog)
    again = read_leniently(short).document
    assert again is not None
    assert write(again, catalog=catalog) == short


@relaxed
@given(DOCUMENTS, IDS)
def test_a_target_takes_the_same_steps_as_the_whole(
    catalog: Catalog, datasets: dict[str, DatasetEntry], values: dict[str, object], target: str
) -> None:
    document = read_leniently(values).document
    assert document is not None
    whole = compiled(document, catalog, datasets)
    part = compiled(document, catalog, datasets, [target])
    if whole is not None and part is not None:
        assert {step.node for step in part.steps} <= {step.node for step in whole.steps}
        assert part.steps[-1].node == target
