"""Which bytes of a store go first when it is full, and what crashed processes have left behind."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes of the store; `used_at` is when somebody last began to need them."""

    digest: str
    size_bytes: int
    used_at: datetime
    is_manifest: bool


def oldest_first(kept: Iterable[Kept], *, used_before: datetime) -> list[Kept]:
    """What may go, what was used the longest ago first; nothing that was used at or after a moment.

    A manifest goes before the files that it names: whoever finds it finds them too.
    """
    candidates = (blob for blob in kept if blob.used_at < used_before)
    return sorted(candidates, key=lambda blob: (blob.used_at, not blob.is_manifest, blob.digest))


def remove_leftovers(folder: Path, *, older_than_seconds: float) -> int:
    """Remove files that were being made when their process died; returns how many there were."""
    before = time.time() - older_than_seconds
    return sum(_removed(path) for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before)


def trim_copies(folder: Path, *, limit_bytes: int, older_than_seconds: float) -> int:
    """Remove the oldest local copies of a remote store until the rest fits; returns how many bytes that freed.

    A copy that is gone is fetched again. One that is mapped into memory stays readable for who has it.
    """
    found = [(path.stat(), path) for path in folder.glob("??/*") if path.is_file()]
    over = sum(stat.st_size for stat, _ in found) - limit_bytes
    before, freed = time.time() - older_than_seconds, 0
    for stat, path in sorted(found, key=lambda item: item[0].st_atime):
        if freed >= over or stat.st_atime >= before:
            break
        freed += stat.st_size * _removed(path)
    return freed


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
