"""Figures worked out by hand, and compared with scikit-learn on random labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    mean_absolute_error,
    precision_recall_fscore_support,
    r2_score,
    roc_auc_score,
    root_mean_squared_error,
)

from modules.ml.metrics import (
    average_log_loss,
    cluster_metrics,
    multiclass_metrics,
    quantile_metrics,
    regression_metrics,
    threshold_counts,
    two_class_metrics,
)
from modules.ml.metrics import confusion_matrix as own_confusion_matrix

FLAGS = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=30)


def test_regression_by_hand() -> None:
    # errors 1, -1, 0, 2; mean of the labels 2.5, deviations -1.5, -0.5, 0.5, 1.5
    found = regression_metrics(np.array([1.0, 2, 3, 4]), np.array([0.0, 3, 3, 2]))
    assert found == pytest.approx(
        {
            "Mean_Absolute_Error": 1.0,
            "Root_Mean_Squared_Error": 1.5**0.5,
            "Relative_Squared_Error": 6 / 5,
            "Relative_Absolute_Error": 4 / 4,
            "Coefficient_of_Determination": 1 - 6 / 5,
        }
    )


def test_relative_errors_of_a_constant_label_have_no_meaning() -> None:
    found = regression_metrics(np.array([2.0, 2.0]), np.array([1.0, 3.0]))
    assert found["Mean_Absolute_Error"] == 1.0
    assert found["Relative_Squared_Error"] is None
    assert found["Coefficient_of_Determination"] is None


def test_two_classes_by_hand() -> None:
    actual = np.array([True, True, True, False, False])
    said = np.array([True, True, False, True, False])
    # of the 6 pairs of a positive and a negative, 4 are in order and 1 is a tie
    found = two_class_metrics(actual, said, np.array([0.9, 0.8, 0.4, 0.8, 0.5]))
    expected = {"Accuracy": 3 / 5, "Precision": 2 / 3, "Recall": 2 / 3, "F1": 2 / 3, "AUC": 3.5 / 6}
    assert found == pytest.approx(expected)


def test_figures_without_meaning_are_none() -> None:
    nobody = np.array([False, False])
    found = two_class_metrics(nobody, nobody, np.array([0.1, 0.2]))
    assert found == {"Accuracy": 1.0, "Precision": None, "Recall": None, "F1": None, "AUC": None}


def test_counts_at_each_threshold() -> None:
    actual = np.array([True, False, True, False])
    found = threshold_counts(actual, np.array([0.0, 0.5, 0.9, 1.0]), np.array([0, 0.5, 1]))
    assert found == [
        {"threshold": 0.0, "tp": 2, "fp": 2, "tn": 0, "fn": 0},
        {"threshold": 0.5, "tp": 1, "fp": 1, "tn": 1, "fn": 1},
        {"threshold": 1.0, "tp": 0, "fp": 0, "tn": 2, "fn": 2},
    ]


@settings(deadline=None)
@given(FLAGS)
def test_counts_add_up_and_follow_the_rule_of_scoring(rows: list[tuple[bool, float]]) -> None:
    actual, probability = np.array([real for real, _ in rows]), np.array([chance for _, chance in rows])
    counts = threshold_counts(actual, probability, np.linspace(0, 1, 201))
    assert {at["tp"] + at["fn"] for at in counts} == {int(actual.sum())}
    assert {at["fp"] + at["tn"] for at in counts} == {int((~actual).sum())}
    assert counts[100]["tp"] == int((actual & (probability > 0.5)).sum())
    assert counts[100]["fp"] == int((~actual & (probability > 0.5)).sum())


def test_several_classes_by_hand() -> None:
    matrix = np.array([[2, 1, 0], [0, 3, 0], [1, 0, 0]])
    found = multiclass_metrics(matrix)
    assert found["Overall_Accuracy"] == pytest.approx(5 / 7)
    assert found["Macro_Averaged_Precision"] == pytest.approx((2 / 3 + 3 / 4 + 0) / 3)
    assert found["Macro_Averaged_Recall"] == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert found["Macro_Averaged_F1"] == pytest.approx((2 / 3 + 6 / 7 + 0) / 3)


@pytest.mark.filterwarnings("ignore:A single label")
@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_several_classes_equal_scikit_learn(rows: list[tuple[int, int]]) -> None:
    actual, said = np.array([a for a, _ in rows]), np.array([b for _, b in rows])
    classes, places = np.unique(np.concatenate([actual, said]), return_inverse=True)
    matrix = own_confusion_matrix(places[: len(rows)], places[len(rows) :], len(classes))
    assert np.array_equal(matrix, confusion_matrix(actual, said, labels=classes))
    found = multiclass_metrics(matrix)
    precision, recall, f1, _ = precision_recall_fscore_support(actual, said, average="macro", zero_division=0)
    assert found["Overall_Accuracy"] == pytest.approx(accuracy_score(actual, said))
    assert found["Macro_Averaged_Precision"] == pytest.approx(precision)
    assert found["Macro_Averaged_Recall"] == pytest.approx(recall)
    assert found["Macro_Averaged_F1"] == pytest.approx(f1)


def test_clusters_by_hand() -> None:
    distances = np.array([[1.0, 5.0, 7.0], [3.0, 9.0, 9.0], [8.0, 0.5, 4.0]])
    found = cluster_metrics(distances, np.array([0, 0, 1]), np.array([True, True, False]))
    assert found == {
        "Average Distance to Other Center": (6 + 9) / 2,
        "Average Distance to Cluster Center": 2.0,
        "Number of Points": 2.0,
        "Maximal Distance to Cluster Center": 3.0,
    }


def test_an_empty_cluster_has_no_distances() -> None:
    found = cluster_metrics(np.ones((2, 2)), np.array([0, 0]), np.array([False, False]))
    assert found["Number of Points"] == 0
    assert found["Average Distance to Cluster Center"] is None


def test_figures_of_numbers_and_of_two_classes_equal_scikit_learn() -> None:
    random = np.random.default_rng(0)
    actual, predicted = random.normal(size=(2, 200))
    found = regression_metrics(actual, predicted)
    assert found["Mean_Absolute_Error"] == pytest.approx(mean_absolute_error(actual, predicted), rel=1e-12)
    assert found["Root_Mean_Squared_Error"] == pytest.approx(root_mean_squared_error(actual, predicted), rel=1e-12)
    assert found["Coefficient_of_Determination"] == pytest.approx(r2_score(actual, predicted), rel=1e-12)
    real, chance = actual > 0, random.uniform(size=200)
    both = two_class_metrics(real, chance > 0.5, chance)
    precision, recall, f1, _ = precision_recall_fscore_support(real, chance > 0.5, average="binary")
    assert both == pytest.approx(
        {
            "Accuracy": accuracy_score(real, chance > 0.5),
            "Precision": precision,
            "Recall": recall,
            "F1": f1,
            "AUC": roc_auc_score(real, chance),
        },
        rel=1e-12,
    )


def test_the_log_loss_equals_scikit_learn_also_where_a_probability_is_0() -> None:
    shares = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.3, 0.3, 0.4]])
    actual = np.array([0, 1, 2, 1])
    expected = log_loss(actual, shares, labels=[0, 1, 2])
    assert average_log_loss(actual, shares) == pytest.approx(expected, rel=1e-12)


def test_quantile_losses_by_hand() -> None:
    # errors 2 and -1: the first costs q, the second 1 - q
    found = quantile_metrics(np.array([3.0, 1.0]), {0.1: np.array([1.0, 2.0]), 0.5: np.array([1.0, 2.0])})
    expected = {"Quantile_Loss_0.1": (0.2 + 0.9) / 2, "Quantile_Loss_0.5": (1.0 + 0.5) / 2}
    assert found == pytest.approx({**expected, "Average_Quantile_Loss": (0.55 + 0.75) / 2})
