"""The figures of the sample pipelines, as they were when each was last understood: samples/figures.yaml."""

from collections.abc import Callable
from pathlib import Path

import pytest

from designer.docs.samples import sample_facts
from designer.store.artifacts import Store
from tests.pipelines.running import PIPELINES, Ran

pytestmark = pytest.mark.filterwarnings("ignore")

SAME = 1e-6  # processors and their libraries differ in the last digits, and trees pass that on


def test_every_sample_is_expected() -> None:
    assert set(sample_facts()) == {path.stem for path in PIPELINES}


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_a_sample_gives_its_figures(path: Path, store: Store, ran: Callable[[Path], Ran]) -> None:
    outputs = ran(path).outputs
    expected = sample_facts()[path.stem].figures
    rows = []
    for figures in expected:
        node, _, port = figures.output.partition(".")
        row = store.load_table(outputs[node][port].digest).frame.collect().row(figures.row, named=True)
        rows.append({name: row[name] for name in figures.values})
    assert rows == [pytest.approx(figures.values, rel=SAME) for figures in expected]


def test_what_is_known_to_lie_near_the_published_runs_still_does() -> None:
    """One of each kind: a regression, a rare class and a graph with scripts."""
    for name, figure, within in [
        ("automobile-price", "Coefficient_of_Determination", 0.05),
        ("customer-churn", "AUC", 0.05),
        ("flight-delay", "Accuracy", 0.05),
    ]:
        facts = sample_facts()[name]
        assert facts.figures[0].values[figure] == pytest.approx(facts.published[0].values[figure], abs=within)
