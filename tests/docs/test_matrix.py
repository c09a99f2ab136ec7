"""The table of the modules tells what is so, and gives a reason where something is not."""

import json

import pytest

from modules import catalog
from modules.kit.errors import ERRORS
from tests.docs.laziness import KEPT, measure_all
from tests.docs.matrix import DEVIATIONS, IN_MEMORY, PAGE, is_met, page
from tests.docs.parity import FACTS, differences, is_of_the_reference

CATALOG = catalog.load()
pytestmark = pytest.mark.filterwarnings("ignore")


def test_the_table_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_what_is_lazy_is_measured() -> None:
    assert json.loads(KEPT.read_text("utf-8")) == measure_all()


def test_what_takes_all_rows_into_memory_says_why() -> None:
    collects = {module for module, found in json.loads(KEPT.read_text("utf-8")).items() if found == "collects"}
    assert set(IN_MEMORY) == collects


def test_every_difference_from_the_reference_has_a_reason_and_every_reason_a_difference() -> None:
    found = {spec.id: set(differences(spec)) for spec in CATALOG.specs() if is_of_the_reference(spec)}
    assert {module: items for module, items in found.items() if items} == {
        module: set(reasons) for module, reasons in DEVIATIONS.items()
    }


def test_a_missing_port_parameter_or_default_is_a_difference() -> None:
    spec = CATALOG.get("split_data").spec
    fewer = spec.model_copy(update={"parameters": spec.parameters[1:], "outputs": spec.outputs[:1]})
    assert {"Splitting mode", "outputs: Results dataset1, Results dataset2"} <= set(differences(fewer))
    other = spec.parameters[1].model_copy(update={"default": 0.6})
    changed = spec.model_copy(update={"parameters": (spec.parameters[0], other, *spec.parameters[2:])})
    assert "default of Fraction of rows in the first output dataset: 0.5" in set(differences(changed))


def test_an_error_that_no_test_names_is_not_met() -> None:
    definition = CATALOG.get("split_data")
    assert is_met(definition, ERRORS["0021"], [definition.entry.partition(":")[0]])
    assert not is_met(definition, ERRORS["0079"], [definition.entry.partition(":")[0]])


def test_the_library_has_the_modules_of_the_reference() -> None:
    titles = {spec.title.lower() for spec in CATALOG.specs()}
    assert {title for title in FACTS if title.lower() not in titles} == set()
