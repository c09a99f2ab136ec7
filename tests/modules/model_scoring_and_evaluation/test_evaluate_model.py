"""Tables of figures and what is drawn of them."""

from typing import Any

import polars as pl
import pytest

from modules.kit import Context, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.model_scoring_and_evaluation.evaluate_model import evaluate_model, evaluate_model_schema

LABEL = {"y": "label", "Scored Labels": "scored_labels"}
CHANCE = {**LABEL, "Scored Probabilities": "scored_probabilities"}


def numbers(predicted: list[float | None], actual: list[float] | None = None) -> Table:
    return Table(pl.LazyFrame({"y": actual or [1.0, 2.0, 3.0, 4.0], "Scored Labels": predicted}), LABEL)


def two_classes(actual: list[Any], scored: list[Any], chance: list[float]) -> Table:
    return Table(pl.LazyFrame({"y": actual, "Scored Labels": scored, "Scored Probabilities": chance}), CHANCE)


def sets_of(result: Table) -> list[dict[str, Any]]:
    charts: Any = result.attachments["charts"]
    return charts["sets"]


def test_errors_of_numbers_and_what_is_drawn() -> None:
    context = Context()
    result = evaluate_model(numbers([0.0, 3.0, 3.0, 2.0]), context=context)
    row = result.frame.collect().row(0, named=True)
    assert list(row) == [
        "Mean_Absolute_Error",
        "Root_Mean_Squared_Error",
        "Relative_Squared_Error",
        "Relative_Absolute_Error",
        "Coefficient_of_Determination",
    ]
    assert row["Mean_Absolute_Error"] == 1.0
    assert row["Relative_Squared_Error"] == pytest.approx(1.2)
    assert context.metrics == row
    [drawn] = sets_of(result)
    assert drawn["points"] == [[1.0, 0.0], [2.0, 3.0], [3.0, 3.0], [4.0, 2.0]]
    assert sum(drawn["residual_histogram"]["counts"]) == 4


def test_at_most_2000_points_are_drawn() -> None:
    many = [float(index) for index in range(4_001)]
    [drawn] = sets_of(evaluate_model(numbers([*many], many), context=Context()))
    assert len(drawn["points"]) <= 2000


def test_two_tables_give_two_rows_left_first() -> None:
    context = Context()
    result = evaluate_model(numbers([1.0, 2.0, 3.0, 4.0]), numbers([2.0, 3.0, 4.0, 5.0]), context=context)
    assert result.frame.collect()["Mean_Absolute_Error"].to_list() == [0.0, 1.0]
    assert context.metrics["Mean_Absolute_Error"] == 0.0
    assert context.metrics["Mean_Absolute_Error (compared)"] == 1.0
    assert [drawn["name"] for drawn in sets_of(result)] == ["scored_dataset", "scored_dataset_to_compare"]


def test_rows_without_a_score_are_counted_and_left_out() -> None:
    with pytest.warns(UserWarning, match="1 row of `scored_dataset` without a label or a score left out"):
        result = evaluate_model(numbers([1.0, None, 3.0, 4.0]), context=Context())
    assert result.frame.collect()["Mean_Absolute_Error"].item() == 0.0


def test_figures_of_two_classes() -> None:
    table = two_classes(["no", "yes", "yes", "no"], ["no", "yes", "no", "yes"], [0.1, 0.9, 0.4, 0.6])
    result = evaluate_model(table, context=Context())
    expected = {"Accuracy": 0.5, "Precision": 0.5, "Recall": 0.5, "F1": 0.5, "AUC": 0.75}
    assert result.frame.collect().row(0, named=True) == expected
    [drawn] = sets_of(result)
    assert (drawn["positive"], drawn["negative"], drawn["auc"]) == ("yes", "no", 0.75)
    assert len(drawn["curve"]) == 201
    assert drawn["curve"][100] == {"threshold": 0.5, "tp": 1, "fp": 1, "tn": 1, "fn": 1}


@pytest.mark.parametrize(
    ("actual", "scored", "positive"),
    [
        ([9, 10], [9, 9], "10"),
        (["10", "9"], ["9", "9"], "9"),
        ([-1, 1], [1, 1], "1"),
        ([False, True], [False, False], "true"),
        ([1.0, 2.0], [1, 1], "2.0"),
        ([1, 2], ["1", "1"], "2"),
    ],
)
def test_the_positive_class_is_the_last_in_order(actual: list[Any], scored: list[Any], positive: str) -> None:
    result = evaluate_model(two_classes(actual, scored, [0.2, 0.3]), context=Context())
    assert sets_of(result)[0]["positive"] == positive


def test_a_single_class_is_positive_or_negative_by_its_probabilities() -> None:
    low = evaluate_model(two_classes(["no", "no"], ["no", "no"], [0.1, 0.2]), context=Context())
    high = evaluate_model(two_classes(["yes", "yes"], ["yes", "yes"], [0.8, 0.9]), context=Context())
    assert low.frame.collect()["Recall"].item() is None
    assert high.frame.collect()["Recall"].item() == 1.0


def test_figures_of_several_classes() -> None:
    names = {f"Scored Probabilities_{value}": [0.3, 0.3, 0.3] for value in "abc"}
    frame = pl.LazyFrame({"y": ["a", "b", "c"], **names, "Scored Labels": ["a", "c", "c"]})
    roles = {**LABEL, **dict.fromkeys(names, "scored_probabilities")}
    result = evaluate_model(Table(frame, roles), context=Context())
    row = result.frame.collect().row(0, named=True)
    assert row["Overall_Accuracy"] == row["Micro_Averaged_F1"] == pytest.approx(2 / 3)
    assert row["Macro_Averaged_Precision"] == pytest.approx((1 + 0 + 1 / 2) / 3)
    [drawn] = sets_of(result)
    assert drawn["classes"] == ["a", "b", "c"]
    assert drawn["matrix"] == [[1, 0, 0], [0, 0, 1], [0, 0, 1]]


def quantiles(low: list[float], high: list[float], names: tuple[str, str] = ("0.25", "0.75")) -> Table:
    columns = {f"Scored Labels_{name}": values for name, values in zip(names, (low, high), strict=True)}
    frame = pl.LazyFrame({"y": [1.0, 2.0, 3.0, 4.0], **columns})
    return Table(frame, {"y": "label", **dict.fromkeys(columns, "scored_labels")})


def test_losses_of_quantiles() -> None:
    context = Context()
    result = evaluate_model(quantiles([1.0, 1.0, 1.0, 1.0], [3.0, 3.0, 3.0, 3.0]), context=context)
    # below the label counts q times, above it 1 - q times: (0 + 1 + 2 + 3) / 4 and (0.5 + 0.25 + 0 + 0.75) / 4
    expected = {"Quantile_Loss_0.25": 0.375, "Quantile_Loss_0.75": 0.375, "Average_Quantile_Loss": 0.375}
    assert result.frame.collect().row(0, named=True) == expected
    assert context.metrics == expected
    [drawn] = sets_of(result)
    assert drawn["quantiles"] == [{"quantile": 0.25, "below": 0.25}, {"quantile": 0.75, "below": 0.75}]


def test_tables_may_hold_other_quantiles() -> None:
    left, right = quantiles([1.0] * 4, [3.0] * 4), quantiles([1.0] * 4, [3.0] * 4, ("0.1", "0.75"))
    result = evaluate_model(left, right, context=Context())
    names = ["Quantile_Loss_0.25", "Quantile_Loss_0.75", "Quantile_Loss_0.1", "Average_Quantile_Loss"]
    assert result.names == names
    assert result.frame.collect()["Quantile_Loss_0.1"].to_list() == [None, pytest.approx(0.15)]
    assert evaluate_model_schema(TableSchema.of(left), TableSchema.of(right)) == TableSchema.of(result)


def test_scores_that_are_high_for_the_other_class_are_turned_round() -> None:
    result = evaluate_model(two_classes([1, 1, 0, 1], [1, 1, 0, 0], [0.1, 0.2, 0.9, 0.6]), context=Context())
    row = result.frame.collect().row(0, named=True)
    assert row == {"Accuracy": 0.75, "Precision": 1.0, "Recall": pytest.approx(2 / 3), "F1": 0.8, "AUC": 1.0}
    assert sets_of(result)[0]["curve"][100] == {"threshold": 0.5, "tp": 2, "fp": 0, "tn": 1, "fn": 1}


def clusters(assigned: list[int], first: list[float], second: list[float]) -> Table:
    names = ("DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1")
    return Table(pl.LazyFrame({"Assignments": assigned, names[0]: first, names[1]: second}))


def test_figures_of_clusters() -> None:
    context = Context()
    table = clusters([0, 0, 1], [1.0, 3.0, 8.0], [5.0, 9.0, 0.5])
    result = evaluate_model(table, clusters([0, 0, 0], [1.0, 1.0, 1.0], [2.0, 2.0, 2.0]), context=context)
    frame = result.frame.collect()
    assert frame["Result Description"].to_list() == [
        "Combined Evaluation",
        "Evaluation For Cluster No.0",
        "Evaluation For Cluster No.1",
        "Combined Evaluation (compared)",
        "Evaluation For Cluster No.0 (compared)",
        "Evaluation For Cluster No.1 (compared)",
    ]
    assert frame["Average Distance to Cluster Center"].to_list()[:3] == [1.5, 2.0, 0.5]
    assert frame["Average Distance to Other Center"].to_list()[:3] == [pytest.approx(22 / 3), 7.0, 8.0]
    assert frame["Maximal Distance to Cluster Center"].to_list()[:3] == [3.0, 3.0, 0.5]
    assert frame["Number of Points"].to_list() == [3, 2, 1, 3, 3, 0]
    assert sets_of(result)[0]["sizes"] == [{"cluster": 0, "size": 2}, {"cluster": 1, "size": 1}]
    assert context.metrics["Average_Distance_to_Cluster_Center"] == 1.5


@pytest.mark.parametrize(
    ("left", "right", "code"),
    [
        (numbers([1.0, 2.0, 3.0, 4.0]), two_classes(["a", "b"], ["a", "b"], [0.1, 0.9]), "0062"),
        (numbers([1.0, 2.0, 3.0, 4.0]), quantiles([1.0] * 4, [2.0] * 4), "0062"),
        (Table(pl.LazyFrame({"y": [1.0], "Scored Labels": [1.0]})), None, "0024"),
        (Table(pl.LazyFrame({"y": [1.0]}), {"y": "label"}), None, "0025"),
        (numbers([None, None, None, None]), None, "0003"),
        (two_classes(["a", "b", "c"], ["a", "b", "b"], [0.1, 0.9, 0.8]), None, "0058"),
        (Table(pl.LazyFrame({"y": ["a"], "Scored Labels": [1.0]}), LABEL), None, "0058"),
        (clusters([2], [1.0], [1.0]), None, "0018"),
    ],
)
def test_what_cannot_be_judged_has_a_code(left: Table, right: Table | None, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        evaluate_model(left, right, context=Context())
    assert caught.value.code == code


@pytest.mark.parametrize(
    "table",
    [
        numbers([1.0] * 4),
        two_classes(["a", "b"], ["a", "b"], [0.1, 0.9]),
        clusters([0], [1.0], [2.0]),
        quantiles([1.0] * 4, [2.0] * 4),
    ],
    ids=["regression", "two_class", "clustering", "quantiles"],
)
def test_the_columns_are_known_before_a_run(table: Table) -> None:
    result = evaluate_model(table, context=Context())
    assert evaluate_model_schema(TableSchema.of(table)) == TableSchema.of(result)


def test_without_scores_nothing_is_known() -> None:
    assert evaluate_model_schema(None) is None
    assert evaluate_model_schema(TableSchema.of(Table(pl.LazyFrame({"y": [1]})))) is None
