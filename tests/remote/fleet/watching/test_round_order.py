"""The order of a hub's numbers, over batches of one agent each."""

from mdxdash.remote.fleet.watching.round_order import EVENTS_MAX, RoundOrder
from tests.remote.fleet.watching.test_gap_count import batch, events


def test_the_batches_of_a_round_are_merged_by_number():
    order = RoundOrder()
    assert order.take(batch(1, 4, 1, 2), events(1, 3)) == []
    assert order.take(batch(1, 4, 2, 2, "other"), events(2, 4)) == events(1, 2, 3, 4)


def test_what_came_of_a_round_is_not_lost_with_the_rest():
    order = RoundOrder()
    order.take(batch(1, 4, 1, 2), events(1, 3))
    assert order.take(batch(5, 5), events(5)) == events(1, 3, 5)


def test_a_round_that_never_ends_is_given_out():
    order = RoundOrder()
    order.take(batch(1, 4, 1, 3), events(*range(1, EVENTS_MAX + 1)))
    found = order.take(batch(1, 4, 2, 3), events(EVENTS_MAX + 1))
    assert len(found) == EVENTS_MAX + 1
