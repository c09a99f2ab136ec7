"""Learners that scripts of users define: check them, train and use them through the sandbox."""

import ast
import warnings

import polars as pl

from modules.kit import Sandbox, ScriptLearner, ScriptModel, Table
from modules.kit.errors import (
    DuplicateColumn,
    EmptyInput,
    FeatureMissing,
    MissingLabel,
    ScriptFailed,
)
from modules.kit.names import counted
from modules.kit.ports import NoPipeline
from modules.ml.columns import check_types, family_of, present
from modules.ml.scores import LABELS, PROBABILITIES

CLASSES = ("AzureMLModel", "PythonModel")
METHODS = {"train": ("df_train", "df_label"), "predict": ("df",)}


def check_learner_script(script: str) -> None:
    """Check, without running it, that a script defines a learner; raises 0085 with the line."""
    try:
        tree = ast.parse(script)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        place = f" in line {line}" if line else ""
        raise ScriptFailed(f"The script cannot be read{place}: {error}", parameter="script") from None
    defined = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    found = next((defined[name] for name in CLASSES if name in defined), None)
    if found is None:
        raise ScriptFailed(
            f"The script defines no class `{CLASSES[0]}`", parameter="script", hint="The name counts, letter by letter."
        )
    methods = {node.name: node for node in found.body if isinstance(node, ast.FunctionDef)}
    for name, wanted in METHODS.items():
        if name not in methods and not found.bases:
            raise ScriptFailed(
                f"The class `{found.name}` in line {found.lineno} has no method `{name}(self, {', '.join(wanted)})`",
                parameter="script",
            )
        if name in methods and not _takes(methods[name].args, len(wanted) + 1):
            raise ScriptFailed(
                f"The method `{name}` in line {methods[name].lineno} is expected as "
                f"`{name}(self, {', '.join(wanted)})`",
                parameter="script",
            )


def _takes(arguments: ast.arguments, number: int) -> bool:
    """Whether a call with so many positional arguments goes through."""
    positional = len(arguments.posonlyargs) + len(arguments.args)
    needed = positional - len(arguments.defaults)
    named_needed = sum(default is None for default in arguments.kw_defaults)
    return needed <= number and (arguments.vararg is not None or number <= positional) and not named_needed


def train_script(learner: ScriptLearner, dataset: Table, label_column: str, sandbox: Sandbox) -> ScriptModel:
    """Train a script's learner on the rows that have a label; the features arrive as they are."""
    features = [name for name in dataset.columns_with("feature") if name != label_column]
    if not features:
        raise FeatureMissing("No feature column is left beside the label", port="dataset")
    schema = dataset.frame.collect_schema()
    rows = dataset.frame.select(*features, label_column).collect()
    if rows.is_empty():
        raise EmptyInput(port="dataset", hint="There is no row to learn from.")
    kept = rows.filter(present(label_column, schema[label_column]).is_not_null())
    if kept.is_empty():
        raise MissingLabel(f"Column `{label_column}` has no value to learn from", column=label_column, port="dataset")
    if kept.height < rows.height:
        warnings.warn(f"{counted(rows.height - kept.height, 'row')} without a label left out", stacklevel=3)
    state = sandbox.train_python(
        learner.script, Table(kept.select(features).lazy()), Table(kept.select(label_column).lazy())
    )
    return ScriptModel(
        pipeline=NoPipeline(),
        task="script",
        label=label_column,
        features=tuple(features),
        kind="python_model",
        details={
            "types": {name: family_of(schema[name]) for name in features},
            "rows": kept.height,
            "rows_left_out": rows.height - kept.height,
        },
        script=learner.script,
        state=state,
    )


def scores_of_script(model: ScriptModel, dataset: Table, sandbox: Sandbox) -> pl.DataFrame:
    """What the script says of each row; raises 0001 and 0016 for features, 0028 and 0085 for what it says."""
    check_types(dataset, model.details["types"], port="dataset")
    rows = dataset.frame.select(model.features).collect()
    if rows.is_empty():
        raise EmptyInput(port="dataset", hint="There is no row to score.")
    scores = sandbox.predict_python(model.script, model.state, Table(rows.lazy()))
    if scores.height != rows.height:
        raise ScriptFailed(
            f"`predict` returned {counted(scores.height, 'row')} for {counted(rows.height, 'row')}; as many are needed",
            hint="A row that cannot be scored may hold missing values.",
        )
    taken = set(dataset.names)
    for name in scores.columns:
        if name in taken:
            raise DuplicateColumn(name, port="dataset")
    return scores


def role_of_score(name: str) -> str | None:
    """The role of a column that a script's learner gives: one that is named as those of Score Model has theirs."""
    if name == LABELS:
        return "scored_labels"
    return "scored_probabilities" if name == PROBABILITIES or name.startswith(f"{PROBABILITIES}_") else None
