"""Follow a run from a program: what has happened, as it happens."""

import time
from collections.abc import Iterator

from designer.engine.state import FINAL_RUN, RUN_STATUS
from designer.runs.models import Event, Run

LOOK_SECONDS = 0.05


def follow(run: Run) -> Iterator[Event]:
    """Yield each event of a run in order, the one that ends it last."""
    after = 0
    while True:
        for event in Event.objects.filter(run=run, seq__gt=after):
            after = event.seq
            yield event
            if RUN_STATUS.get(event.kind) in FINAL_RUN:
                return
        time.sleep(LOOK_SECONDS)
