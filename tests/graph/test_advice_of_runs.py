"""What runs find in data becomes advice, as long as the rows that were looked at would come out again."""

from dataclasses import replace

from designer.graph.advice.facts import (
    Determined,
    RepeatedRows,
    SharedGroups,
    Times,
    facts_by_lineage,
)
from designer.graph.document import Dismissal
from designer.graph.examination import examine
from designer.graph.graph import build
from tests.graph.advised import DATASETS, advice, document, found_by, judged, library, places, whole

SPLIT = "split = split_data dataset:people | seed: 5\n"
TEXT = whole(SPLIT)

LABEL_BY_CITY = Determined(fact="determined", column="left", by=("city", "nowhere"), how="values")
REPEATED = RepeatedRows(fact="repeated_rows", rows=37, of=1000, without=())
SHARED = SharedGroups(fact="shared_groups", column="city", rows=250, of=1000)


def test_a_feature_that_tells_the_label_is_doubted_where_the_training_takes_it() -> None:
    facts = found_by(TEXT, "split", LABEL_BY_CITY)
    assert places(TEXT, facts) == {"label_determined train.dataset city"}


def test_a_column_that_is_excluded_is_no_feature() -> None:
    kept = "kept = select_columns_in_dataset dataset:split.results_dataset1 | columns: [age, left]\n"
    text = whole(SPLIT + kept, train="kept", test="split.results_dataset2")
    assert places(text, found_by(TEXT, "split", LABEL_BY_CITY)) == set()


def test_what_tells_another_column_is_no_matter() -> None:
    facts = found_by(TEXT, "split", LABEL_BY_CITY.model_copy(update={"column": "age"}))
    assert places(TEXT, facts) == set()


def test_repeated_rows_are_doubted_at_the_split() -> None:
    (one,) = advice(TEXT, found_by(TEXT, "split", REPEATED))
    assert (one.code, one.node, one.key) == ("same_rows", "split", "inputs.dataset")
    assert one.values["share"] == 3.7
    assert one.message == (
        "Node 'split': 3.7 % of the test rows stand among the training rows too: a model knows them by heart"
    )


def test_shared_groups_are_doubted_at_the_split() -> None:
    assert places(TEXT, found_by(TEXT, "split", SHARED)) == {"same_group split.dataset city"}


def test_recommenders_are_for_the_people_that_they_know() -> None:
    text = (
        "people = people\n" + SPLIT + "train = train_svd_recommender "
        "training_dataset_of_user_item_rating_triples:split.results_dataset1\n"
        "score = score_svd_recommender trained_svd_recommendation:train dataset_to_score:split.results_dataset2\n"
    )
    assert places(text, found_by(text, "split", SHARED)) == set()
    assert places(text, found_by(text, "split", REPEATED)) == {"same_rows split.dataset"}


def test_dates_written_as_text_are_dates() -> None:
    facts = found_by(TEXT, "split", Times(fact="times", column="text", sortable=True))
    assert places(TEXT, facts) == {"random_times split.dataset text"}


def test_sides_that_no_model_is_judged_by_may_have_rows_in_common() -> None:
    text = "people = people\n" + SPLIT
    assert places(text, found_by(text, "split", REPEATED, SHARED)) == set()


def test_facts_follow_a_node_that_is_renamed() -> None:
    renamed = TEXT.replace("split", "parts").replace("parts_data", "split_data")
    facts = found_by(TEXT, "split", SHARED)
    assert places(renamed, facts) == {"same_group parts.dataset city"}


def test_facts_are_forgotten_where_the_rows_would_be_others() -> None:
    facts = found_by(TEXT, "split", SHARED)
    assert places(TEXT.replace("seed: 5", "seed: 6"), facts) == set()
    assert places(TEXT.replace("people = people", "people = newcomers"), facts) == set()


def test_a_new_version_of_a_dataset_has_other_rows() -> None:
    newer = {**DATASETS, "people": replace(DATASETS["people"], version=2, digest="f" * 64)}
    facts = found_by(TEXT, "split", SHARED)
    assert examine(document(TEXT), library(), newer, facts=facts).advice == []


def test_rows_of_another_shape_are_passed_over() -> None:
    graph = build(document(TEXT), library(), DATASETS)
    rows = [{"fact": "moon"}, {"fact": "times"}, 3, {"fact": "times", "column": "text", "sortable": False, "new": 1}]
    (facts,) = facts_by_lineage(graph, {"split": rows, "gone": rows}).values()
    assert facts == (Times(fact="times", column="text", sortable=False),)


def test_dismissed_advice_keeps_its_note() -> None:
    facts = found_by(TEXT, "split", SHARED)
    before = document(TEXT)
    note = Dismissal(advice="same_group", input="dataset", column="city", note="Cities do not matter")
    node = before.nodes["split"].model_copy(update={"dismissed": [note]})
    (one,) = advice(before.model_copy(update={"nodes": {**before.nodes, "split": node}}), facts)
    assert one.dismissed == "Cities do not matter"


def test_a_note_about_another_column_dismisses_nothing() -> None:
    before = document(TEXT)
    note = Dismissal(advice="same_group", input="dataset", column="age")
    node = before.nodes["split"].model_copy(update={"dismissed": [note]})
    (one,) = advice(
        before.model_copy(update={"nodes": {**before.nodes, "split": node}}), found_by(TEXT, "split", SHARED)
    )
    assert one.dismissed is None


def test_a_judgement_by_a_part_of_a_side_counts() -> None:
    text = whole(SPLIT + "few = partition_and_sample dataset:split.results_dataset2", test="few")
    assert places(text, found_by(TEXT, "split", SHARED)) == {"same_group split.dataset city"}


def test_nested_splits_keep_their_facts_apart() -> None:
    text = (
        "people = people\n"
        + SPLIT
        + "inner = split_data dataset:split.results_dataset1\n"
        + judged(train="inner.results_dataset1", test="inner.results_dataset2")
    )
    assert places(text, found_by(text, "split", SHARED)) == set()
    assert places(text, found_by(text, "inner", SHARED)) == {"same_group inner.dataset city"}
