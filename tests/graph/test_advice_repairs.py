"""A repair takes its advice away, and brings neither an error nor another advice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.graph.advice import Advice
from designer.graph.advice.facts import RepeatedRows, Times
from designer.graph.advice.repair import OutOfDate, SetInput, apply
from designer.graph.document import Document, Node
from tests.graph.advised import BY_REGRESSION, advice, document, examined, found_by, judged, places, whole
from tests.graph.test_advice import LEAKY, SPLIT

REPAIRED = {
    "a scale is learnt before the split": "move_behind_split",
    "gaps are filled with the mean before the split": "move_behind_split",
    "two preparations stand before the split": "move_behind_split",
    "columns are chosen by the label before the split": "move_behind_split",
    "rows are made up before the split": "move_behind_split",
    "categories are replaced by means of the label before the split": "move_behind_split",
    "bins are learnt before the split": "move_behind_split",
    "topics are learnt before the split": "move_behind_split",
    "a scale is learnt between two splits of which the second holds rows out": "move_behind_split",
    "test rows are scaled by themselves": "replay_training",
    "test rows are made up": "leave_out",
    "a model is judged by the table it was trained with": "split_rows",
    "a model is judged by its side of the split": "score_other_side",
    "the importance of features is told by training rows": "split_rows",
    "settings are chosen by the test rows": "cross_validate",
    "settings are chosen by the training rows": "cross_validate",
    "dated rows are divided by chance": "split_by_time",
    "the logarithm of the label is a feature": "exclude_column",
    "bins of the label are a feature": "exclude_column",
    "another node hands the copy of the label on": "exclude_column",
}


def repaired(text: str | Document, one: Advice) -> Document:
    assert one.repair is not None
    return apply(document(text) if isinstance(text, str) else text, one.repair.changes)


def wires(one: Document, node: str) -> dict[str, str | list[str]]:
    return one.nodes[node].inputs


@pytest.mark.parametrize("name", LEAKY)
def test_what_is_clear_has_a_repair(name: str) -> None:
    kinds = {one.repair.kind if one.repair else None for one in advice(LEAKY[name][0])}
    assert kinds == {REPAIRED.get(name)}


@pytest.mark.parametrize("name", REPAIRED)
def test_a_repair_takes_its_advice_away_and_brings_nothing_new(name: str) -> None:
    text, before = LEAKY[name]
    for one in advice(text):
        after = examined(repaired(text, one))
        assert [problem.message for problem in after.problems] == []
        codes = [other.code for other in after.advice]
        assert codes.count(one.code) < len(before)
        assert set(codes) <= {other.code for other in advice(text)}


def test_what_learns_goes_to_the_training_side_and_is_replayed_on_the_other() -> None:
    text, _ = LEAKY["a scale is learnt before the split"]
    after = repaired(text, advice(text)[0])
    assert wires(after, "split") == {"dataset": "people"}
    assert wires(after, "scale") == {"dataset": "split.results_dataset1"}
    assert wires(after, "apply_scale") == {
        "transformation": "scale.transformation_function",
        "dataset": "split.results_dataset2",
    }
    assert wires(after, "train")["dataset"] == "scale.transformed_dataset"
    assert wires(after, "score")["dataset"] == "apply_scale"


def test_all_that_stands_before_the_split_moves_at_once() -> None:
    text, _ = LEAKY["two preparations stand before the split"]
    first = next(one for one in advice(text) if one.nodes["fitted"] == "clean")
    after = repaired(text, first)
    assert wires(after, "apply_scale")["dataset"] == "apply_clean"
    assert places(after) == set()


def test_a_node_that_learns_nothing_is_repeated_as_it_is() -> None:
    text = whole(
        "scale = normalize_data dataset:people\n"
        "plain = clip_values input:scale.transformed_dataset | columns: [age]\n" + SPLIT.format("plain")
    )
    after = repaired(text, advice(text)[0])
    assert after.nodes["plain_test"].params == {"columns": ["age"]}
    assert wires(after, "plain_test") == {"input": "apply_scale"}
    assert wires(after, "score")["dataset"] == "plain_test"


def test_chosen_columns_are_kept_on_the_other_side() -> None:
    text, _ = LEAKY["columns are chosen by the label before the split"]
    after = repaired(text, advice(text)[0])
    assert wires(after, "best_columns") == {"dataset_with_desired_columns": "best.filtered_dataset"}
    assert wires(after, "apply_best") == {"transformation": "best_columns", "dataset": "split.results_dataset2"}


def test_only_training_rows_are_made_up() -> None:
    text, _ = LEAKY["rows are made up before the split"]
    after = repaired(text, advice(text)[0])
    assert wires(after, "more") == {"samples": "split.results_dataset1"}
    assert wires(after, "train")["dataset"] == "more"
    assert wires(after, "score")["dataset"] == "split.results_dataset2"


def test_the_side_that_trains_is_told_by_the_wires() -> None:
    text = whole(
        "scale = normalize_data dataset:people\n" + SPLIT.format("scale.transformed_dataset"),
        train="split.results_dataset2",
        test="split.results_dataset1",
    )
    after = repaired(text, advice(text)[0])
    assert wires(after, "scale") == {"dataset": "split.results_dataset2"}
    assert wires(after, "apply_scale")["dataset"] == "split.results_dataset1"


UNCLEAR = {
    "the prepared rows are used elsewhere": whole(
        "scale = normalize_data dataset:people\nlook = summarize_data input:scale.transformed_dataset\n"
        + SPLIT.format("scale.transformed_dataset")
    ),
    "the split looks at a prepared value": whole(
        "scale = normalize_data dataset:people\n"
        "split = split_data dataset:scale.transformed_dataset | splitting_mode: relative_expression, "
        """relational_expression: '\\"age" > 0'"""
    ),
    "the split keeps the mix of a column that is made before it": whole(
        "bins = group_data_into_bins dataset:people | columns: [age]\n"
        "split = split_data dataset:bins.quantized_dataset | stratification_key_column: age_quantized"
    ),
    "a script stands between": whole(
        "scale = normalize_data dataset:people\nquery = apply_sql_transformation t1:scale.transformed_dataset | "
        """script: 'from t1'\n""" + SPLIT.format("query")
    ),
    "both sides train": whole("scale = normalize_data dataset:people\n" + SPLIT.format("scale.transformed_dataset"))
    + "train_2 = train_model untrained_model:learner dataset:split.results_dataset2 | label_column: left\n"
    "score_2 = score_model trained_model:train_2 dataset:split.results_dataset1",
}


@pytest.mark.parametrize("text", UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_not_clear_is_left_to_the_author(text: str) -> None:
    found = [one for one in advice(text) if one.code == "fitted_before_split"]
    assert found
    assert [one.repair for one in found] == [None] * len(found)


def test_nodes_take_each_others_places() -> None:
    text, _ = LEAKY["a scale is learnt before the split"]
    layout = {"people": (0.0, 0.0), "scale": (0.0, 120.0), "split": (0.0, 240.0), "score": (260.0, 240.0)}
    before = document(text).model_copy(update={"layout": layout})
    after = repaired(before, advice(before)[0])
    assert after.layout["split"] == (0, 120)
    assert after.layout["scale"] == (0, 240)
    assert after.layout["apply_scale"] == (520, 240)  # the place beside is taken


def test_earlier_rows_go_to_the_side_that_trains() -> None:
    text = "people = dated\nsplit = split_data dataset:people | fraction_of_rows: 0.3\n" + judged(
        train="split.results_dataset2", test="split.results_dataset1"
    )
    after = repaired(text, advice(text)[0])
    assert "split" not in after.nodes
    assert after.nodes["split_by_time"].params == {"time_column": "day", "fraction_of_rows": 0.7}
    assert wires(after, "train")["dataset"] == "split_by_time.results_dataset1"
    assert wires(after, "score")["dataset"] == "split_by_time.results_dataset2"


@pytest.mark.parametrize("sortable", [True, False])
def test_dates_in_text_are_sorted_where_that_is_their_order(sortable: bool) -> None:
    text = "people = people\n" + SPLIT.format("people") + judged()
    (one,) = advice(text, found_by(text, "split", Times(fact="times", column="text", sortable=sortable)))
    assert (one.repair is not None) is sortable
    if sortable:
        after = repaired(text, one)
        assert after.nodes["in_time"].params == {"columns": ["text"]}
        assert wires(after, "split") == {"dataset": "in_time"}
        assert after.nodes["split"].params == {"randomized_split": False}


def test_a_selection_that_is_there_is_made_narrower() -> None:
    text = (
        "people = people\n"
        "log = apply_math_operation input:people | basic_math_function: ln, columns: [salary], output_mode: append\n"
        + SPLIT.format("log")
        + "kept = select_columns_in_dataset dataset:split.results_dataset1 | "
        "columns: {base: all, rules: [{op: exclude, by: names, values: [city]}]}\n"
        + BY_REGRESSION.replace("dataset:split.results_dataset1", "dataset:kept")
    )
    after = repaired(text, advice(text)[0])
    assert after.nodes["kept"].params["columns"] == {
        "base": "all",
        "rules": [{"op": "exclude", "by": "names", "values": ["city", "Ln(salary)"]}],
    }


def test_a_repair_of_a_changed_document_is_refused() -> None:
    text, _ = LEAKY["a scale is learnt before the split"]
    (one,) = advice(text)
    changed = document(text.replace("dataset:people", "dataset:newcomers"))
    assert one.repair is not None
    with pytest.raises(OutOfDate, match="split"):
        apply(
            changed.model_copy(update={"nodes": {**changed.nodes, "split": Node(module="split_data")}}),
            one.repair.changes,
        )


def test_an_input_is_only_changed_from_what_it_was() -> None:
    change = SetInput(node="a", input="dataset", before="b", after="c")
    with pytest.raises(OutOfDate, match="input 'dataset' of node 'a'"):
        apply(Document(nodes={"a": Node(module="m")}), [change])


STEPS = {
    "clean": "clean_missing_data dataset:{} | columns: [age], cleaning_mode: replace_with_mean → cleaned_dataset",
    "rows": "clean_missing_data dataset:{} | cleaning_mode: remove_entire_row → cleaned_dataset",
    "scale": "normalize_data dataset:{} → transformed_dataset",
    "bins": "group_data_into_bins dataset:{} | columns: [age] → quantized_dataset",
    "clip": "clip_values input:{} | columns: [age] →",
    "more": "smote samples:{} | label_column: left →",
    "twice": "remove_duplicate_rows dataset:{} →",
}


def chained(names: list[str]) -> str:
    """Steps one after the other, then a split and its end."""
    source, lines = "people", ["people = people"]
    for number, name in enumerate(names):
        line, _, port = STEPS[name].partition(" →")
        lines.append(f"{name}_{number} = {line.format(source)}")
        source = f"{name}_{number}{'.' if port else ''}{port.strip()}"
    return "\n".join([*lines, SPLIT.format(source), judged()])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=5))
def test_whatever_stands_before_a_split_can_be_repaired(names: list[str]) -> None:
    current = document(chained(names))
    for _ in names:
        found = [one for one in advice(current) if one.repair]
        if not found:
            break
        current = repaired(current, found[0])
        assert [problem.message for problem in examined(current).problems] == []
    assert places(current) == set()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(LEAKY)), st.data())
def test_unfinished_pipelines_are_advised_too(name: str, data: st.DataObject) -> None:
    whole_document = document(LEAKY[name][0])
    kept = data.draw(st.sets(st.sampled_from(sorted(whole_document.nodes))))
    nodes = {key: node for key, node in whole_document.nodes.items() if key in kept}
    part = whole_document.model_copy(update={"nodes": nodes})
    for one in advice(part):
        assert one.node in nodes
        assert one.input in nodes[one.node].inputs
        if one.repair:
            apply(part, one.repair.changes)


def test_duplicates_are_removed_but_for_the_columns_that_name_rows() -> None:
    text = "people = people\n" + SPLIT.format("people") + judged()
    fact = RepeatedRows(fact="repeated_rows", rows=30, of=100, without=("text",))
    (one,) = advice(text, found_by(text, "split", fact))
    after = repaired(text, one)
    assert after.nodes["without_duplicates"].params == {
        "columns": {"base": "all", "rules": [{"op": "exclude", "by": "names", "values": ["text"]}]}
    }
    assert wires(after, "split") == {"dataset": "without_duplicates"}
