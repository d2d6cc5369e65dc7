"""The EventLog."""

import time

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.events.log import OTHER_TYPES, EventLog
from mdxdash.events.storage.event_store import EVENT_BYTES


def filled(count: int, limit: int = 1000) -> EventLog:
    log = EventLog(limit)
    for seq in range(1, count + 1):
        log.append("received", "chat", f"T{seq % 3}", time=float(seq))
    return log


def test_events_are_found_by_seq():
    log = filled(10)
    assert log[3].seq == 3
    assert [event.seq for event in log.slice(4, 7)] == [4, 5, 6]


def test_the_oldest_leave_memory_and_counts_stay():
    log = filled(2500, limit=1000)
    assert 1000 <= len(log) <= 1062
    assert log.first_seq == 2501 - len(log)
    assert sum(log.counts.values()) == 2500
    with pytest.raises(KeyError):
        log[1]


def test_the_log_numbers_its_events_from_1():
    log = EventLog()
    assert [log.append("fault").seq for _ in range(3)] == [1, 2, 3]
    assert log.next_seq == 4


def test_an_event_with_the_next_number_is_taken_and_any_other_refused():
    log = filled(3)
    seen: list[Event] = []
    log.subscribe(seen.append)
    for seq in (3, 5):
        with pytest.raises(ValueError, match="expected events from seq 4"):
            log.add(Event(seq, 1.0, "sent", "chat", "T1"))
    assert (log.next_seq, log.counts["T1"], seen) == (4, 1, [])
    event = Event(4, 1.0, "sent", "chat", "T1")
    log.add(event)
    assert (log[4], log.counts["T1"], seen) == (event, 2, [event])


def test_an_event_is_made_of_the_fields_that_it_is_given():
    given = Event(
        1,
        1e9,
        "log",
        "chat",
        "A",
        "b|c",
        "A|b|c",
        "VIManager",
        "Sent",
        "2026/11/22 19:48:26.306",
        7,
        9,
        True,
        3,
        0.012,
        True,
        "server",
        "macro",
    )
    fields = msgspec.structs.asdict(given)
    del fields["seq"]
    log = EventLog()
    assert log.append(**fields) == given
    assert log[1] == given


def test_an_event_whose_time_is_not_given_happens_now():
    before = time.time()
    assert before <= EventLog().append("fault").time <= time.time()


def test_an_acknowledgement_makes_a_new_event_and_calls_subscribers():
    log, changed = filled(3), []
    log.subscribe_changes(changed.append)
    before = log[2]
    log.acknowledge(2, 0.012)
    assert log[2].round_trip == 0.012
    assert before.round_trip is None
    assert changed == [log[2]]


def test_what_has_left_memory_can_be_acknowledged_without_harm():
    log = filled(2500, limit=1000)
    log.acknowledge(1, 0.012)
    log.lose(1)
    assert 1 not in log


def test_an_echo_is_not_counted_again():
    log = EventLog()
    log.append("sent", "chat", "A", time=0.0)
    log.append("received", "chat", "A", echo=1, round_trip=0.01, time=0.0)
    assert log.counts["A"] == 1


def test_marks_come_and_go_and_outlive_their_events_in_memory():
    log = filled(1000, limit=1000)
    assert log.toggle_mark(5) is True
    assert log.toggle_mark(6) is True
    assert log.toggle_mark(6) is False
    assert log.marked == {5}
    for _ in range(1001, 2001):
        log.append("received", "chat", "T", time=0.0)
    assert 5 not in log
    assert log.marked == {5}
    assert log.toggle_mark(7) is True
    assert log.toggle_mark(5) is False
    assert log.marked == {7}


@pytest.mark.parametrize("seq", [0, 4])
def test_what_never_happened_cannot_be_marked(seq: int):
    with pytest.raises(KeyError):
        filled(3).toggle_mark(seq)


def test_subscribers_get_every_event_until_they_unsubscribe():
    log, heard = EventLog(), []
    leave = log.subscribe(heard.append)
    log.append("fault", time=0.0)
    leave()
    log.append("fault", time=0.0)
    assert [event.seq for event in heard] == [1]


def some(first: int, count: int) -> list[Event]:
    """Events of every sort that is counted differently."""
    sorts: list[dict[str, object]] = [
        {"type": "A"},
        {"type": "B", "echo": 1},
        {"type": "A", "level": "Captured"},
        {"text": "no message"},
        {"type": "C"},
    ]
    given = ({"time": float(seq), **sorts[seq % 5]} for seq in range(first, first + count))
    return [Event(seq, kind="log", **each) for seq, each in enumerate(given, first)]  # type: ignore[arg-type]


@pytest.mark.parametrize("chunks", [[7, 3, 1, 0, 500], [3000], [1, 1062, 1], [1000, 62, 1, 200]])
def test_events_taken_together_are_as_events_taken_one_by_one(chunks: list[int]):
    alone, together = EventLog(1000), EventLog(1000)
    heard: list[Event] = []
    together.subscribe(heard.append)
    for count in chunks:
        events = some(together.next_seq, count)
        together.extend(events)
        for event in events:
            fields = msgspec.structs.asdict(event)
            del fields["seq"]
            alone.append(**fields)
    assert together.next_seq == alone.next_seq
    assert together.counts == alone.counts
    assert [event.seq for event in heard] == list(range(1, alone.next_seq))
    assert list(together)[-1000:] == list(alone)[-1000:]
    assert together.first_seq == together.next_seq - len(together)


@pytest.mark.parametrize("seqs", [[5], [3, 5], [4, 3], [2, 3]])
def test_events_with_a_hole_are_refused_together(seqs: list[int]):
    log = filled(2)
    with pytest.raises(ValueError, match="from seq 3 on"):
        log.extend([Event(seq, 0.0, "fault") for seq in seqs])
    assert (log.next_seq, len(log)) == (3, 2)


def test_memory_is_bounded_by_bytes_too():
    log = EventLog(limit=1000, bytes_limit=100_000)
    for _ in range(1, 501):
        log.append("received", "chat", "LONG", "x" * 1000, time=0.0)
    assert 30 <= len(log) <= 100_000 // 2000
    assert log[500].seq == 500


def test_a_single_event_stays_however_long_it_is():
    log = EventLog(limit=10, bytes_limit=1000)
    for _ in range(1, 4):
        log.append("received", "chat", "LONG", "x" * 60_000, time=0.0)
    assert [event.seq for event in log] == [3]


def test_what_is_not_given_has_its_default():
    assert EventLog().append("fault", time=1e9) == Event(1, 1e9, "fault")


def test_a_log_holds_one_event_at_least():
    with pytest.raises(ValueError, match="at least 1 event, not 0"):
        EventLog(0)
    log = EventLog(1)
    for _ in range(3):
        log.append("fault")
    assert [event.seq for event in log] == [3]


@pytest.mark.parametrize(
    ("limit", "most"), [(5, 6), (16, 17), (1000, 1062), (80_000, 80_000 + 4096)]
)
@pytest.mark.parametrize("together", [False, True])
def test_a_sixteenth_more_is_held_before_the_oldest_leave(limit: int, most: int, together: bool):
    log = EventLog(limit)

    def take(count: int) -> None:
        if together:
            first = log.next_seq
            log.extend([Event(seq, 1e9, "fault") for seq in range(first, first + count)])
        else:
            for _ in range(count):
                log.append("fault", time=1e9)

    take(most)
    assert len(log) == most
    take(1)
    assert len(log) == limit
    assert log.first_seq == most + 2 - limit


@pytest.mark.parametrize("together", [False, True])
def test_arguments_and_text_count_as_bytes(together: bool):
    log = EventLog(bytes_limit=10 * (EVENT_BYTES + 20))

    def take(count: int) -> None:
        for _ in range(count):
            if together:
                log.extend([Event(log.next_seq, 1e9, "log", args="x" * 4, text="x" * 6)])
            else:
                log.append("log", args="x" * 4, text="x" * 6)

    take(10)
    assert len(log) == 10
    take(1)
    assert len(log) == 9
    take(1)
    assert len(log) == 10
    take(1)
    assert len(log) == 9


def test_a_slice_is_of_the_events_in_memory():
    log = filled(2500, limit=1000)
    first, stop = log.first_seq, log.next_seq
    assert log.slice(1, first) == []
    assert log.slice(1, first + 1) == [log[first]]
    assert log.slice(first, first + 2) == [log[first], log[first + 1]]
    assert log.slice(stop - 1, stop + 9) == [log[stop - 1]]
    assert log.slice(stop, stop + 9) == []


def test_types_are_counted_one_by_one_up_to_a_number(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mdxdash.events.log.TYPES_COUNTED", 2)
    log = EventLog()
    for type_ in ("A", "B", "C", "A", "D", "B"):
        log.append("received", "chat", type_)
    assert log.counts == {"A": 2, "B": 2, OTHER_TYPES: 2}


def test_an_event_is_lost_until_its_echo_comes_after_all():
    log, changed = filled(2), []
    end = log.subscribe_changes(lambda event: changed.append((event.seq, event.lost)))
    log.lose(2)
    assert log[2].lost and not log[1].lost
    log.acknowledge(2, 0.5)
    assert not log[2].lost
    end()
    log.lose(1)
    assert changed == [(2, True), (2, False)]


def test_a_mark_of_an_event_that_is_still_to_come_is_there_when_it_comes():
    log, changed = filled(3), list[int]()
    log.subscribe_marks(changed.append)
    log.set_mark(5, True)
    log.set_mark(2, True)
    log.set_mark(2, True)
    assert (log.marked, changed) == ({2, 5}, [2])
    log.set_mark(5, False)
    log.restore_marks([1, 2])
    assert (log.marked, changed) == ({1, 2}, [2])


def test_subscribers_of_marks_get_each_change_until_they_unsubscribe():
    log, changed = filled(3), []
    end = log.subscribe_marks(changed.append)
    log.toggle_mark(1)
    log.toggle_mark(3)
    log.toggle_mark(1)
    end()
    log.toggle_mark(2)
    assert changed == [1, 3, 1]


def test_a_log_begins_at_any_number_and_a_gap_leaves_nothing_in_memory_before_it():
    log = EventLog()
    log.skip_to(101)
    assert (log.first_seq, log.next_seq, len(log)) == (101, 101, 0)
    log.extend([Event(101, 1e9, "fault"), Event(102, 1e9, "fault")])
    log.skip_to(103)
    assert [event.seq for event in log] == [101, 102]
    log.skip_to(110)
    assert (log.first_seq, len(log)) == (110, 0)
    assert log.append("fault").seq == 110
    with pytest.raises(ValueError, match="#111"):
        log.skip_to(110)


def test_what_left_memory_over_a_gap_is_no_more_counted_among_its_bytes():
    log = EventLog(bytes_limit=3 * EVENT_BYTES)
    log.extend([Event(seq, 1e9, "log") for seq in (1, 2, 3)])
    log.skip_to(9)
    log.extend([Event(seq, 1e9, "log") for seq in (9, 10, 11)])
    assert len(log) == 3


def test_events_whose_counts_were_restored_are_not_counted_again():
    log = EventLog()
    log.append("received", "chat", "OLD")
    log.skip_to(10)
    log.restore_counts({"A": 5, "B": 1}, 12)
    log.extend([Event(seq, 1e9, "received", "chat", "A") for seq in (10, 11, 12)])
    log.extend([Event(13, 1e9, "received", "chat", "B")])
    assert log.counts == {"A": 6, "B": 2}


def test_what_came_together_is_told_together_and_then_one_by_one():
    log, told = EventLog(), list[object]()
    log.subscribe(lambda event: told.append(event.seq))
    leave = log.subscribe_batches(lambda events: told.append([event.seq for event in events]))
    log.append("fault")
    log.extend([Event(seq, 1e9, "fault") for seq in (2, 3)])
    leave()
    log.append("fault")
    assert told == [[1], 1, [2, 3], 2, 3, 4]


def test_a_subscriber_that_fails_harms_no_other():
    log, told = EventLog(), list[int]()

    def fail(events: object) -> None:
        raise ValueError("no")

    log.subscribe_batches(fail)
    log.subscribe(fail)
    log.subscribe(lambda event: told.append(event.seq))
    log.extend([Event(seq, 1e9, "fault") for seq in (1, 2)])
    assert told == [1, 2]
