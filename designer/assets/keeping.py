"""Say which bytes of the store are needed, so that none is taken away that is.

One rule makes this safe against everything that goes on at the same time: whoever begins to need bytes says so under
the lock of their rows, in the transaction in which the need begins; and bytes are taken away only under that lock, and
only if nobody has said so since the search for old ones began. See `designer.runs.retention`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from designer.assets.models import StoredBlob
from designer.assets.store import store
from designer.errors import Unavailable
from designer.statements import insert_rows

KEPT_FIELDS = ("digest", "size_bytes", "parts", "used_at")
NOTED_EVERY = timedelta(minutes=5)
"""Noting each use would make a write of every read; bytes that were used in twice this time are never taken away."""


class Gone(Unavailable):
    """Bytes that somebody needs are not in the store (any more)."""

    def __init__(self, digests: Iterable[str]) -> None:
        self.digests = frozenset(digests)
        super().__init__(f"The store no longer holds {', '.join(sorted(self.digests))}; try that again")


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes to keep; `parts` are the files of a manifest."""

    digest: str
    size_bytes: int
    parts: tuple[str, ...] = ()


def digests_in(outputs: Mapping[str, Any]) -> list[str]:
    """The artifacts among the stored outputs of a step."""
    return [output["digest"] for output in outputs.values()]


def pieces_of(artifacts: Iterable[str]) -> list[Piece]:
    """The manifests of artifacts and their files; raises Gone. Reads files, so call it outside of a transaction."""
    found: dict[str, Piece] = {}
    for digest in artifacts:
        try:
            parts = tuple(store().artifact(digest).files.values())
        except (KeyError, FileNotFoundError):
            raise Gone([digest]) from None
        for part in parts:
            found[part] = _piece(part)
        found[digest] = _piece(digest, parts)
    return list(found.values())


def pieces_of_files(digests: Iterable[str]) -> list[Piece]:
    """Files that are no artifacts, such as uploads and logs; raises Gone."""
    return [_piece(digest) for digest in digests]


def _piece(digest: str, parts: tuple[str, ...] = ()) -> Piece:
    try:
        return Piece(digest, store().blobs.path(digest).stat().st_size, parts)
    except (KeyError, FileNotFoundError):
        raise Gone([digest]) from None


def keep(pieces: Collection[Piece]) -> None:
    """Begin to need bytes that were just written; raises Gone where they were taken away meanwhile."""
    now = timezone.now()
    # In order, so that two transactions that lock several rows never wait for each other.
    rows = [
        (piece.digest, piece.size_bytes, list(piece.parts), now)
        for piece in sorted(set(pieces), key=lambda piece: piece.digest)
    ]
    insert_rows(StoredBlob, KEPT_FIELDS, rows, unique=("digest",), update=("used_at",))
    if missing := [piece.digest for piece in pieces if not store().blobs.is_stored(piece.digest)]:
        raise Gone(missing)


def hold(artifacts: Collection[str]) -> set[str]:
    """Begin to need artifacts of before; returns those that are whole. Call it in the transaction of the need."""
    found = _find(artifacts)
    now = timezone.now()
    stale = [digest for digest, row in found.items() if row.used_at < now - NOTED_EVERY]
    if stale:
        wanted = {piece for digest in stale for piece in (digest, *found[digest].parts)}
        locked = set(_locked(wanted))
        StoredBlob.objects.filter(digest__in=locked).update(used_at=now)
        for digest in stale:
            if not locked.issuperset((digest, *found[digest].parts)):
                del found[digest]
    return _whole(found)


def find_whole(artifacts: Collection[str]) -> set[str]:
    """Those of some artifacts that could be used, without beginning to need them."""
    return _whole(_find(artifacts))


def _find(artifacts: Collection[str]) -> dict[str, StoredBlob]:
    return StoredBlob.objects.in_bulk(list(artifacts)) if artifacts else {}


def _whole(found: Mapping[str, StoredBlob]) -> set[str]:
    may_have = store().blobs.may_have
    return {digest for digest, row in found.items() if all(map(may_have, (digest, *row.parts)))}


def _locked(digests: Collection[str]) -> list[str]:
    rows = StoredBlob.objects.select_for_update().filter(digest__in=digests).order_by("digest")
    return list(rows.values_list("digest", flat=True))


def forget(artifacts: Collection[str]) -> None:
    """Take note that artifacts are broken: bytes of theirs turned out to be missing."""
    StoredBlob.objects.filter(digest__in=artifacts).delete()
