"""What a module may say of itself beyond its signature, for the guard against leaks between training and test data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Learnt = Literal["values", "columns", "rows"]


# Compared by identity: a mapping has no hash.
@dataclass(frozen=True, slots=True, eq=False)
class Learns:
    """A module takes something from all the rows of its table, which rows that are held out must not be part of.

    `what` follows from it: how values change (a scale, a mean that fills gaps), which columns stay, or which rows there
    are. `when` names parameters and the values under which it does so; of several such conditions, one must hold.
    """

    what: Learnt = "values"
    when: Mapping[str, object] | tuple[Mapping[str, object], ...] | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Splits:
    """A module divides the rows of its table: none comes out at two of its outputs.

    `at_random` names parameters and the values under which chance decides.
    """

    at_random: Mapping[str, object] | None = None
