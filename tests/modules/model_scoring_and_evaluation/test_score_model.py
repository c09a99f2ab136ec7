"""Scores, their columns and their roles."""

import polars as pl
import pytest

from modules.classification.multiclass_logistic_regression import multiclass_logistic_regression
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.clustering.k_means_clustering import k_means_clustering
from modules.kit import ColumnSchema, ModelSchema, PredictiveModel, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.model_scoring_and_evaluation.score_model import score_model, score_model_schema
from modules.model_training.train_clustering_model import train_clustering_model
from modules.model_training.train_model import train_model
from modules.regression.boosted_decision_tree_regression import boosted_decision_tree_regression
from modules.regression.fast_forest_quantile_regression import fast_forest_quantile_regression
from modules.regression.linear_regression import linear_regression

ROWS = pl.DataFrame(
    {
        "size": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        "colour": ["red", "blue", "red", "blue", "red", "blue"],
        "price": [2.0, 4.0, 6.0, 8.0, 10.0, 12.0],
        "sold": pl.Series(["no", "no", "no", "yes", "yes", "yes"]),
        "grade": pl.Series([1, 1, 2, 2, 3, 3], dtype=pl.Int32),
    }
)


@pytest.fixture(scope="module")
def line() -> PredictiveModel:
    return train_model(
        linear_regression(l2_regularization_weight=0.0),
        Table(ROWS.select("size", "price").lazy()),
        label_column="price",
    )


def model_of(label: str) -> PredictiveModel:
    learner = two_class_logistic_regression() if label == "sold" else multiclass_logistic_regression()
    return train_model(learner, Table(ROWS.select("size", "colour", label).lazy()), label_column=label)


def test_a_regression_adds_labels_at_the_end(line: PredictiveModel) -> None:
    scored = score_model(line, Table(ROWS.lazy()))
    frame = scored.frame.collect()
    assert frame.columns == [*ROWS.columns, "Scored Labels"]
    assert frame["Scored Labels"].to_list() == pytest.approx(ROWS["price"].to_list())
    assert scored.roles == {"price": "label", "Scored Labels": "scored_labels"}


def test_columns_are_found_by_name_and_the_label_is_not_needed(line: PredictiveModel) -> None:
    scored = score_model(line, Table(pl.LazyFrame({"more": ["x"], "size": [10]})))
    assert scored.frame.collect().row(0) == ("x", 10, pytest.approx(20.0))


def test_only_scores_and_label_are_kept_on_demand(line: PredictiveModel) -> None:
    scored = score_model(line, Table(ROWS.lazy()), append_score_columns_to_output=False)
    assert scored.names == ["price", "Scored Labels"]


def test_two_classes_add_the_probability_of_the_positive_one() -> None:
    scored = score_model(model_of("sold"), Table(ROWS.lazy(), {"grade": "label"}))
    frame = scored.frame.collect()
    assert frame.columns[-2:] == ["Scored Labels", "Scored Probabilities"]
    assert frame["Scored Labels"].to_list() == ROWS["sold"].to_list()
    assert (frame["Scored Probabilities"] > 0.5).to_list() == [False, False, False, True, True, True]
    assert scored.roles == {
        "sold": "label",
        "Scored Labels": "scored_labels",
        "Scored Probabilities": "scored_probabilities",
    }


def test_more_classes_add_a_probability_each_before_the_labels() -> None:
    frame = score_model(model_of("grade"), Table(ROWS.lazy())).frame.collect()
    names = ["Scored Probabilities_1", "Scored Probabilities_2", "Scored Probabilities_3"]
    assert frame.columns[-4:] == [*names, "Scored Labels"]
    assert frame["Scored Labels"].dtype == pl.Int32
    assert frame.select(pl.sum_horizontal(names)).to_series().to_list() == pytest.approx([1.0] * 6)


@pytest.mark.parametrize("label", ["sold", "grade"])
def test_scores_equal_those_of_the_plain_pipeline(label: str) -> None:
    model = model_of(label)
    frame = score_model(model, Table(ROWS.lazy())).frame.collect()
    matrix = ROWS.select("size", "colour").to_numpy()
    assert frame["Scored Labels"].to_list() == model.pipeline.predict(matrix).tolist()
    last = frame.select(pl.col("^Scored Probabilities.*$")).to_series(-1)
    assert last.to_list() == pytest.approx(model.pipeline.predict_proba(matrix)[:, -1].tolist())


def test_a_row_that_lacks_a_number_gets_no_score(line: PredictiveModel) -> None:
    with pytest.warns(UserWarning, match="2 rows with a missing number left unscored"):
        scored = score_model(line, Table(pl.LazyFrame({"size": [1.0, None, float("nan"), 4.0]})))
    found = scored.frame.collect()["Scored Labels"].to_list()
    assert found == [pytest.approx(2.0), None, None, pytest.approx(8.0)]


@pytest.mark.filterwarnings("ignore")
def test_no_row_at_all_may_be_scorable() -> None:
    frame = score_model(model_of("sold"), Table(ROWS.with_columns(size=pl.lit(None)).lazy())).frame.collect()
    assert frame["Scored Labels"].null_count() == frame["Scored Probabilities"].null_count() == 6
    assert frame.schema["Scored Labels"] == pl.String


def test_boosted_trees_score_rows_with_missing_numbers() -> None:
    learner = boosted_decision_tree_regression(samples_per_leaf=1, seed=0)
    model = train_model(learner, Table(ROWS.lazy()), label_column="price")
    frame = score_model(model, Table(ROWS.with_columns(size=pl.lit(None, pl.Float64)).lazy())).frame.collect()
    assert frame["Scored Labels"].null_count() == 0


def test_new_categories_and_an_empty_table_are_scored() -> None:
    model = model_of("sold")
    assert score_model(model, Table(ROWS.with_columns(colour=pl.lit("pink")).lazy())).frame.collect().height == 6
    assert score_model(model, Table(ROWS.clear().lazy())).frame.collect().height == 0


def test_scoring_twice_replaces_the_scores(line: PredictiveModel) -> None:
    once = score_model(line, Table(ROWS.lazy()))
    assert score_model(line, once).names == once.names


@pytest.mark.parametrize(
    ("frame", "code"), [(ROWS.drop("size"), "0001"), (ROWS.with_columns(size=pl.lit("big")), "0016")]
)
def test_unfit_columns_have_a_code(line: PredictiveModel, frame: pl.DataFrame, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        score_model(line, Table(frame.lazy()))
    assert (caught.value.code, caught.value.column) == (code, "size")


@pytest.mark.parametrize("label", ["price", "sold"])
@pytest.mark.parametrize("append", [True, False])
def test_the_columns_are_known_before_a_run(label: str, append: bool) -> None:
    learner = linear_regression() if label == "price" else two_class_logistic_regression()
    table = Table(ROWS.lazy(), {"grade": "label"})
    scored = score_model(train_model(learner, table, label_column=label), table, append_score_columns_to_output=append)
    model = ModelSchema("regression" if label == "price" else "two_class", label)
    assert score_model_schema(model, TableSchema.of(table), append) == TableSchema.of(scored)


def test_columns_that_the_data_decides_are_unknown() -> None:
    table = TableSchema((ColumnSchema("size", "Float64"),))
    assert score_model_schema(ModelSchema("multiclass", "grade"), table, True) is None
    assert score_model_schema(ModelSchema("two_class", "sold"), table, True) is None
    assert score_model_schema(None, table, True) is None


def test_another_kind_of_model_has_a_code() -> None:
    table = Table(ROWS.select("size").lazy())
    clusters = train_clustering_model(k_means_clustering(seed=0), table, columns=["size"]).trained_model
    with pytest.raises(ModuleError) as caught:
        score_model(clusters, table)  # type: ignore[arg-type]  # a wrong one on purpose
    assert (caught.value.code, caught.value.port) == ("0013", "trained_model")


def test_quantiles_have_a_column_each_and_their_columns_are_known() -> None:
    learner = fast_forest_quantile_regression(quantiles="0.1; 0.9", number_of_trees=2, bagging_fraction=1.0)
    table = Table(ROWS.lazy(), {"grade": "label"})
    scored = score_model(train_model(learner, table, label_column="price"), table)
    assert scored.names[-2:] == ["Scored Labels_0.1", "Scored Labels_0.9"]
    assert scored.roles["Scored Labels_0.9"] == "scored_labels"
    known = ModelSchema("quantile_regression", "price", classes=(0.1, 0.9))
    assert score_model_schema(known, TableSchema.of(table), True) == TableSchema.of(scored)
