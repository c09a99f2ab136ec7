"""Write docs/modules.md: what holds of each module, read from declarations and tests.

`python -m tests.docs.matrix [--check]`
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from designer.docs.examples import example_ids
from designer.docs.failures import ENGINE, SELECTION, places_of_failures
from modules import catalog
from modules.kit import Definition, ModuleError
from tests.docs.laziness import KEPT
from tests.docs.parity import differences, is_of_the_reference
from tests.docs.test_examples import NOT_AS_A_PROGRAM
from tests.modules.test_common import needs_a_sandbox

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "modules.md"
TESTS = ROOT / "tests"
DEVIATIONS: Mapping[str, Mapping[str, str]] = yaml.safe_load(
    Path(__file__).with_name("deviations.yaml").read_text("utf-8")
)
IN_MEMORY: Mapping[str, str] = {
    "apply_sql_transformation": "the engine of the queries is given whole tables",
    "assign_data_to_clusters": "scores hold rows in memory",
    "calibrate_model": "learns from all rows",
    "convert_word_to_vector": "learns from all texts",
    "cross_validate_model": "learns from all rows",
    "evaluate_model": "curves and charts need all scores",
    "evaluate_recommender": "compares all ratings",
    "execute_python_script": "scripts are given pandas frames",
    "execute_r_script": "scripts are given data frames of R",
    "explain_model": "scores hold rows in memory",
    "extract_n_gram_features_from_text": "the vocabulary needs all texts",
    "filter_based_feature_selection": "scores of features need all rows",
    "group_data_into_bins": "quantiles need all rows",
    "latent_dirichlet_allocation": "learns from all texts",
    "partial_dependence": "scores hold rows in memory",
    "permutation_feature_importance": "shuffles all rows",
    "profile_data": "quantiles and relations need all rows",
    "score_model": "scores hold rows in memory",
    "score_svd_recommender": "scores hold rows in memory",
    "smote": "neighbours are looked for among all rows",
    "split_by_time": "the cut needs the times of all rows",
    "summarize_data": "quantiles need all rows",
    "target_encoding": "means of the folds need all rows",
    "train_anomaly_detection_model": "learns from all rows",
    "train_clustering_model": "learns from all rows",
    "train_model": "learns from all rows",
    "train_svd_recommender": "learns from all ratings",
    "tune_model_hyperparameters": "learns from all rows",
}
"""Why a module takes all rows into memory."""
INTRODUCTION = """# The modules

What holds of each, made from declarations and tests by `make docs`. Only the reasons are written by hand.

- **Reference**: ports, parameters and defaults are those of the reference. *Ours* is what the reference lacks.
- **Columns**: those that are told before a run are those that come out, over generated tables
  (`tests/modules/test_schema_truth.py`).
- **Lazy**: rows pass as a stream, so that a table may be larger than memory. Measured (`tests/docs/laziness.py`).
- **Export**: the example, as a plain Python program that imports nothing of ours, gives the same
  (`tests/docs/test_examples.py`).
- **Errors**: each error that the module can raise is met in a test. One that shared code raises counts where a test
  meets it in any module that uses this code.
- **Page**: documentation with an example that the tests run."""


@dataclass(frozen=True)
class Row:
    """The cells of a module: yes, a dash where there is nothing to hold, or what is missing."""

    title: str
    page: str
    cells: tuple[str, ...]


def rows() -> Iterator[tuple[str, Row]]:
    """Every module with its category."""
    for spec in catalog.load().specs():
        definition = catalog.load().get(spec.id)
        cells = (
            reference(definition),
            columns(definition),
            lazy(definition),
            NOT_AS_A_PROGRAM.get(spec.id, "yes"),
            errors(definition),
            "yes" if spec.id in example_ids() else "no example",
        )
        yield spec.category, Row(spec.title, f"modules/{spec.id}.md", cells)


def reference(definition: Definition) -> str:
    """Whether a module is as the reference has it; where not, why."""
    spec = definition.spec
    if not is_of_the_reference(spec):
        return "ours"
    reasons = DEVIATIONS.get(spec.id, {})
    found = [f"{item} ({reasons.get(item, 'no reason is given')})" for item in differences(spec)]
    return f"but for: {'; '.join(found)}" if found else "yes"


def columns(definition: Definition) -> str:
    """The same condition under which the test of the promises looks at a module."""
    if not any("Table" in port.type for port in definition.spec.outputs):
        return "–"
    if needs_a_sandbox(definition.spec) or definition.spec.id == "execute_r_script":
        return "known after a run: the script decides"
    return "yes"


def lazy(definition: Definition) -> str:
    """As it was measured; where all rows are taken into memory, why."""
    found = json.loads(KEPT.read_text("utf-8")).get(definition.spec.id, "not measured")
    if found == "collects":
        return IN_MEMORY.get(definition.spec.id, "no reason is given")
    return {"lazy": "yes", "takes no table": "–"}.get(found, found)


def errors(definition: Definition) -> str:
    """Whether each error is met in a test; where not, which are not."""
    found = places_of_failures(definition)
    untested = [cls.code for cls, places in found.items() if not is_met(definition, cls, places)]
    if untested:
        return f"untested: {', '.join(untested)}"
    return "yes" if found else "–"


def is_met(definition: Definition, cls: type[ModuleError], places: list[str]) -> bool:
    """Whether a test of the module, or of the shared code that raises an error, names the error."""
    shared = [place for place in places if place != definition.entry.partition(":")[0]]
    users = {definition.spec.id, *(user for place in shared for user in users_of()[cls, place])}
    texts = [text for module in users for text in tests_of(module)]
    for place in shared:
        texts += tests_in(place)
    return any(re.search(rf'\b{cls.__name__}\b|"{cls.code}"', text) for text in texts)


@cache
def users_of() -> Mapping[tuple[type[ModuleError], str], list[str]]:
    """The modules that can come to an error in a certain file."""
    found = defaultdict(list)
    for definition in catalog.load():
        for cls, places in places_of_failures(definition).items():
            for place in places:
                found[cls, place].append(definition.spec.id)
    return found


@cache
def tests_of(module: str) -> list[str]:
    """The tests that call a module by name."""
    return [text for path, text in sources().items() if "modules" in path.parts and re.search(rf"\b{module}\b", text)]


def tests_in(place: str) -> list[str]:
    """The tests of shared code."""
    if place == ENGINE:
        return [text for path, text in sources().items() if "engine" in path.parts]
    names = [f"test_{place.rpartition('.')[2]}.py", *(["test_column_selections.py"] if place == SELECTION else [])]
    return [text for path, text in sources().items() if path.name in names]


@cache
def sources() -> Mapping[Path, str]:
    """The text of every test."""
    return {path.relative_to(ROOT): path.read_text("utf-8") for path in TESTS.rglob("test_*.py")}


def page() -> str:
    """The page as Markdown."""
    lines, last = [INTRODUCTION], ""
    for category, row in rows():
        if category != last:
            lines.append(
                f"\n## {category}\n\n| module | reference | columns | lazy | export | errors | page |\n"
                "|---|---|---|---|---|---|---|"
            )
            last = category
        lines.append(f"| [{row.title}]({row.page}) | " + " | ".join(row.cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" not in sys.argv:
        PAGE.write_text(page(), "utf-8")
    elif not PAGE.is_file() or PAGE.read_text("utf-8") != page():
        sys.exit("docs/modules.md is out of date: run `make docs`")
