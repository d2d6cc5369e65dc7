"""The changes that wait for the broker: bounded, in order, and back after it was away."""

from mdxdash.remote.fleet.publishing.waiting_changes import (
    CHANGES_MAX,
    MESSAGE_CHANGES,
    WaitingChanges,
)
from mdxdash.remote.protocol import Changed

ALL = 2**53


def waiting(*numbers: int) -> WaitingChanges:
    changes = WaitingChanges()
    for number in numbers:
        changes.put(Changed(number, 0.001))
    return changes


def test_only_the_latest_change_of_an_event_waits():
    changes = waiting(1, 2)
    changes.put(Changed(1, lost=True))
    assert changes.take(ALL) == [Changed(2, 0.001), Changed(1, lost=True)]
    assert not changes.take(ALL)


def test_a_message_has_so_many_at_most():
    changes = waiting(*range(MESSAGE_CHANGES + 1))
    assert [len(changes.take(ALL)), len(changes.take(ALL))] == [MESSAGE_CHANGES, 1]


def test_a_change_waits_until_its_event_is_published():
    changes = waiting(1, 3, 2)
    assert [each.seq for each in changes.take(2)] == [1]
    assert not changes.take(2)
    assert [each.seq for each in changes.take(3)] == [3, 2]


def test_the_oldest_is_dropped_and_counted_where_too_many_wait():
    changes = waiting(*range(CHANGES_MAX + 3))
    assert len(changes) == CHANGES_MAX
    assert changes.take(ALL)[0].seq == 3
    assert (changes.take_dropped(), changes.take_dropped()) == (3, 0)


def test_what_is_not_confirmed_counts():
    changes = waiting(*range(CHANGES_MAX))
    changes.take(ALL)
    changes.put(Changed(CHANGES_MAX))
    assert len(changes) == CHANGES_MAX - MESSAGE_CHANGES
    assert changes.take_dropped() == 1
    changes.confirm()
    changes.put(Changed(CHANGES_MAX + 1))
    assert changes.take_dropped() == 0


def test_what_was_not_confirmed_waits_again_unless_something_newer_came():
    changes = waiting(1)
    changes.take(ALL)
    for number in (2, 3):
        changes.put(Changed(number, 0.001))
    changes.take(ALL)
    changes.confirm()
    changes.put(Changed(3, lost=True))
    changes.put(Changed(4, 0.001))
    changes.put_back()
    assert changes.take(ALL) == [Changed(2, 0.001), Changed(3, lost=True), Changed(4, 0.001)]
