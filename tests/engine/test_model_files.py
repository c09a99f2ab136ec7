"""Trained models as files: read elsewhere, they predict what they predict here."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from designer.engine.model_files.export_model import export_model
from designer.graph.export.style import complaints
from modules.anomaly_detection.train_anomaly_detection_model import train_anomaly_detection_model
from modules.kit import AnomalyDetector, Classifier, Clusterer, Context, InvalidModel, Model, Table, port_fits
from modules.model_scoring_and_evaluation.assign_data_to_clusters import assign_data_to_clusters
from modules.model_scoring_and_evaluation.score_model import score_model
from modules.model_training.train_clustering_model import train_clustering_model
from modules.model_training.train_model import train_model
from tests.modules.test_common import CATALOG, CLASS_LABEL, LEARNERS, NUMBER_LABEL, ORDINARY

pytestmark = pytest.mark.filterwarnings("ignore")

CARRIED = {"pipeline": {"format": "designer/pipeline@1", "nodes": {}}, "data": [], "node": "train"}
IN_ONNX = frozenset(
    {
        *("linear_regression", "boosted_decision_tree_regression", "decision_forest_regression"),
        *("two_class_logistic_regression", "two_class_boosted_decision_tree", "two_class_decision_forest"),
        *("multiclass_logistic_regression", "multiclass_boosted_decision_tree", "multiclass_neural_network"),
        *("two_class_neural_network", "multiclass_decision_forest", "k_means_clustering"),
    }
)
"""Learners of which ONNX is known to have a form; of others it may have one."""
PREDICT = """
import importlib.util, sys
import polars as pl
for name in ("designer", "modules"):
    assert importlib.util.find_spec(name) is None, name
for folder in sys.argv[1:]:
    for name in [name for name in sys.modules if name.startswith("modules")]:
        del sys.modules[name]
    spec = importlib.util.spec_from_file_location("predict", folder + "/predict.py")
    predict = importlib.util.module_from_spec(spec)
    sys.modules["predict"] = predict
    spec.loader.exec_module(predict)
    predict.predict(predict.load(), pl.read_ipc(folder + "/rows.arrow")).write_ipc(folder + "/scored.arrow")
"""


def rows_for(label: str) -> pl.DataFrame:
    return ORDINARY.drop({NUMBER_LABEL, CLASS_LABEL} - {label})


def trained(learner_id: str) -> tuple[Model, pl.DataFrame, pl.DataFrame]:
    """A model, the rows that it learnt from and the scores that it gives them."""
    definition = CATALOG.get(learner_id)
    seeds = {parameter.name: 0 for parameter in definition.spec.parameters if parameter.kind == "seed"}
    learner = definition.function(**seeds)
    kind = definition.spec.outputs[0].type
    label = CLASS_LABEL if port_fits(kind, Classifier) else NUMBER_LABEL
    rows = rows_for(label)
    table = Table(rows.lazy())
    if port_fits(kind, Clusterer):
        model: Any = train_clustering_model(learner, table, columns=["number", "count", "group"]).trained_model
        return model, rows, assign_data_to_clusters(model, table).frame.collect()
    model = (
        train_anomaly_detection_model(learner, table)
        if port_fits(kind, AnomalyDetector)
        else train_model(learner, table, label_column=label)
    )
    return model, rows, score_model(model, table).frame.collect()


def exported(model: Model, rows: pl.DataFrame, folder: Path, **params: Any) -> Path:
    """The folder that the archive of a model unpacks to."""
    context = Context(folder)
    file = export_model(model, Table(rows.lazy()), carried=json.dumps(CARRIED), context=context, **params)
    with zipfile.ZipFile(io.BytesIO(file.path.read_bytes())) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked" / params.get("name", "model")


def passport_in(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "designer.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def in_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, pl.DataFrame]]:
    """Every learner's model as skops, used by one interpreter that knows nothing of ours; with the scores of here."""
    found = {}
    for parameter in LEARNERS:
        learner = parameter.values[0].spec.id
        model, rows, scores = trained(learner)
        folder = exported(model, rows, tmp_path_factory.mktemp(learner), file_format="skops")
        rows.write_ipc(folder / "rows.arrow")
        found[learner] = (folder, scores)
    folders = [str(folder) for folder, _ in found.values()]
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-I", "-W", "ignore", "-c", PREDICT, *folders],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return found


@pytest.mark.parametrize("learner", [parameter.values[0].spec.id for parameter in LEARNERS])
def test_a_skops_file_predicts_the_same_elsewhere(
    learner: str, in_folders: dict[str, tuple[Path, pl.DataFrame]]
) -> None:
    folder, scores = in_folders[learner]
    assert_frame_equal(pl.read_ipc(folder / "scored.arrow"), scores, rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("learner", ["linear_regression", "two_class_averaged_perceptron"])
def test_the_program_beside_a_model_has_no_lint(learner: str, in_folders: dict[str, tuple[Path, pl.DataFrame]]) -> None:
    code = (in_folders[learner][0] / "predict.py").read_text("utf-8")
    assert complaints(code, "predict.py") == ""
    assert "import modules" not in code


def test_a_model_carries_what_made_it(in_folders: dict[str, tuple[Path, pl.DataFrame]]) -> None:
    passport = passport_in(in_folders["linear_regression"][0])
    assert {name: passport[name] for name in CARRIED} == CARRIED
    assert passport["format"] == "designer/model@1"
    assert passport["model"]["label"] == NUMBER_LABEL
    assert passport["environment"]["packages"]["polars"] == pl.__version__


def test_only_types_that_are_named_are_read(tmp_path: Path) -> None:
    import skops.io

    model, rows, _ = trained("two_class_averaged_perceptron")
    folder = exported(model, rows, tmp_path, file_format="skops")
    with pytest.raises(Exception, match="Untrusted types"):
        skops.io.load(folder / "model.skops", trusted=[])
    assert passport_in(folder)["trusted_types"] == skops.io.get_untrusted_types(file=folder / "model.skops")


@pytest.mark.parametrize("learner", [parameter.values[0].spec.id for parameter in LEARNERS])
def test_onnx_predicts_the_same_or_says_that_it_has_no_form(learner: str, tmp_path: Path) -> None:
    model, rows, _ = trained(learner)
    try:
        folder = exported(model, rows, tmp_path, file_format="onnx")
    except InvalidModel as error:
        assert learner not in IN_ONNX, error.message
        assert "has no form in ONNX" in error.message
        return
    facts = passport_in(folder)["onnx"]
    assert facts["parity"]["rows"] == rows.drop_nulls("number").height
    assert facts["parity"]["largest_difference"] < 1e-5
    assert facts["parity"]["rows_beyond"] == 0


def test_onnx_takes_each_feature_by_its_name(tmp_path: Path) -> None:
    import onnxruntime

    model, rows, scores = trained("two_class_logistic_regression")
    folder = exported(model, rows, tmp_path, file_format="onnx")
    complete = rows.drop_nulls().with_row_index()
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    feed = {
        item["name"]: complete[item["name"]].cast(pl.Float32).to_numpy().reshape(-1, 1)
        if item["type"] == "float"
        else complete[item["name"]].cast(pl.String).to_numpy().astype(object).reshape(-1, 1)
        for item in passport_in(folder)["onnx"]["inputs"]
    }
    _, shares = session.run(None, feed)
    expected = scores.filter(pl.col("number").is_not_null())["Scored Probabilities"].to_numpy()
    assert np.abs(shares[:, 1] - expected).max() < 1e-5


def test_onnx_reads_an_empty_text_as_a_missing_one(tmp_path: Path) -> None:
    learner = CATALOG.get("linear_regression").function()
    rows = pl.DataFrame({"kind": ["a", None, "b", None, "a", "b"], "price": [1.0, 5.0, 2.0, 5.5, 1.5, 2.5]})
    model = train_model(learner, Table(rows.lazy()), label_column="price")
    facts = passport_in(exported(model, rows, tmp_path, file_format="onnx"))["onnx"]
    assert facts["parity"]["rows"] == 6
    assert facts["parity"]["largest_difference"] < 1e-5


def test_onnx_needs_the_rows_that_it_is_checked_with(tmp_path: Path) -> None:
    model, _, _ = trained("linear_regression")
    with pytest.raises(InvalidModel, match="could not be checked"):
        export_model(model, None, file_format="onnx", context=Context(tmp_path))


@pytest.mark.parametrize("learner", ["linear_regression", "two_class_averaged_perceptron", "k_means_clustering"])
def test_mlflow_loads_its_folder(learner: str, tmp_path: Path) -> None:
    import mlflow.pyfunc

    model, rows, scores = trained(learner)
    folder = exported(model, rows, tmp_path, file_format="mlflow", name="cars")
    loaded = mlflow.pyfunc.load_model(str(folder))
    given = loaded.predict(rows.select(model.features).to_pandas())  # type: ignore[attr-defined]  # MLflow has no types
    added = [name for name in scores.columns if name not in rows.columns]
    # A whole number that is missing makes floats of its column in pandas.
    expected = pl.from_pandas(scores.select(added).to_pandas())
    assert_frame_equal(pl.from_pandas(given[added]), expected, rel_tol=1e-12, abs_tol=1e-12)
    assert list(loaded.metadata.get_input_schema().input_names()) == list(model.features)  # type: ignore[attr-defined]  # MLflow has no types


def test_a_model_without_a_pipeline_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InvalidModel, match="is no scikit-learn pipeline"):
        export_model(Model(), None, context=Context(tmp_path))
