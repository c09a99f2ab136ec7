"""What a split has put on both sides, and which columns give others away."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.ml.leaks import Fact, facts_of_split, names_a_thing

ROWS = 600


def facts(frame: pl.DataFrame, kind: str, *, share: float = 0.7, seed: int = 0) -> list[Fact]:
    left = pl.Series(np.random.default_rng(seed).random(frame.height) < share)
    found = facts_of_split(frame.filter(left).lazy(), frame.filter(~left).lazy())
    return [fact for fact in found if fact["fact"] == kind]


def told(frame: pl.DataFrame, column: str) -> dict[str, list[str]]:
    """What tells a column, by how."""
    return {fact["how"]: fact["by"] for fact in facts(frame, "determined") if fact["column"] == column}


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture
def plain(rng: np.random.Generator) -> pl.DataFrame:
    """Columns that have nothing to do with each other."""
    return pl.DataFrame(
        {
            "x": rng.normal(size=ROWS),
            "y": rng.normal(size=ROWS),
            "city": rng.choice(["Ulm", "Bonn", "Kiel", None], ROWS).tolist(),
            "left": rng.choice(["yes", "no"], ROWS).tolist(),
            "count": rng.integers(0, 400, ROWS),
        }
    )


def test_columns_that_have_nothing_to_do_with_each_other_tell_nothing(plain: pl.DataFrame) -> None:
    left, right = plain.head(400).lazy(), plain.tail(200).lazy()
    assert facts_of_split(left, right) == []


def test_the_same_values_under_another_name_tell_a_column(plain: pl.DataFrame) -> None:
    frame = plain.with_columns(pl.col("left").replace({"yes": "1", "no": "0"}).alias("status"))
    assert told(frame, "left") == {"values": ["status"]}
    assert told(frame, "status") == {"values": ["left"]}


def test_a_finer_column_tells_a_coarser_one_and_not_the_reverse(plain: pl.DataFrame, rng: np.random.Generator) -> None:
    town = pl.Series("town", rng.integers(0, 30, ROWS))
    frame = plain.with_columns(town, (town % 3).alias("region"))
    assert told(frame, "region") == {"values": ["town"]}
    assert told(frame, "town") == {}


def test_a_group_tells_a_number_that_its_rows_share(plain: pl.DataFrame, rng: np.random.Generator) -> None:
    town = pl.Series("town", rng.integers(0, 40, ROWS))
    frame = plain.with_columns(town, pl.Series("rent", rng.normal(size=40)).gather(town))
    assert told(frame, "rent")["values"] == ["town"]


def test_a_threshold_tells_a_class(plain: pl.DataFrame) -> None:
    frame = plain.with_columns((pl.col("x") > 0.3).alias("late"))
    assert told(frame, "late") == {"order": ["x"]}


def test_another_unit_tells_a_number(plain: pl.DataFrame) -> None:
    frame = plain.with_columns((-pl.col("x") * 1300).alias("dollars"))
    assert told(frame, "x") == {"line": ["dollars"]}


def test_a_curve_tells_a_number_too(plain: pl.DataFrame) -> None:
    assert told(plain.with_columns(pl.col("x").exp().alias("grown")), "x") == {"line": ["grown"]}


def test_missing_values_do_not_hide_a_line(plain: pl.DataFrame) -> None:
    gaps = pl.when(pl.int_range(ROWS) % 50 == 0).then(None).otherwise(pl.col("x") * 2).alias("double")
    frame = plain.with_columns(gaps, pl.when(pl.int_range(ROWS) % 50 == 0).then(None).otherwise(pl.col("x")).alias("x"))
    assert told(frame, "x") == {"line": ["double"]}


def test_a_number_that_names_each_row_tells_nothing(plain: pl.DataFrame) -> None:
    assert told(plain.with_columns(pl.Series("id", np.random.default_rng(1).permutation(ROWS))), "left") == {}


def test_an_almost_constant_column_is_told_by_chance(plain: pl.DataFrame) -> None:
    frame = plain.with_columns((pl.int_range(ROWS) == 3).alias("rare"))
    assert told(frame, "rare") == {}


def test_rows_on_both_sides_are_counted(plain: pl.DataFrame) -> None:
    frame = pl.concat([plain, plain.head(200)])
    (fact,) = facts(frame, "repeated_rows")
    assert 20 < fact["rows"] < fact["of"]
    assert fact["without"] == []


def test_a_number_of_the_row_hides_no_repetition(plain: pl.DataFrame) -> None:
    frame = pl.concat([plain, plain.head(200)]).with_row_index("id")
    (fact,) = facts(frame, "repeated_rows")
    assert fact["without"] == ["id"]


def test_few_different_rows_are_no_repetition(rng: np.random.Generator) -> None:
    frame = pl.DataFrame({"a": rng.integers(0, 3, ROWS), "b": rng.integers(0, 3, ROWS)})
    assert facts(frame, "repeated_rows") == []


def test_a_single_twin_is_passed_over(plain: pl.DataFrame) -> None:
    assert facts(pl.concat([plain, plain.head(1)]), "repeated_rows") == []


def test_repetitions_of_a_large_table_are_found_in_a_sample(rng: np.random.Generator) -> None:
    base = pl.DataFrame({f"x{n}": rng.normal(size=30_000) for n in range(4)})
    (fact,) = facts(pl.concat([base, base.head(6_000)]), "repeated_rows")
    assert fact["of"] == 2_000
    assert fact["rows"] / fact["of"] == pytest.approx(0.24, abs=0.06)


@pytest.mark.parametrize("name", ["patient_id", "PatientID", "patientId", "Patient", "user", "고객번호", "고객ID"])
def test_a_thing_with_rows_on_both_sides_is_found(plain: pl.DataFrame, rng: np.random.Generator, name: str) -> None:
    frame = plain.with_columns(pl.Series(name, rng.integers(0, 80, ROWS)))
    (fact,) = facts(frame, "shared_groups")
    assert fact["column"] == name
    assert fact["rows"] > fact["of"] * 0.9


def test_things_that_stay_on_one_side_are_no_matter(plain: pl.DataFrame) -> None:
    frame = plain.with_columns(pl.Series("patient_id", np.arange(ROWS) // 6))
    left, right = frame.head(300).lazy(), frame.tail(300).lazy()
    assert [fact for fact in facts_of_split(left, right) if fact["fact"] == "shared_groups"] == []


@pytest.mark.parametrize(
    ("name", "count"),
    [("patient_id", 5), ("patient_id", 100_000), ("rooms", 80), ("width", 80), ("paid", 80), ("education-num", 80)],
)
def test_categories_row_numbers_and_measures_are_no_things(
    plain: pl.DataFrame, rng: np.random.Generator, name: str, count: int
) -> None:
    frame = plain.with_columns(pl.Series(name, rng.integers(0, count, ROWS)))
    assert facts(frame, "shared_groups") == []


@pytest.mark.parametrize("name", ["grid", "valid", "humid", "", "no_smoking", "keyboard"])
def test_words_that_end_alike_name_no_thing(name: str) -> None:
    assert not names_a_thing(name)


@pytest.mark.parametrize(
    ("pattern", "sortable"),
    [
        ("%Y-%m-%d", True),
        ("%d.%m.%Y", False),
        ("%m/%d/%Y", False),
        ("%Y-%m-%d %H:%M:%S", True),
        ("%Y-%m-%dT%H:%M", True),
        ("%d %B %Y", None),
    ],
)
def test_dates_in_text_are_read(plain: pl.DataFrame, pattern: str, sortable: bool | None) -> None:
    days = pl.datetime_range(pl.datetime(2020, 1, 1), pl.datetime(2024, 1, 1), "1d", eager=True).head(ROWS)
    frame = plain.with_columns(days.dt.strftime(pattern).alias("when"))
    found = [(fact["column"], fact["sortable"]) for fact in facts(frame, "times")]
    assert found == ([("when", sortable)] if sortable is not None else [])


def test_ordinary_text_is_no_date(plain: pl.DataFrame) -> None:
    codes = pl.Series("code", [f"{number:04}-{number % 7}" for number in range(ROWS)])
    assert facts(plain.with_columns(codes), "times") == []


def test_equal_tables_give_equal_facts(plain: pl.DataFrame) -> None:
    frame = pl.concat([plain, plain.head(200)]).with_columns((pl.col("x") > 0).alias("up"))
    assert facts(frame, "determined") == facts(frame.clone(), "determined")


def test_small_tables_and_empty_sides_give_no_facts(plain: pl.DataFrame) -> None:
    frame = plain.with_columns(pl.col("left").alias("again"))
    assert facts_of_split(frame.head(20).lazy(), frame.tail(20).lazy()) == []
    assert facts_of_split(frame.lazy(), frame.head(0).lazy()) == []
    assert facts_of_split(pl.LazyFrame(), pl.LazyFrame()) == []


def test_a_wide_table_is_looked_at_in_part() -> None:
    wide = pl.DataFrame({f"x{number}": np.arange(ROWS) % 2 for number in range(300)})
    found = facts_of_split(wide.head(400).lazy(), wide.tail(200).lazy())
    assert len(found) == 100
    assert max(len(fact["by"]) for fact in found) == 20


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "number": st.floats() | st.none(),
    "whole": st.integers(-3, 3) | st.none(),
    "text": st.text(max_size=3) | st.none(),
    "flag": st.booleans() | st.none(),
    "list": st.lists(st.integers(0, 1), max_size=2) | st.none(),
    "day": st.dates() | st.none(),
    "bytes": st.binary(max_size=2),
    "nothing": st.none(),
}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_table_is_looked_at_without_an_error(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=4))
    columns = {
        f"{kind} id {place}": data.draw(st.lists(VALUES[kind], min_size=3, max_size=8))
        for place, kind in enumerate(kinds)
    }
    height = min((len(values) for values in columns.values()), default=0)
    frame = pl.DataFrame({name: values[:height] * 40 for name, values in columns.items()}, strict=False)
    for fact in facts_of_split(frame.lazy(), frame.lazy()):
        assert set(fact.get("by", ())) <= set(frame.columns)


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["no", "yes"])])
def test_categories_are_values(plain: pl.DataFrame, dtype: pl.DataType) -> None:
    frame = plain.with_columns(pl.col("left").cast(dtype).alias("again"))
    assert told(frame, "left") == {"values": ["again"]}
