"""A log that is kept as the hub's."""

import pytest

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.remote.attached.log_mirror import LogMirror, OtherSession
from mdxdash.remote.protocol import Behind, Changed, Marked
from tests.support.scripted_hub import said, welcome


def mirror(*events: Event) -> LogMirror:
    log = EventLog()
    if events:
        log.skip_to(events[0].seq)
        log.extend(events)
    return LogMirror(log)


def test_the_last_event_is_asked_for_again_and_taken_once():
    mine = mirror(said(7), said(8))
    assert mine.after == 7
    mine.begin(welcome(first_sent=8, next_seq=10))
    mine.take([said(8), said(9)])
    assert [event.seq for event in mine.log] == [7, 8, 9]


def test_a_log_without_events_asks_for_those_from_its_beginning():
    mine = mirror()
    mine.log.skip_to(41)
    assert mine.after == 40
    mine.begin(welcome(first_sent=41, next_seq=43))
    mine.take([said(41), said(42)])
    assert [event.seq for event in mine.log] == [41, 42]


def test_another_event_of_that_number_is_of_another_session():
    mine = mirror(said(7), said(8))
    mine.begin(welcome(first_sent=8, next_seq=10))
    with pytest.raises(OtherSession):
        mine.take([said(8, "another"), said(9)])


def test_an_acknowledgement_meanwhile_makes_no_other_event():
    sent = Event(8, 1e9, "sent", "chat", "A", "1")
    mine = mirror(said(7), sent)
    mine.take([Event(8, 1e9, "sent", "chat", "A", "1", round_trip=0.5), said(9)])
    assert mine.log.next_seq == 10


def test_a_hub_that_is_behind_has_another_session():
    with pytest.raises(OtherSession):
        mirror(said(7), said(8)).begin(welcome(first_sent=1, next_seq=8))


def test_what_nobody_has_is_left_out():
    mine = mirror(said(7), said(8))
    mine.skip(Behind(9, 19))
    mine.take([said(20)])
    assert [event.seq for event in mine.log] == [20]
    mine.skip(Behind(3, 19))
    assert [event.seq for event in mine.log] == [20]


def test_counts_are_those_of_the_hub_and_grow_with_new_events():
    mine = mirror()
    mine.begin(welcome(counts={"SAID": 90, "GONE": 2}, next_seq=4))
    mine.take([said(1), said(2), said(3), said(4)])
    assert mine.log.counts == {"SAID": 91, "GONE": 2}


def test_acknowledgements_and_lost_echoes_are_taken_over():
    sent = [Event(seq, 1e9, "sent", "chat", "A") for seq in (1, 2)]
    mine = mirror(*sent)
    mine.change(Changed(1, round_trip=0.25))
    mine.change(Changed(2, lost=True))
    mine.change(Changed(3, lost=True))
    assert (mine.log[1].round_trip, mine.log[2].lost) == (0.25, True)


def test_marks_of_the_hub_are_taken_over_and_known_as_its_own():
    mine = mirror(said(1), said(2), said(3))
    seen: list[tuple[int, bool]] = []
    mine.log.subscribe_marks(lambda seq: seen.append((seq, mine.marks_from_hub)))
    mine.log.toggle_mark(2)
    mine.begin(welcome(marked=(1, 9)))
    assert mine.log.marked == {1, 9}
    mine.mark(Marked(3, True))
    mine.mark(Marked(3, True))
    mine.mark(Marked(9, False))
    assert mine.log.marked == {1, 3}
    assert seen[0] == (2, False)
    assert sorted(seen[1:]) == [(1, True), (2, True), (3, True)]
