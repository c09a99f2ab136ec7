"""Pipelines that leak are found, at the wire; pipelines that do not are let be."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.graph.advice.repair import apply
from designer.graph.document import Dismissal, Document
from designer.graph.reading import read
from designer.graph.writing import write
from tests.graph.advised import BY_REGRESSION, advice, document, examined, judged, places, whole

SPLIT = "split = split_data dataset:{}\n"
REPLAY = "apply_transformation transformation:scale.transformation_function"


def folds(source: str, before: str = "") -> str:
    """A pipeline that judges a learner by folds."""
    learner = "learner = two_class_logistic_regression"
    cross = f"cross = cross_validate_model untrained_model:learner dataset:{source} | label_column: left"
    return f"people = people\n{before}\n{learner}\n{cross}"


LEAKY: dict[str, tuple[str, set[str]]] = {
    "a scale is learnt before the split": (
        whole("scale = normalize_data dataset:people\n" + SPLIT.format("scale.transformed_dataset")),
        {"fitted_before_split split.dataset"},
    ),
    "gaps are filled with the mean before the split": (
        whole(
            "clean = clean_missing_data dataset:people | columns: [age], cleaning_mode: replace_with_mean\n"
            + SPLIT.format("clean.cleaned_dataset")
        ),
        {"fitted_before_split split.dataset"},
    ),
    "two preparations stand before the split": (
        whole(
            "clean = clean_missing_data dataset:people | columns: [age], cleaning_mode: replace_with_median\n"
            "scale = normalize_data dataset:clean.cleaned_dataset\n" + SPLIT.format("scale.transformed_dataset")
        ),
        {"fitted_before_split scale.dataset", "fitted_before_split split.dataset"},
    ),
    "columns are chosen by the label before the split": (
        whole(
            "best = filter_based_feature_selection dataset:people | target_column: left\n"
            + SPLIT.format("best.filtered_dataset")
        ),
        {"fitted_before_split split.dataset"},
    ),
    "rows are made up before the split": (
        whole("more = smote samples:people | label_column: left\n" + SPLIT.format("more")),
        {"resampled_before_split split.dataset"},
    ),
    "bins are learnt before the split": (
        whole("bins = group_data_into_bins dataset:people\n" + SPLIT.format("bins.quantized_dataset")),
        {"fitted_before_split split.dataset"},
    ),
    "values are clipped at a percentile before the split": (
        whole("clip = clip_values input:people | columns: [age], upper_threshold: percentile\n" + SPLIT.format("clip")),
        {"fitted_before_split split.dataset"},
    ),
    "a vocabulary is made before the split": (
        whole(
            "words = extract_n_gram_features_from_text dataset:people | text_column: text\n"
            + SPLIT.format("words.results_dataset")
        ),
        {"fitted_before_split split.dataset"},
    ),
    "topics are learnt before the split": (
        whole(
            "topics = latent_dirichlet_allocation dataset:people | target_columns: [text]\n"
            + SPLIT.format("topics.transformed_dataset")
        ),
        {"fitted_before_split split.dataset"},
    ),
    "a scale of all rows is replayed on both sides": (
        whole(
            "scale = normalize_data dataset:people\n"
            + SPLIT.format("people")
            + f"one = {REPLAY} dataset:split.results_dataset1\nother = {REPLAY} dataset:split.results_dataset2",
            train="one",
            test="other",
        ),
        {"fitted_before_split one.transformation"},
    ),
    "groups of all rows are a feature": (
        whole(
            "k = k_means_clustering\n"
            "groups = train_clustering_model untrained_model:k dataset:people | columns: [age, salary]\n"
            "assign = assign_data_to_clusters trained_model:groups.trained_model dataset:people\n"
            + SPLIT.format("assign")
        ),
        {"fitted_before_split assign.trained_model"},
    ),
    "a scale is learnt between two splits of which the second holds rows out": (
        whole(
            "outer = split_data dataset:people\nscale = normalize_data dataset:outer.results_dataset1\n"
            + SPLIT.format("scale.transformed_dataset")
        ),
        {"fitted_before_split split.dataset"},
    ),
    "columns are chosen before folds": (
        folds("best.filtered_dataset", "best = filter_based_feature_selection dataset:people | target_column: left"),
        {"fitted_before_folds cross.dataset"},
    ),
    "rows are made up before folds": (
        folds("more", "more = smote samples:people | label_column: left"),
        {"fitted_before_folds cross.dataset"},
    ),
    "test rows are scaled by themselves": (
        whole(
            SPLIT.format("people")
            + "one = normalize_data dataset:split.results_dataset1\n"
            + "other = normalize_data dataset:split.results_dataset2",
            train="one.transformed_dataset",
            test="other.transformed_dataset",
        ),
        {"fitted_on_test score.dataset"},
    ),
    "test rows are made up": (
        whole(
            SPLIT.format("people") + "more = smote samples:split.results_dataset2 | label_column: left",
            train="split.results_dataset1",
            test="more",
        ),
        {"resampled_test score.dataset"},
    ),
    "a model is judged by the table it was trained with": (
        whole("", train="people", test="people"),
        {"scored_on_training score.dataset"},
    ),
    "a model is judged by its side of the split": (
        whole(SPLIT.format("people"), train="split.results_dataset1", test="split.results_dataset1"),
        {"scored_on_training score.dataset"},
    ),
    "a model is judged by some of the rows it was trained with": (
        whole("few = partition_and_sample dataset:people | rate_of_sampling: 0.2", train="people", test="few"),
        {"scored_on_training score.dataset"},
    ),
    "a model is judged by all rows": (
        whole(SPLIT.format("people"), train="split.results_dataset1", test="people"),
        {"rows_on_both_sides score.dataset"},
    ),
    "the sides come from two splits": (
        whole(
            "split = split_data dataset:people | seed: 1\nagain = split_data dataset:people | seed: 2",
            train="split.results_dataset1",
            test="again.results_dataset2",
        ),
        {"rows_on_both_sides score.dataset"},
    ),
    "both sides are put together for the training": (
        whole(
            SPLIT.format("people") + "all = add_rows dataset1:split.results_dataset1 dataset2:split.results_dataset2",
            train="all",
            test="split.results_dataset2",
        ),
        {"scored_on_training score.dataset"},
    ),
    "two nodes bring the same dataset": (
        whole("same = people", train="people", test="same"),
        {"scored_on_training score.dataset"},
    ),
    "the importance of features is told by training rows": (
        whole(
            "weigh = permutation_feature_importance trained_model:train test_data:people", train="people", test="new"
        ).replace("score =", "new = newcomers\nscore ="),
        {"scored_on_training weigh.test_data"},
    ),
    "one fold trains and judges": (
        whole(
            "folds = partition_and_sample dataset:people | partition_or_sample_mode: assign_to_folds\n"
            "one = partition_and_sample dataset:folds | partition_or_sample_mode: pick_fold, fold: 1\n"
            "same = partition_and_sample dataset:folds | partition_or_sample_mode: pick_fold, fold: 1",
            train="one",
            test="same",
        ),
        {"scored_on_training score.dataset"},
    ),
    "a script chooses test rows among those of the training": (
        whole(
            'late = apply_sql_transformation t1:people | script: "select * from t1 where age > 3"',
            train="people",
            test="late",
        ),
        {"scored_on_training score.dataset"},
    ),
    "settings are chosen by the test rows": (
        whole(
            SPLIT.format("people")
            + "tune = tune_model_hyperparameters untrained_model:learner training_dataset:split.results_dataset1 "
            "optional_validation_dataset:split.results_dataset2 | label_column: left"
        ).replace("trained_model:train", "trained_model:tune.trained_best_model"),
        {"tuned_on_test tune.optional_validation_dataset"},
    ),
    "settings are chosen by the training rows": (
        whole(
            SPLIT.format("people")
            + "tune = tune_model_hyperparameters untrained_model:learner training_dataset:split.results_dataset1 "
            "optional_validation_dataset:split.results_dataset1 | label_column: left"
        ).replace("trained_model:train", "trained_model:tune.trained_best_model"),
        {"tuned_on_training tune.optional_validation_dataset"},
    ),
    "probabilities are calibrated on training rows": (
        whole(
            SPLIT.format("people")
            + "sure = calibrate_model trained_model:train calibration_dataset:split.results_dataset1"
        ).replace("score = score_model trained_model:train", "score = score_model trained_model:sure.calibrated_model"),
        {"refined_by_training sure.calibration_dataset"},
    ),
    "a calibrated model is judged by the rows it was calibrated with": (
        whole(
            SPLIT.format("people")
            + "sure = calibrate_model trained_model:train calibration_dataset:split.results_dataset2"
        ).replace("score = score_model trained_model:train", "score = score_model trained_model:sure.calibrated_model"),
        {"scored_on_training score.dataset"},
    ),
    "categories are replaced by means of the label before the split": (
        whole(
            "means = target_encoding dataset:people | columns: [city], target_column: left\n"
            + SPLIT.format("means.results_dataset")
        ),
        {"fitted_before_split split.dataset"},
    ),
    "figures of groups of all rows are joined to them": (
        whole(
            "sums = aggregate_rows dataset:people | group_columns: [city]\n"
            "both = join_data left_dataset:people right_dataset:sums | "
            "left_key_columns: [city], right_key_columns: [city]\n" + SPLIT.format("both")
        ),
        {"fitted_before_split both.right_dataset"},
    ),
    "dated rows are divided by chance": (
        "people = dated\n" + SPLIT.format("people") + judged(),
        {"random_times split.dataset day"},
    ),
    "the logarithm of the label is a feature": (
        "people = people\n"
        "log = apply_math_operation input:people | basic_math_function: ln, columns: [salary], output_mode: append\n"
        + SPLIT.format("log")
        + BY_REGRESSION,
        {"label_in_features train.dataset Ln(salary)"},
    ),
    "bins of the label are a feature": (
        "people = people\n"
        + SPLIT.format("people")
        + "bins = group_data_into_bins dataset:split.results_dataset1 | columns: [salary]\n"
        + BY_REGRESSION.replace("dataset:split.results_dataset1", "dataset:bins.quantized_dataset"),
        {"label_in_features train.dataset salary_quantized"},
    ),
    "another node hands the copy of the label on": (
        "people = people\n"
        "clip = clip_values input:people | columns: [salary], overwrite_flag: false\n"
        "kept = select_columns_in_dataset dataset:clip | "
        "columns: {base: all, rules: [{op: exclude, by: names, values: [city]}]}\n"
        + SPLIT.format("kept")
        + BY_REGRESSION,
        {"label_in_features train.dataset salary_Clipped"},
    ),
}

CLEAN: dict[str, str] = {
    "a scale is learnt behind the split and replayed": whole(
        SPLIT.format("people")
        + "scale = normalize_data dataset:split.results_dataset1\n"
        + "replay = apply_transformation transformation:scale.transformation_function dataset:split.results_dataset2",
        train="scale.transformed_dataset",
        test="replay",
    ),
    "gaps are filled with a constant before the split": whole(
        "clean = clean_missing_data dataset:people | columns: [age], replacement_value: '0'\n"
        + SPLIT.format("clean.cleaned_dataset")
    ),
    "rows with gaps are removed before the split": whole(
        "clean = clean_missing_data dataset:people | cleaning_mode: remove_entire_row\n"
        + SPLIT.format("clean.cleaned_dataset")
    ),
    "a scale that learns nothing stands before the split": whole(
        "scale = normalize_data dataset:people | transformation_method: tanh\n"
        + SPLIT.format("scale.transformed_dataset")
    ),
    "bins with given edges stand before the split": whole(
        "bins = group_data_into_bins dataset:people | binning_mode: custom_edges, bin_edges: '1, 2'\n"
        + SPLIT.format("bins.quantized_dataset")
    ),
    "indicators stand before the split": whole(
        "ones = convert_to_indicator_values dataset:people | columns: [left], overwrite_categorical_columns: false\n"
        + SPLIT.format("ones.results_dataset")
    ).replace("label_column: left", "label_column: city"),
    "columns are chosen on the training side": whole(
        SPLIT.format("people")
        + "best = filter_based_feature_selection dataset:split.results_dataset1 | target_column: left\n"
        + "keep = select_columns_transform dataset_with_desired_columns:best.filtered_dataset\n"
        + "same = apply_transformation transformation:keep dataset:split.results_dataset2",
        train="best.filtered_dataset",
        test="same",
    ),
    "rows are made up on the training side": whole(
        SPLIT.format("people") + "more = smote samples:split.results_dataset1 | label_column: left",
        train="more",
        test="split.results_dataset2",
    ),
    "folds of plain rows": folds("people"),
    "folds of scaled rows": folds("scale.transformed_dataset", "scale = normalize_data dataset:people"),
    "settings are chosen by folds of the training side": whole(
        SPLIT.format("people")
        + "tune = tune_model_hyperparameters untrained_model:learner training_dataset:split.results_dataset1 "
        "| label_column: left"
    ).replace("trained_model:train", "trained_model:tune.trained_best_model"),
    "settings are chosen by a third part": whole(
        SPLIT.format("people")
        + "third = split_data dataset:split.results_dataset1\n"
        + "tune = tune_model_hyperparameters untrained_model:learner training_dataset:third.results_dataset1 "
        "optional_validation_dataset:third.results_dataset2 | label_column: left",
        train="third.results_dataset1",
        test="split.results_dataset2",
    ).replace("trained_model:train", "trained_model:tune.trained_best_model"),
    "dated rows are divided at a date": "people = dated\n"
    "split = split_data dataset:people | splitting_mode: relative_expression, "
    """relational_expression: '\\"day" < 2024-01-01'\n""" + judged(),
    "dated rows are divided in order": "people = dated\nsplit = split_data dataset:people | randomized_split: false\n"
    + judged(),
    "a date of birth orders nothing": "people = born\n" + SPLIT.format("people") + judged(),
    "dated rows that no model is judged by": "people = dated\n" + SPLIT.format("people"),
    "the vocabulary of the training side is used on the other": whole(
        SPLIT.format("people")
        + "words = extract_n_gram_features_from_text dataset:split.results_dataset1 | text_column: text\n"
        + "same = extract_n_gram_features_from_text dataset:split.results_dataset2 "
        "input_vocabulary:words.result_vocabulary | text_column: text, vocabulary_mode: read_only",
        train="words.results_dataset",
        test="same.results_dataset",
    ),
    "two datasets": whole("other = newcomers", train="people", test="other"),
    "all rows train, new ones are scored": whole(
        "scale = normalize_data dataset:people\nnew = newcomers\n"
        "replay = apply_transformation transformation:scale.transformation_function dataset:new",
        train="scale.transformed_dataset",
        test="replay",
    ),
    "scripts choose each side": whole(
        'early = apply_sql_transformation t1:people | script: "select * from t1 where age < 40"\n'
        'late = apply_sql_transformation t1:people | script: "select * from t1 where age >= 40"',
        train="early",
        test="late",
    ),
    "a condition chooses each side": whole(
        "early = filter_rows dataset:people | condition: age < 40\n"
        "late = filter_rows dataset:people | condition: age < 40, keep_the_others: true",
        train="early",
        test="late",
    ),
    "rows are divided by time": "people = dated\nsplit = split_by_time dataset:people | time_column: day\n" + judged(),
    "probabilities are calibrated on a third part": whole(
        SPLIT.format("people")
        + "third = split_data dataset:split.results_dataset1\n"
        + "sure = calibrate_model trained_model:train calibration_dataset:third.results_dataset2",
        train="third.results_dataset1",
    ).replace("score = score_model trained_model:train", "score = score_model trained_model:sure.calibrated_model"),
    "figures of groups are joined to rows of another table": whole(
        "cities = cities\nsums = aggregate_rows dataset:cities | group_columns: [city]\n"
        "both = join_data left_dataset:people right_dataset:sums | "
        "left_key_columns: [city], right_key_columns: [city]\n" + SPLIT.format("both")
    ),
    "rows are put together to groups before the split": (
        "people = people\nsums = aggregate_rows dataset:people | group_columns: [left, salary]\n"
        + SPLIT.format("sums")
        + judged()
    ),
    "figures of groups of the training side are joined to both": whole(
        SPLIT.format("people")
        + "sums = aggregate_rows dataset:split.results_dataset1 | group_columns: [city]\n"
        + "one = join_data left_dataset:sums right_dataset:split.results_dataset1 | "
        "left_key_columns: [city], right_key_columns: [city]\n"
        "other = join_data left_dataset:sums right_dataset:split.results_dataset2 | "
        "left_key_columns: [city], right_key_columns: [city]",
        train="one",
        test="other",
    ),
    "a fold is held out": whole(
        "folds = partition_and_sample dataset:people | partition_or_sample_mode: assign_to_folds\n"
        "rest = partition_and_sample dataset:folds | partition_or_sample_mode: pick_fold, fold: 1, "
        "pick_complement_of_the_selected_fold: true\n"
        "one = partition_and_sample dataset:folds | partition_or_sample_mode: pick_fold, fold: 1",
        train="rest",
        test="one",
    ),
    "one fold trains, another judges": whole(
        "folds = partition_and_sample dataset:people | partition_or_sample_mode: assign_to_folds\n"
        "one = partition_and_sample dataset:folds | partition_or_sample_mode: pick_fold, fold: 1\n"
        "two = partition_and_sample dataset:folds | partition_or_sample_mode: pick_fold, fold: 2",
        train="one",
        test="two",
    ),
    "both sides look the same things up": whole(
        "cities = cities\n"
        + SPLIT.format("people")
        + "one = join_data left_dataset:split.results_dataset1 right_dataset:cities | "
        "left_key_columns: [city], right_key_columns: [city]\n"
        "other = join_data left_dataset:cities right_dataset:split.results_dataset2 | "
        "left_key_columns: [city], right_key_columns: [city]",
        train="one",
        test="other",
    ),
    "groups are judged by the rows they were found in": "people = people\nk = k_means_clustering\n"
    "groups = train_clustering_model untrained_model:k dataset:people | columns: [age, salary]\n"
    "assign = assign_data_to_clusters trained_model:groups.trained_model dataset:people\n"
    "evaluate = evaluate_model scored_dataset:assign",
    "training rows are scored for a look": whole("", train="people", test="people").partition("evaluate =")[0],
    "a column that came with the data is named after the label": "people = people\n"
    + SPLIT.format("people")
    + BY_REGRESSION,
    "the same split stands twice": whole(
        "split = split_data dataset:people | seed: 3\nagain = split_data dataset:people | seed: 3",
        train="split.results_dataset1",
        test="again.results_dataset2",
    ),
    "a scale before a split that nobody judges by": "people = people\nscale = normalize_data dataset:people\n"
    + SPLIT.format("scale.transformed_dataset"),
    "a copy of the label is excluded": "people = people\n"
    "log = apply_math_operation input:people | basic_math_function: ln, columns: [salary], output_mode: append\n"
    "kept = select_columns_in_dataset dataset:log | "
    "columns: {base: all, rules: [{op: exclude, by: names, values: [Ln(salary)]}]}\n"
    + SPLIT.format("kept")
    + BY_REGRESSION,
}


@pytest.mark.parametrize(("text", "expected"), LEAKY.values(), ids=LEAKY)
def test_a_leak_is_found_at_its_wire(text: str, expected: set[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_a_sound_pipeline_is_let_be(text: str) -> None:
    assert places(text) == set()


@pytest.mark.parametrize("text", [*(text for text, _ in LEAKY.values()), *CLEAN.values()], ids=[*LEAKY, *CLEAN])
def test_the_pipelines_of_this_file_could_run(text: str) -> None:
    assert [problem.message for problem in examined(text).problems] == []


def test_there_are_enough_of_both() -> None:
    assert len(LEAKY) >= 15
    assert len(CLEAN) >= 15


def test_an_advice_names_nodes_and_says_what_to_do() -> None:
    text, _ = LEAKY["a scale is learnt before the split"]
    (one,) = advice(text)
    assert one.message == (
        "Node 'split': 'scale' takes figures from rows before 'split' divides them: "
        "test rows shape what the model is trained on"
    )
    assert one.hint.startswith("Split first")
    assert one.nodes == {"fitted": "scale", "split": "split", "test": "score"}


def test_disabled_nodes_take_no_part() -> None:
    text, _ = LEAKY["a scale is learnt before the split"]
    read_document = document(text)
    nodes = {**read_document.nodes, "score": read_document.nodes["score"].model_copy(update={"disabled": True})}
    assert places(read_document.model_copy(update={"nodes": nodes})) == set()


def test_a_dismissal_with_a_note_is_part_of_the_document() -> None:
    text, _ = LEAKY["a scale is learnt before the split"]
    before = document(text)
    note = Dismissal(advice="fitted_before_split", input="dataset", note="On purpose")
    node = before.nodes["split"].model_copy(update={"dismissed": [note]})
    dismissed = before.model_copy(update={"nodes": {**before.nodes, "split": node}})
    assert read(write(dismissed)) == dismissed
    (one,) = advice(dismissed)
    assert one.dismissed == "On purpose"


ANY_NODE = st.fixed_dictionaries(
    {
        "module": st.sampled_from(
            [
                *("split_data", "normalize_data", "smote", "train_model", "score_model", "evaluate_model", "add_rows"),
                *("tune_model_hyperparameters", "partition_and_sample", "apply_transformation", "join_data"),
                *("cross_validate_model", "apply_sql_transformation", "two_class_logistic_regression", "nothing"),
                *("filter_based_feature_selection", "train_clustering_model", "assign_data_to_clusters"),
            ]
        ),
        "inputs": st.dictionaries(
            st.sampled_from(
                [
                    *("dataset", "samples", "trained_model", "untrained_model", "transformation", "training_dataset"),
                    *("optional_validation_dataset", "left_dataset", "t1", "scored_dataset", "dataset1"),
                ]
            ),
            st.builds(
                "{}{}".format,
                st.sampled_from("abcdef"),
                st.sampled_from(["", ".results_dataset1", ".results_dataset2", ".transformed_dataset", ".nothing"]),
            ),
            max_size=3,
        ),
        "params": st.dictionaries(
            st.sampled_from(["label_column", "columns", "partition_or_sample_mode", "fold", "randomized_split"]),
            st.sampled_from(["left", ["left"], 3, None, "pick_fold", True, {"base": "all"}]),
            max_size=3,
        ),
        "disabled": st.booleans(),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from("bcdef"), ANY_NODE, max_size=5))
def test_whatever_is_drawn_gives_advice_about_wires_that_are_there(nodes: dict[str, object]) -> None:
    drawn = Document.model_validate({"nodes": {"a": {"dataset": "dated"}, **nodes}})
    for one in advice(drawn):
        assert one.input in drawn.nodes[one.node].inputs
        if one.repair:
            apply(drawn, one.repair.changes)


def hundred_nodes() -> Document:
    """A long preparation of which each node learns, a split, and ten models that are judged."""
    lines, source = ["people = people", "learner = two_class_logistic_regression"], "people"
    for number in range(67):
        lines.append(f"scale_{number} = normalize_data dataset:{source}")
        source = f"scale_{number}.transformed_dataset"
    lines.append(f"split = split_data dataset:{source}")
    for number in range(10):
        lines += [
            f"train_{number} = train_model untrained_model:learner dataset:split.results_dataset1 | label_column: left",
            f"score_{number} = score_model trained_model:train_{number} dataset:split.results_dataset2",
            f"evaluate_{number} = evaluate_model scored_dataset:score_{number}",
        ]
    return document("\n".join(lines))


def test_a_hundred_nodes_are_examined_and_advised_in_time() -> None:
    drawn = hundred_nodes()
    assert len(drawn.nodes) == 100
    examined(drawn).to_json()
    started = time.process_time()
    found = examined(drawn).to_json()["advice"]
    assert time.process_time() - started < 0.3
    assert isinstance(found, list)
    assert len(found) == 67
