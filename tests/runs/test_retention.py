"""The store stays within its limit, and nothing that somebody needs is ever taken out of it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from unittest import mock

import polars as pl
import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from designer.assets.actions import delete_dataset, register_table
from designer.assets.keeping import NOTED_EVERY, Gone, Piece, hold, keep, pieces_of
from designer.assets.models import Dataset, StoredBlob
from designer.assets.store import store
from designer.assets.uploads import keep_upload
from designer.engine.state import FINAL_RUN
from designer.engine.step import Done, StoredOutput
from designer.runs import queue, retention
from designer.runs.actions.cancel_run import cancel_run
from designer.runs.actions.steps import Claim, end_step
from designer.runs.chores import claim_chore
from designer.runs.models import Run, RunStep
from designer.runs.queue import begin_run
from designer.runs.retention import UNUSED_FOR, remove_orphans, sweep, sweep_when_due, used_bytes
from designer.store.artifacts import Store
from designer.store.retention import Kept, oldest_first
from designer.workspaces.actions import ensure_owner
from modules.kit import Table
from tests.runs.by_hand import ALWAYS, claim, complete, learner, status_of, submit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
Actions = Sequence[tuple[str, int]]

NO_TIME = timedelta(0)
NOTHING = 0


def table(value: int, rows: int = 1) -> Table:
    return Table(pl.LazyFrame({"a": [value] * rows}))


def write(claim: Claim, value: int) -> Done:
    """What a step process does: the outputs are in the store, and nobody knows of them yet."""
    digest = store().save(table(value), "Table").digest
    outputs = {o.name: StoredOutput(digest=digest, type=o.type, meta={}) for o in claim.request.step.outputs}
    return Done(outputs=outputs, seconds=0.1)


def make_older(by: timedelta = HOUR) -> None:
    StoredBlob.objects.update(used_at=F("used_at") - by)


def outputs_of(run: Run, node: str = "a") -> list[str]:
    return [output["digest"] for output in RunStep.objects.get(run=run, node=node).outputs.values()]


def is_whole(digest: str) -> bool:
    try:
        files = store().artifact(digest).files.values()
    except KeyError:
        return False
    return all(map(store().blobs.has, files))


def finished(value: int) -> Run:
    run = submit(a=learner(l2_regularization_weight=value + 10.0))
    taken = claim(run, "a")
    end_step(taken, write(taken, value))
    return run


def test_what_was_used_the_longest_ago_goes_first_until_the_rest_fits() -> None:
    runs = []
    for value in range(3):
        make_older()
        runs.append(finished(value))
    make_older()
    half = used_bytes() // 2
    swept = sweep(half)
    assert used_bytes() == swept.left_bytes <= half
    assert [is_whole(outputs_of(run)[0]) for run in runs] == [False, False, True]


def test_what_is_reused_is_used() -> None:
    first, second = finished(1), finished(2)
    make_older()
    submit(a=learner(l2_regularization_weight=11.0))
    sweep(used_bytes() - 1)
    assert (is_whole(outputs_of(first)[0]), is_whole(outputs_of(second)[0])) == (True, False)


def test_what_an_active_run_has_given_stays() -> None:
    run = submit(a=learner(), b=ALWAYS)
    taken = claim(run, "a")
    end_step(taken, write(taken, 1))
    make_older()
    sweep(NOTHING)
    assert is_whole(outputs_of(run)[0])
    complete(claim(run, "b"))
    make_older()
    sweep(NOTHING)
    assert not is_whole(outputs_of(run)[0])


def test_datasets_and_uploads_stay(tmp_path: Path) -> None:
    _, workspace = ensure_owner()
    (tmp_path / "file.csv").write_text("a\n1\n")
    dataset = register_table(workspace, table(1), name="cars")
    upload = keep_upload(workspace, tmp_path / "file.csv", "file.csv")
    make_older()
    sweep(NOTHING)
    assert is_whole(dataset.digest)
    assert store().blobs.has(upload.digest)


def test_a_dataset_that_a_queued_run_names_stays_although_it_was_deleted() -> None:
    _, workspace = ensure_owner()
    dataset = register_table(workspace, table(5), name="gone")
    run = submit(rows={"dataset": "gone"}, b=ALWAYS)
    Run.objects.filter(pk=run.pk).update(status="queued")
    delete_dataset(workspace, "gone")
    make_older()
    sweep(NOTHING)
    assert is_whole(dataset.digest)


def test_what_was_used_a_moment_ago_stays() -> None:
    run = finished(1)
    sweep(NOTHING)
    assert is_whole(outputs_of(run)[0])
    sweep(NOTHING, unused_for=timedelta(0))
    assert not is_whole(outputs_of(run)[0])


def test_files_that_two_artifacts_share_stay_with_the_newer_one() -> None:
    plain = store().save(table(7), "Table")
    labelled = store().save(Table(table(7).frame, {"a": "label"}), "Table")
    assert set(plain.files.values()) == set(labelled.files.values())
    keep(pieces_of([plain.digest]))
    make_older()
    keep(pieces_of([labelled.digest]))
    sweep(NOTHING)
    assert (is_whole(plain.digest), is_whole(labelled.digest)) == (False, True)


def test_bytes_that_nobody_asked_to_keep_are_removed_after_a_while() -> None:
    lost = store().save(table(8), "Table").digest
    kept = finished(9)
    remove_orphans()
    assert is_whole(lost)
    remove_orphans(older_than=timedelta(seconds=-1))
    assert (is_whole(lost), is_whole(outputs_of(kept)[0])) == (False, True)


def test_outputs_of_before_bytes_were_noted_are_adopted() -> None:
    run = finished(3)
    StoredBlob.objects.all().delete()
    remove_orphans(older_than=timedelta(seconds=-1))
    assert is_whole(outputs_of(run)[0])


def test_what_is_not_there_cannot_be_kept() -> None:
    saved = store().save(table(6), "Table")
    pieces = pieces_of([saved.digest])
    store().blobs.remove(saved.digest)
    with pytest.raises(Gone):
        keep(pieces)
    with pytest.raises(Gone):
        pieces_of([saved.digest])


@pytest.mark.parametrize("part", ["manifest", "file"])
def test_what_was_deleted_by_hand_is_neither_held_nor_reused(part: str) -> None:
    [digest] = outputs_of(finished(5))
    [file] = store().artifact(digest).files.values()
    assert hold([digest]) == {digest}
    store().blobs.remove(digest if part == "manifest" else file)
    assert hold([digest]) == set()
    assert status_of(submit(a=learner(l2_regularization_weight=15.0)), "a") == "queued"


def test_one_worker_sweeps_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "UNUSED_FOR", timedelta(0))
    assert [claim_chore("sweep", HOUR), claim_chore("sweep", HOUR)] == [True, False]
    run = finished(4)
    make_older()
    sweep_when_due()
    assert is_whole(outputs_of(run)[0])


MOMENT = timezone.now()


@pytest.mark.parametrize("hours", [1, 3])
def test_the_order_of_leaving_is_that_of_use(hours: int) -> None:
    blobs = [Kept(str(number), 1, MOMENT - (number % 5) * HOUR, number % 2 == 0) for number in range(20)]
    order = oldest_first(blobs, used_before=MOMENT - hours * HOUR)
    assert [blob.used_at for blob in order] == sorted(blob.used_at for blob in order)
    assert all(blob.used_at < MOMENT - hours * HOUR for blob in order)
    assert len(order) == sum(blob.used_at < MOMENT - hours * HOUR for blob in blobs)


VALUES = range(3)
SPANS = st.sampled_from([NOTED_EVERY * 0.6, NOTED_EVERY * 1.2, HOUR])
SURELY_KEPT_FOR = UNUSED_FOR - NOTED_EVERY
"""Whoever begins to need bytes may find them noted almost `NOTED_EVERY` ago, and then does not note that again."""


@cache
def digest_of(value: int) -> str:
    """The artifact of a table, known without writing it into the store of the test."""
    with tempfile.TemporaryDirectory() as folder:
        return Store.in_folder(Path(folder)).save(table(value), "Table").digest


def has_dataset(value: int) -> bool:
    return Dataset.objects.filter(name=f"table-{value}").exists()


def active_runs() -> Iterator[Run]:
    return Run.objects.exclude(status__in=FINAL_RUN).order_by("number").iterator()


class Use:
    """What people, workers and readers do with the store, each in transactions of its own."""

    def __init__(self) -> None:
        self._written: list[tuple[Claim, Done]] = []
        self._pieces: list[Piece] = []
        self.needed_for: dict[str, timedelta] = {}

    def submit(self, _: int) -> None:
        """The last node keeps the run going, so that it needs what the first has given."""
        submit(a=learner(l2_regularization_weight=7.0), last=ALWAYS)

    def write(self, value: int) -> None:
        """A step has given its outputs, and nobody knows of them yet."""
        step = RunStep.objects.filter(node="a", status="queued", due_at=None).first()
        if step is not None:
            taken = claim(step.run, "a", step.attempt)
            self._written.append((taken, write(taken, value)))

    def record(self, _: int) -> None:
        if self._written:
            end_step(*self._written.pop())

    def compute(self, value: int) -> None:
        self.submit(value)
        self.write(value)
        self.record(value)

    def die(self, value: int) -> None:
        """A worker leaves behind what it has just written."""
        store().save(table(value), "Table")

    def go_on(self, _: int) -> None:
        """Begin or end the oldest run; what it has given may be reused."""
        for run in active_runs():
            if not begin_run(str(run.pk)) and status_of(run, "last") == "queued":
                taken = claim(run, "last")
                end_step(taken, write(taken, value=9))
            return

    def register(self, value: int) -> None:
        _, workspace = ensure_owner()
        register_table(workspace, table(value), name=f"table-{value}")

    def delete(self, value: int) -> None:
        if has_dataset(value):
            delete_dataset(ensure_owner()[1], f"table-{value}")

    def read_dataset(self, value: int) -> None:
        """In a run that begins at once, or in one that stays queued."""
        self.register(value)
        with mock.patch.object(queue, "WAITING_STEPS", queue.WAITING_STEPS * (value % 2)):
            submit(rows={"dataset": f"table-{value}"}, last=ALWAYS)

    def read_deleted_dataset(self, value: int) -> None:
        self.read_dataset(value)
        self.delete(value)

    def give_everything_up(self, _: int) -> None:
        """Else there is soon somebody who needs each of the few contents."""
        for run in active_runs():
            cancel_run(run)
        for value in VALUES:
            self.delete(value)

    def hold(self, value: int) -> None:
        self.needed_for |= dict.fromkeys(hold([digest_of(value)]), NO_TIME)

    def look_at_pieces(self, value: int) -> None:
        with suppress(Gone):
            self._pieces = pieces_of([digest_of(value)])

    def keep_pieces(self, _: int) -> None:
        """They may have been taken away since somebody looked at them; then the need must not begin."""
        pieces, self._pieces = self._pieces, []
        with suppress(Gone), transaction.atomic():
            keep(pieces)
            self.needed_for |= {piece.digest: NO_TIME for piece in pieces[-1:]}


ACTIONS = [name for name in vars(Use) if not name.startswith("_")]
SOME_ACTIONS = st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(VALUES)), min_size=1, max_size=4)


class StoreUnderUse(RuleBasedStateMachine):
    """Runs, datasets and sweeps whose transactions come in any order.

    A sweep and the search for orphans look, and take one thing after the other away; everything may happen in between.
    Time passes by moving all moments back.
    """

    def __init__(self) -> None:
        super().__init__()
        for file in list(store().blobs.listing()):  # unlike rows, files stay from one example to the next
            store().blobs.remove(file.digest)
        self._savepoint = transaction.atomic()
        self._savepoint.__enter__()
        self.use = Use()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._savepoint.__exit__(None, None, None)

    @rule(actions=SOME_ACTIONS)
    def things_happen(self, actions: Actions) -> None:
        for name, value in actions:
            getattr(self.use, name)(value)

    @rule(after=SPANS, at_once=st.sampled_from([0, 1, 100]), meanwhile=SOME_ACTIONS)
    def things_happen_during_a_sweep(self, after: timedelta, at_once: int, meanwhile: Actions) -> None:
        self._let_time_pass(after)
        used_before = timezone.now() - UNUSED_FOR
        retention.need_what_is_needed()
        victims = oldest_first(retention._kept(used_before), used_before=used_before)
        for digest in self._one_after_the_other([blob.digest for blob in victims], at_once, meanwhile):
            retention.take_away(digest, used_before=used_before)

    @rule(at_once=st.sampled_from([0, 1, 100]), meanwhile=SOME_ACTIONS)
    def things_happen_during_the_search_for_orphans(self, at_once: int, meanwhile: Actions) -> None:
        for digest in self._one_after_the_other(retention.find_orphans(timedelta(seconds=-1)), at_once, meanwhile):
            retention.remove_orphan(digest)

    def _one_after_the_other(self, digests: list[str], at_once: int, meanwhile: Actions) -> Iterator[str]:
        for action in meanwhile:
            self.things_happen([action])
            yield from digests[:at_once]
            del digests[:at_once]
        yield from digests

    def _let_time_pass(self, span: timedelta) -> None:
        make_older(span)
        needed_for = {digest: so_far + span for digest, so_far in self.use.needed_for.items()}
        self.use.needed_for = {digest: so_far for digest, so_far in needed_for.items() if so_far < SURELY_KEPT_FOR}

    @invariant()
    def what_runs_need_is_there(self) -> None:
        steps = RunStep.objects.exclude(run__status__in=FINAL_RUN)
        assert not steps.filter(status="failed").exists()
        for outputs in steps.filter(status__in=("completed", "reused")).values_list("outputs", flat=True):
            assert all(is_whole(output["digest"]) for output in outputs.values())

    @invariant()
    def what_queued_runs_will_read_is_there(self) -> None:
        for plan in Run.objects.filter(status="queued").values_list("plan", flat=True):
            assert all(is_whole(step["dataset"]["digest"]) for step in plan["steps"] if step["dataset"])

    @invariant()
    def what_somebody_has_just_begun_to_need_is_there(self) -> None:
        assert all(map(is_whole, self.use.needed_for))

    @invariant()
    def what_datasets_name_is_there(self) -> None:
        assert all(map(is_whole, Dataset.objects.values_list("digest", flat=True)))


def test_nothing_needed_is_taken_away_whatever_happens_at_the_same_time() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis has no type for it
        StoreUnderUse, settings=settings(max_examples=100, stateful_step_count=12, deadline=None)
    )
