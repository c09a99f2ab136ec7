"""Learners, models and transforms as files.

The one place that pickles. A pickle runs code when it is read, so only step processes read these
files, and only files that a step process wrote: an upload never becomes one.
"""

from pathlib import Path
from typing import Any

import joblib


def write(value: Any, path: Path) -> None:
    """Write a value so that equal values give equal bytes."""
    joblib.dump(value, path, compress=0, protocol=5)


def read(path: Path) -> Any:
    """Read what :func:`write` wrote."""
    return joblib.load(path)
