"""Statements that are made once write and read what query sets do."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from designer.runs.models import Event, Output, Result, RunStep
from designer.statements import ROWS_AT_ONCE, insert_rows, select_rows, update_rows
from tests.runs.by_hand import ALWAYS, submit

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**31), 2**31)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("aé'\"\\%😀", max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab%", max_size=2), inner, max_size=3),
    max_leaves=6,
)
FIRST, LAST = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  in the zone that `timezones` names
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC)) | st.none()
COLUMNS = st.fixed_dictionaries(
    {},
    optional={
        "outputs": JSON.filter(lambda value: value is not None),
        "error": JSON,
        "seconds": st.floats(allow_nan=False, allow_infinity=False) | st.none(),
        "lost_result": st.booleans(),
        "attempt": st.integers(1, 99),
        "started_at": MOMENTS,
        "log": st.text("a'%é", max_size=64),
    },
).filter(bool)
ALL = tuple(field.attname for field in RunStep._meta.concrete_fields)


class TestAgainstQuerySets(TestCase):
    """Each example in a transaction of its own."""

    @given(values=COLUMNS)
    def test_what_is_updated_is_what_a_query_set_reads(self, values: dict[str, Any]) -> None:
        run = submit(a=ALWAYS, b=ALWAYS)
        before = RunStep.objects.filter(run=run, node="b").values().get()
        assert update_rows(RunStep, values, run_id=run.pk, node="a", status=("running", "queued")) == 1
        row = RunStep.objects.get(run=run, node="a")
        assert {name: getattr(row, name) for name in values} == values
        assert RunStep.objects.filter(run=run, node="b").values().get() == before

    @given(values=COLUMNS)
    def test_what_is_read_is_what_a_query_set_reads(self, values: dict[str, Any]) -> None:
        run = submit(a=ALWAYS, b=ALWAYS)
        RunStep.objects.filter(run=run, node="a").update(**values)
        expected = [*RunStep.objects.filter(run=run).values_list(*ALL)]
        assert sorted(select_rows(RunStep, ALL, run_id=run.pk)) == sorted(expected)
        assert select_rows(RunStep, ("node",), lock=True, run_id=run.pk, node=("a", "none")) == [("a",)]


@pytest.mark.django_db
def test_a_row_that_is_in_no_status_asked_for_stays_as_it_is() -> None:
    run = submit(a=ALWAYS)
    assert update_rows(RunStep, {"seconds": 1.0}, run_id=run.pk, node="a", status=("failed", "skipped")) == 0
    assert RunStep.objects.get(run=run).seconds is None


@pytest.mark.django_db
def test_many_rows_are_added_in_parts() -> None:
    run = submit(a=ALWAYS)
    count = 2 * ROWS_AT_ONCE + 1
    now = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [(run.pk, 1000 + number, now, None, "log", {"%s": number}) for number in range(count)]
    insert_rows(Event, ("run_id", "seq", "at", "node", "kind", "data"), rows)
    events = Event.objects.filter(run=run, seq__gte=1000)
    assert [event.data for event in events] == [{"%s": number} for number in range(count)]
    assert {(event.at, event.node) for event in events} == {(now, None)}
    insert_rows(Event, ("run_id", "seq"), [])


@pytest.mark.django_db
def test_a_row_that_is_there_stays_or_gets_the_values_that_are_named() -> None:
    run = submit(a=ALWAYS)
    for _ in range(2):
        insert_rows(Output, ("workspace_id", "digest"), [(run.workspace_id, "d")], unique=("workspace_id", "digest"))
    assert Output.objects.filter(digest="d").count() == 1
    names = ("workspace_id", "key", "outputs", "metrics", "tables", "created_at")
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    for outputs, created_at in ((None, first), ({"a": 1}, second)):
        row = (run.workspace_id, "k", outputs, {}, {}, created_at)
        insert_rows(Result, names, [row], unique=("workspace_id", "key"), update=("outputs",))
    result = Result.objects.get(key="k")
    assert (result.outputs, result.created_at) == ({"a": 1}, first)
