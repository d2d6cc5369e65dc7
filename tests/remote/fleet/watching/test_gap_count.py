"""What is missing, by the hub's own numbers."""

from mdxdash.events.event import Event
from mdxdash.remote.fleet.messages import Batch, Presence
from mdxdash.remote.fleet.watching.gap_count import GapCount


def events(*seqs: int) -> list[Event]:
    return [Event(seq, 1.0, "received", "chat", "T") for seq in seqs]


def batch(first: int, last: int, part: int = 1, parts: int = 1, agent: str = "chat") -> Batch:
    return Batch("room-3", "s", agent, last - first + 1, first, last, part, parts)


def presence(published: int, since: int = 1) -> Presence:
    return Presence("room-3", "s", 1.0, published, since)


def test_nothing_is_missing_of_what_came_whole():
    gaps = GapCount("s")
    assert list(gaps.take(batch(5, 6), events(5, 6))) == events(5, 6)
    gaps.take(batch(7, 9), events(7, 8, 9))
    assert (gaps.seen, gaps.missing) == (5, 0)


def test_a_round_that_did_not_come_is_missing():
    gaps = GapCount("s")
    gaps.take(batch(1, 2), events(1, 2))
    gaps.take(batch(10, 10), events(10))
    assert (gaps.seen, gaps.missing) == (3, 7)


def test_what_the_hub_dropped_is_missing():
    gaps = GapCount("s")
    gaps.tell(presence(0))
    gaps.take(batch(1, 10), events(8, 9, 10))
    assert (gaps.seen, gaps.missing) == (3, 7)


def test_the_end_of_what_did_not_come_is_told_by_the_presence():
    gaps = GapCount("s")
    gaps.take(batch(1, 2), events(1, 2))
    gaps.tell(presence(12))
    assert gaps.missing == 10


def test_a_round_in_parts_is_not_missing_while_it_comes():
    gaps = GapCount("s")
    gaps.take(batch(1, 4, 1, 2), events(1, 3))
    assert gaps.missing == 0
    gaps.take(batch(1, 4, 2, 2, "other"), events(2, 4))
    assert (gaps.seen, gaps.missing) == (4, 0)


def test_the_rest_of_a_round_is_missing_when_the_next_begins():
    gaps = GapCount("s")
    gaps.take(batch(1, 4, 1, 2), events(1, 3))
    gaps.take(batch(5, 5), events(5))
    assert gaps.missing == 2


def test_what_comes_twice_counts_once():
    gaps = GapCount("s")
    gaps.take(batch(1, 3), events(1, 2, 3))
    assert list(gaps.take(batch(1, 4), events(1, 2, 3, 4))) == events(4)
    assert (gaps.seen, gaps.missing) == (4, 0)


def test_who_comes_late_misses_nothing_of_before():
    gaps = GapCount("s")
    assert not gaps.take(batch(50, 60, 2, 3), events(51))
    gaps.tell(presence(60))
    gaps.take(batch(61, 61), events(61))
    assert (gaps.seen, gaps.missing) == (1, 0)


def test_who_was_there_before_expects_everything():
    gaps = GapCount("s", from_start=True)
    gaps.tell(presence(5))
    assert gaps.missing == 5
    late = GapCount("s", from_start=True)
    late.tell(presence(100, since=90))
    assert late.missing == 11
