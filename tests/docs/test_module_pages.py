"""The pages of modules tell what is declared, and are up to date."""

import pytest

from designer.docs.__main__ import pages
from designer.docs.failures import failures_of
from designer.docs.module_pages import module_page, parameters_of
from designer.docs.words import condition_of, default_of, kind_of
from modules import catalog
from modules.kit import ModuleSpec, Parameter

CATALOG = catalog.load()


def spec(module: str) -> ModuleSpec:
    return CATALOG.get(module).spec


def parameter(module: str, name: str) -> Parameter:
    found = spec(module).parameter(name)
    assert found is not None
    return found


def test_every_generated_page_is_up_to_date() -> None:
    stale = [path.name for path, text in pages() if not path.is_file() or path.read_text("utf-8") != text]
    assert stale == []


@pytest.mark.parametrize("module", CATALOG.ids)
def test_a_page_tells_all_that_is_declared(module: str) -> None:
    definition = CATALOG.get(module)
    page = module_page(definition)
    declared = definition.spec
    assert page.startswith(f"# {declared.title}\n")
    assert declared.summary in page
    named = [*declared.inputs, *declared.outputs, *declared.parameters]
    assert [item.name for item in named if f"`{item.name}`" not in page] == []
    assert "```yaml" in page


def test_bounds_and_defaults_are_told_in_words() -> None:
    fraction = parameter("split_data", "fraction_of_rows")
    assert (kind_of(fraction), default_of(fraction)) == ("number from 0 to 1", "`0.5`")
    assert kind_of(parameter("split_data", "seed")) == "seed, a whole number from 0 to 4,294,967,295"
    assert kind_of(parameter("train_svd_recommender", "learning_rate")) == "number up to 2 greater than 0"
    assert default_of(parameter("train_model", "label_column")) == "must be set"
    assert default_of(parameter("normalize_data", "columns")) == "columns that are numeric"


def test_conditions_are_told_in_titles() -> None:
    declared = spec("split_data")
    assert condition_of(parameter("split_data", "seed"), declared) == "Splitting mode is Split rows"
    assert condition_of(parameter("split_data", "splitting_mode"), declared) == ""


def test_choices_stand_with_what_a_document_writes() -> None:
    [mode] = [fact for fact in parameters_of(spec("split_data")) if fact.name == "splitting_mode"]
    assert "Relative expression `relative_expression`" in mode.takes


def codes(module: str) -> list[str]:
    return [cls.code for cls in failures_of(CATALOG.get(module))]


def test_errors_are_found_where_they_are_raised_directly_and_in_what_is_used() -> None:
    assert {"0021", "0017"} <= set(codes("split_data"))
    assert {"0014", "0058", "0134"} <= set(codes("train_model"))


def test_errors_of_the_engine_are_found_by_what_a_module_asks_of_it() -> None:
    assert "0085" in codes("execute_python_script")
    assert "0085" not in codes("split_data")


def test_a_module_without_columns_to_choose_has_no_errors_of_choosing() -> None:
    assert not {"0001", "0011"} & set(codes("add_columns"))
