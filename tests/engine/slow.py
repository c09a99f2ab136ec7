"""A module that takes long, for tests of cancelling and limits."""

import time
from typing import Annotated

import polars as pl

from modules.kit import Port, module


@module()
def sleep_long() -> Annotated[pl.LazyFrame, Port("output")]:
    """Sleep for a minute."""
    time.sleep(60)
    return pl.LazyFrame()
