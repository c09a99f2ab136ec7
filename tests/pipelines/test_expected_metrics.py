"""The figures of the sample pipelines, as they were when each was last understood."""

from pathlib import Path
from typing import Any

import pytest

from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry
from designer.graph.plan import compile_plan
from designer.graph.reading import read
from designer.store.artifacts import Store
from modules import catalog
from tests.pipelines.running import run

PIPELINES = sorted((Path(__file__).parents[2] / "samples" / "pipelines").glob("*.yaml"))

SAME = 1e-6  # processors and their libraries differ in the last digits, and trees pass that on

EXPECTED: dict[str, list[dict[str, float]]] = {
    "automobile-price": [
        {
            "Mean_Absolute_Error": 1892.6849018751202,
            "Root_Mean_Squared_Error": 2514.789978113349,
            "Relative_Squared_Error": 0.09788395748641635,
            "Relative_Absolute_Error": 0.29758245198470046,
            "Coefficient_of_Determination": 0.9021160425135837,
        }
    ],
    "automobile-price-compare": [
        {"Mean_Absolute_Error": 1813.6945758700772, "Coefficient_of_Determination": 0.9013643847588114},
        {"Mean_Absolute_Error": 1845.931573275862, "Coefficient_of_Determination": 0.8942105351506175},
    ],
    "income-two-class": [
        {
            "Accuracy": 0.836,
            "Precision": 0.7214854111405835,
            "Recall": 0.6585956416464891,
            "F1": 0.6886075949367089,
            "AUC": 0.8868634600862939,
        },
        {"Accuracy": 0.8513333333333334, "AUC": 0.902713334565891},
    ],
    "iris-multiclass": [{"Overall_Accuracy": 0.9777777777777777, "Macro_Averaged_F1": 0.9777530589543938}],
    "penguins-clustering": [
        {
            "Average_Distance_to_Other_Center": 0.7325216306839799,
            "Average_Distance_to_Cluster_Center": 0.23472974966636517,
            "Number_of_Points": 103,
            "Maximal_Distance_to_Cluster_Center": 0.6234548858802824,
        }
    ],
}


def test_every_sample_is_expected() -> None:
    assert set(EXPECTED) == {path.stem for path in PIPELINES}


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_a_sample_gives_its_figures(path: Path, store: Store, datasets: dict[str, DatasetEntry]) -> None:
    plan = compile_plan(examine(read(path.read_bytes()), catalog.load(), datasets).graph)
    [evaluation] = run(plan, store)["evaluate"].values()
    charts: Any = evaluation.meta["charts"]
    expected = EXPECTED[path.stem]
    found = [
        {name: drawn["metrics"][name] for name in known} for drawn, known in zip(charts["sets"], expected, strict=True)
    ]
    assert found == [pytest.approx(known, rel=SAME) for known in expected]
