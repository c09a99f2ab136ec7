"""Which events a client was told, in whatever order they came."""

from hypothesis import given
from hypothesis import strategies as st

from designer.live.runs import Told


@given(st.permutations(range(4, 12)), st.lists(st.integers(1, 11)))
def test_each_number_is_new_once(order: list[int], again: list[int]) -> None:
    told = Told(3)
    new = [seq for seq in [*order, *again] if told.is_new(seq)]
    assert new == order
    assert told.all_until == 11


@given(st.sets(st.integers(4, 20)))
def test_everything_until_the_first_gap_was_told(numbers: set[int]) -> None:
    told = Told(3)
    for seq in numbers:
        told.is_new(seq)
    assert told.all_until + 1 not in numbers
    assert set(range(4, told.all_until + 1)) <= numbers
