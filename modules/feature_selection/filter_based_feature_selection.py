"""Filter Based Feature Selection: keep the columns that tell most about a label."""

from typing import Annotated, Literal, NamedTuple

import polars as pl

from modules.kit import Column, Context, Learns, Param, Port, Table, TableSchema, module
from modules.kit.errors import FeatureMissing, NotGreater, UnsuitableTarget, WrongColumnType
from modules.kit.names import listed
from modules.kit.schema import SCORE_ROLES
from modules.ml.columns import family_of, is_missing, is_text
from modules.ml.relevance import chi_squared, correlation, is_scorable

Method = Literal["pearson_correlation", "chi_squared"]


class Selected(NamedTuple):
    """The table with the best features, and the scores of all."""

    filtered_dataset: Annotated[Table, Port(help="The target column and the best features")]
    features: Annotated[Table, Port(help="The score of each feature, in one row, the best first")]


@module(learns=Learns("columns"))
def filter_based_feature_selection(
    dataset: Annotated[Table, Port(title="Input dataset", help="The table with the target and the features")],
    *,
    feature_scoring_method: Annotated[
        Method,
        Param(
            "How a feature is compared with the target",
            titles={"pearson_correlation": "PearsonCorrelation", "chi_squared": "ChiSquared"},
        ),
    ] = "pearson_correlation",
    operate_on_feature_columns_only: Annotated[
        bool, Param("Score columns that count as features; off scores those whose feature flag is cleared, too")
    ] = True,
    target_column: Annotated[Column, Param("The column that the features are to tell")],
    number_of_desired_features: Annotated[int, Param("How many of the best to keep", ge=1)] = 1,
    context: Context,
) -> Selected:
    """Score each feature against a target column, and keep the best.

    Pearson's correlation takes numbers, and true and false as 1 and 0; its absolute value is given. Against text or a
    category, each category stands for the mean of the feature in its rows. Chi-squared takes text as well; numbers
    with more than 10 values are put into 10 bins of as many rows. Rows where one of both is missing are left out. A
    column that cannot be scored gets 0, and the log names it. Labels and scores are never scored. Equal scores keep
    the order of the table, and so do the columns that are kept.

    Select on training data, and give the columns to test data by Select Columns Transform and Apply Transformation:
    another table may well prefer other columns.
    """
    if number_of_desired_features < 1:
        raise NotGreater(parameter="number_of_desired_features", bound=0, actual=number_of_desired_features)
    schema = dataset.frame.collect_schema()
    _check_target(dataset, target_column, schema)
    names = _candidates(TableSchema.of(dataset), target_column, only_features=operate_on_feature_columns_only)
    if not names:
        raise FeatureMissing("No column is left to be scored", port="dataset", hint="Flag columns as features.")
    label = dataset.frame.select(target_column).collect().to_series()
    scores = {name: _score(dataset, name, schema[name], label, feature_scoring_method) for name in names}
    left_out = [name for name, score in scores.items() if score is None]
    if left_out:
        context.log(f"These columns cannot be scored by this method and get 0: {listed(left_out)}")
    ranked = sorted(names, key=lambda name: -(scores[name] or 0.0))
    kept = {target_column, *ranked[:number_of_desired_features]}
    filtered = dataset.with_frame(dataset.frame.select([name for name in schema if name in kept]))
    features = pl.LazyFrame({name: [scores[name] or 0.0] for name in ranked})
    return Selected(filtered, Table(features))


def _check_target(dataset: Table, name: str, schema: pl.Schema) -> None:
    """Raise 0017 for a target of another type, and 0023 for one without values."""
    if not (is_scorable(schema[name]) or schema[name] == pl.Null):
        raise WrongColumnType(
            name,
            found=family_of(schema[name]),
            expected="a number, text or true or false",
            port="dataset",
            parameter="target_column",
        )
    if dataset.frame.select(is_missing(name, schema[name]).all()).collect().item():
        raise UnsuitableTarget(
            f"Column `{name}` holds no value to score the features against",
            column=name,
            port="dataset",
            parameter="target_column",
        )


def _candidates(schema: TableSchema, target: str, *, only_features: bool) -> list[str]:
    """The columns that are scored, in table order."""
    never = {"label", *SCORE_ROLES}
    return [
        column.name
        for column in schema.columns
        if column.name != target and (column.role == "feature" if only_features else column.role not in never)
    ]


def _score(dataset: Table, name: str, dtype: pl.DataType, label: pl.Series, method: Method) -> float | None:
    """The score of a feature; None where the method does not work on its type."""
    if not is_scorable(dtype) or (method == "pearson_correlation" and is_text(dtype)):
        return None
    feature = dataset.frame.select(name).collect().to_series()
    label_is_category = is_text(label.dtype) or label.name in dataset.categorical
    if method == "pearson_correlation":
        return correlation(feature, label, is_category=label_is_category)
    is_category = name in dataset.categorical
    return chi_squared(feature, label, feature_is_category=is_category, label_is_category=label_is_category)


@filter_based_feature_selection.schema
def filter_based_feature_selection_schema(
    dataset: TableSchema | None,
    operate_on_feature_columns_only: bool,
    target_column: str,
    number_of_desired_features: int,
) -> tuple[TableSchema | None, None]:
    """Which features are the best depends on the values, unless all are kept."""
    if dataset is None:
        return None, None
    names = _candidates(dataset, target_column, only_features=operate_on_feature_columns_only)
    if number_of_desired_features < len(names):
        return None, None
    return dataset.select([name for name in dataset.names if name == target_column or name in names]), None
