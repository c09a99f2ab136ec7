"""Keep the store within its limit, without taking anything that somebody needs.

A sweep notes when it begins. Then it says, in the name of those who need bytes for long, that they need them: datasets
and uploads, and everything that the steps of active runs have given. Then it takes away what was used the longest ago,
one by one, each under the lock of its row and only if it was not used since before the sweep. A run that begins to need
it at the same moment either comes first, and it stays, or comes second, and finds it gone and computes it again.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from designer.assets.keeping import NOTED_EVERY, Gone, Piece, digests_in, hold, keep, pieces_of, pieces_of_files
from designer.assets.models import Dataset, StoredBlob, Upload
from designer.assets.store import store
from designer.engine.state import FINAL_RUN
from designer.runs.chores import claim_chore
from designer.runs.models import Output, Run, RunStep
from designer.store.blobs import FolderBlobs
from designer.store.retention import Kept, oldest_first, remove_leftovers

log = logging.getLogger(__name__)

UNUSED_FOR = 2 * NOTED_EVERY
ORPHANED_FOR = timedelta(days=1)
FOREVER = timedelta(days=36500)
AT_ONCE = 500

PiecesOf = Callable[[Collection[str]], list[Piece]]


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep has taken away, and what the store holds after it."""

    count: int
    freed_bytes: int
    left_bytes: int


def sweep_when_due() -> None:
    """Sweep the store where no other worker has done so lately."""
    if claim_chore("sweep", timedelta(seconds=settings.STORE_SWEEP_SECONDS)):
        swept = sweep(settings.STORE_LIMIT_BYTES)
        if swept.count:
            log.warning("the store was full: %s blobs, %s bytes taken away", swept.count, swept.freed_bytes)
    if claim_chore("orphans", ORPHANED_FOR):
        remove_orphans()


def used_bytes() -> int:
    """The size of all that the store keeps."""
    return StoredBlob.objects.aggregate(total=Sum("size_bytes"))["total"] or 0


def sweep(limit_bytes: int, *, unused_for: timedelta = UNUSED_FOR) -> Swept:
    """Take away what was used the longest ago until the rest fits, or until the rest is needed."""
    used_before = timezone.now() - unused_for
    adopt_outputs_of_before()
    need_what_is_needed()
    left, count, freed = used_bytes(), 0, 0
    if left > limit_bytes:
        for blob in oldest_first(_kept(used_before), used_before=used_before):
            if left <= limit_bytes:
                break
            if take_away(blob.digest, used_before=used_before):
                left, count, freed = left - blob.size_bytes, count + 1, freed + blob.size_bytes
    return Swept(count, freed, left)


def _kept(used_before: datetime) -> Iterable[Kept]:
    rows = StoredBlob.objects.filter(used_at__lt=used_before)
    for digest, size_bytes, used_at, parts in rows.values_list("digest", "size_bytes", "used_at", "parts"):
        yield Kept(digest, size_bytes, used_at, is_manifest=bool(parts))


def take_away(digest: str, *, used_before: datetime) -> bool:
    """Take bytes away unless somebody has begun to need them; tells whether it did."""
    with transaction.atomic():
        row = StoredBlob.objects.select_for_update().filter(pk=digest, used_at__lt=used_before).first()
        if row is None:
            return False
        store().blobs.remove(digest)
        row.delete()
    return True


def need_what_is_needed() -> None:
    """Say in the name of registered assets and active runs that they need their bytes."""
    _need(Dataset.objects.values_list("digest", flat=True), pieces_of)
    _need(Upload.objects.values_list("digest", flat=True), pieces_of_files)
    active = RunStep.objects.exclude(run__status__in=FINAL_RUN)
    _need((digest for outputs in active.values_list("outputs", flat=True) for digest in digests_in(outputs)), pieces_of)
    queued = Run.objects.filter(status="queued").values_list("plan", flat=True)
    steps = (step for plan in queued for step in plan["steps"] if step["dataset"])
    _need((step["dataset"]["digest"] for step in steps), pieces_of)


def adopt_outputs_of_before() -> None:
    """Note, once, the bytes that the store held before they were noted at all."""
    if claim_chore("adoption", FOREVER):
        known = set(StoredBlob.objects.values_list("digest", flat=True))
        _keep(set(Output.objects.values_list("digest", flat=True)) - known, pieces_of)
        _keep(set(RunStep.objects.exclude(log="").values_list("log", flat=True)) - known, pieces_of_files)


def _need(digests: Iterable[str], pieces: PiecesOf) -> None:
    """Hold what is noted already and keep what is not."""
    for some in _in_batches(sorted(set(digests))):
        with transaction.atomic():
            unknown = set(some) - hold(some)
        _keep(unknown, pieces)


def _keep(digests: Iterable[str], pieces: PiecesOf) -> None:
    for digest in sorted(digests):
        with suppress(Gone):
            keep(pieces([digest]))


def _in_batches(items: list[str]) -> Iterator[list[str]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def remove_orphans(*, older_than: timedelta = ORPHANED_FOR) -> int:
    """Remove bytes that nobody has ever asked to keep, such as those of a worker that died; returns how many."""
    if isinstance(store().blobs, FolderBlobs):
        remove_leftovers(store().blobs.temporary, older_than_seconds=older_than.total_seconds())
    return sum(map(remove_orphan, find_orphans(older_than)))


def find_orphans(older_than: timedelta) -> list[str]:
    """Bytes that nobody keeps now, and that nobody has written lately."""
    adopt_outputs_of_before()
    need_what_is_needed()
    written_before = timezone.now().timestamp() - older_than.total_seconds()
    known = set(StoredBlob.objects.values_list("digest", flat=True))
    return [f.digest for f in store().blobs.listing() if f.digest not in known and f.modified_at < written_before]


def remove_orphan(digest: str) -> bool:
    """Remove bytes under the lock of a row made for that, so that a writer of the same bytes comes before or after."""
    with transaction.atomic():
        _, is_new = StoredBlob.objects.get_or_create(
            digest=digest, defaults={"size_bytes": 0, "used_at": timezone.now()}
        )
        if is_new:
            store().blobs.remove(digest)
            StoredBlob.objects.filter(pk=digest).delete()
    return is_new
