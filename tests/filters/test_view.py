"""A filtered view on a log, taken in in slices."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.log import EventLog
from mdxdash.filters.filter import parse
from mdxdash.filters.regex import PatternBudget
from mdxdash.filters.view import View

FOREVER = 60.0
"""Seconds: a budget that the work at hand never uses up."""


def add(log: EventLog, type_: str, **fields: object) -> None:
    log.append("sent", "chat", type_, **fields, time=1000.0 + log.next_seq)  # type: ignore[arg-type]


def log_of(*types: str, limit: int = 100_000) -> EventLog:
    log = EventLog(limit)
    for type_ in types:
        add(log, type_)
    return log


def view_of(log: EventLog, text: str = "") -> View:
    view = View(log, lambda: 1000.0 + log.next_seq, filter_=parse(text))
    view.advance(FOREVER)
    return view


def seqs(view: View) -> list[int]:
    return [view.seq_at(row) for row in range(len(view))]


def test_rows_are_what_passes_in_order():
    assert seqs(view_of(log_of("A", "B", "A"), "type:A")) == [1, 3]


def test_new_events_come_at_the_end():
    log = log_of("A", "B")
    view = view_of(log, "type:A")
    add(log, "B")
    add(log, "A")
    assert view.advance(FOREVER)
    assert seqs(view) == [1, 4]


def test_the_newest_rows_are_there_before_the_whole_log_is_looked_through():
    log = log_of(*["A"] * 5000)
    view = View(log, lambda: 0.0)
    view.advance(0.0)
    assert view.seq_at(len(view) - 1) == 5000
    assert not view.complete
    view.advance(FOREVER)
    assert view.complete
    assert seqs(view) == list(range(1, 5001))


def test_rows_leave_with_their_events():
    log = log_of(*["A", "B"] * 500, limit=1000)
    view = view_of(log, "type:A")
    for _ in range(1000):
        add(log, "A")
    view.advance(FOREVER)
    assert seqs(view) == [event.seq for event in log if event.type == "A"]


def test_echoes_are_left_out_unless_the_filter_speaks_of_them():
    log = log_of("A")
    add(log, "A", echo=1)
    assert seqs(view_of(log)) == [1]
    assert seqs(view_of(log, "type:A")) == [1]
    assert seqs(view_of(log, "is:echo")) == [2]


def test_an_acknowledged_event_enters_and_leaves_at_its_position():
    log = log_of("A", "A", "A")
    acked, open_ = view_of(log, "is:acked"), view_of(log, "-is:acked")
    log.acknowledge(2, 0.01)
    acked.advance(FOREVER)
    open_.advance(FOREVER)
    assert seqs(acked) == [2]
    assert seqs(open_) == [1, 3]


def test_marks_are_followed():
    log = log_of("A", "A", "A")
    view = view_of(log, "is:marked")
    log.toggle_mark(3)
    log.toggle_mark(1)
    view.advance(FOREVER)
    assert seqs(view) == [1, 3]
    log.toggle_mark(1)
    view.advance(FOREVER)
    assert seqs(view) == [3]


def test_clearing_leaves_out_what_is_there():
    log = log_of("A", "A")
    view = view_of(log)
    view.clear()
    add(log, "B")
    view.advance(FOREVER)
    assert seqs(view) == [3]


def test_rows_are_found_by_seq():
    view = view_of(log_of("A", "B", "A", "B", "A"), "type:A")
    assert [view.row_of(seq) for seq in (1, 2, 3, 5, 6)] == [0, 1, 1, 2, 3]
    assert view.shows(3)
    assert not view.shows(2)


@given(st.data())
@settings(max_examples=60)
def test_whatever_happens_in_whatever_order_the_rows_are_the_filter_over_the_log(
    data: st.DataObject,
):
    log = EventLog(limit=64)
    view = View(log, lambda: 0.0, filter_=parse("type:A is:acked OR type:B"))
    for step in data.draw(st.lists(st.sampled_from("ABCkas"), max_size=300)):
        if step in "ABC":
            add(log, step)
        elif step == "k" and len(log):
            log.acknowledge(data.draw(st.integers(log.first_seq, log.next_seq - 1)), 0.01)
        elif step == "a":
            view.advance(FOREVER)
        elif step == "s":
            view.advance(0.0)
    view.advance(FOREVER)
    expected = [e.seq for e in log if (e.type == "A" and e.round_trip is not None) or e.type == "B"]
    assert seqs(view) == expected


def test_there_is_no_row_before_the_first_or_after_the_last():
    log = log_of("A", "A", limit=1)
    view = view_of(log_of("A"))
    for row in (-1, 1):
        with pytest.raises(IndexError):
            view.seq_at(row)
    view = View(log, lambda: 0.0)
    view.advance(FOREVER)
    add(log, "A")
    with pytest.raises(IndexError):
        view.event_at(0)


def test_an_event_is_found_by_its_row():
    log = log_of("A", "B", "A")
    view = view_of(log, "type:A")
    assert [view.event_at(row) for row in (0, 1)] == [log[1], log[3]]
    assert [view.passes(log[seq]) for seq in (1, 2, 3)] == [True, False, True]


def test_what_consists_of_events_passes_if_one_of_them_does() -> None:
    log = log_of("A", "B", "A", "C")
    view = view_of(log, "type:A")
    assert view.passes_any([2, 3])
    assert not view.passes_any([2, 4, 99])
    assert view_of(log).passes_any([])


def test_what_can_be_shown_begins_where_it_was_cleared():
    log = log_of("A", "A", limit=10)
    view = view_of(log)
    assert (view.begins_at, view.cleared) == (1, False)
    view.clear()
    assert (view.begins_at, view.cleared) == (3, True)
    for _ in range(20):
        add(log, "A")
    assert (view.begins_at, view.cleared) == (3, False)


def test_a_closed_view_takes_no_changes():
    log = log_of("A", "A")
    view = view_of(log, "-is:acked -is:marked")
    view.close()
    log.acknowledge(1, 0.1)
    log.toggle_mark(2)
    assert not view.advance(FOREVER)
    assert seqs(view) == [1, 2]


def test_it_is_known_whether_rows_changed():
    log = log_of("A", "B", limit=4)
    view = view_of(log, "type:A")
    assert not view.advance(FOREVER)
    add(log, "B")
    assert not view.advance(FOREVER)
    add(log, "A")
    assert view.advance(FOREVER)
    log.lose(2)
    assert view.advance(FOREVER)
    for _ in range(2):
        add(log, "B")
    assert view.advance(FOREVER)
    assert seqs(view) == [4]


def test_changes_among_old_and_new_rows_are_found():
    log = log_of("A", "A", "A")
    view = view_of(log, "-is:marked")
    for _ in range(3):
        add(log, "A")
    view.advance(FOREVER)
    for seq in (2, 5, 1, 6):
        log.toggle_mark(seq)
        view.advance(FOREVER)
    assert seqs(view) == [3, 4]
    for seq in (5, 1, 6, 2):
        log.toggle_mark(seq)
        view.advance(FOREVER)
    assert seqs(view) == [1, 2, 3, 4, 5, 6]


def test_a_change_before_its_event_was_looked_at_counts_once():
    log = log_of("A")
    view = View(log, lambda: 0.0, filter_=parse("-is:marked"))
    add(log, "A")
    log.toggle_mark(2)
    log.toggle_mark(1)
    log.toggle_mark(1)
    view.advance(FOREVER)
    assert seqs(view) == [1]
    assert view.complete


def test_a_pattern_that_took_too_long_is_named_until_another_filter_is_set(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("mdxdash.filters.regex.FREE_SECONDS", -1.0)
    monkeypatch.setattr(PatternBudget, "spend", lambda budget, seconds: False)
    view = view_of(log_of("A", "A"), "/A/")
    assert (len(view), view.complete) == (0, True)
    assert view.stopped.startswith("/A/ took over")
    view.set_filter(parse("type:A"))
    view.advance(FOREVER)
    assert (len(view), view.stopped) == (2, "")


def test_a_pattern_that_stops_shows_why_and_nothing_more_until_the_filter_changes() -> None:
    log = log_of("A")
    view = view_of(log, "/x/ OR /a.*b.*c.*d/")
    assert view.stopped == ""
    log.append("received", "chat", "A", "abc" * 600)
    log.append("received", "chat", "A", "x")
    view.advance(FOREVER)
    assert view.stopped == "/a.*b.*c.*d/ took over 5 ms on one event"
    assert seqs(view) == []
    assert not view.passes(log[3])
    view.set_filter(parse("/x/"))
    view.advance(FOREVER)
    assert (view.stopped, seqs(view)) == ("", [3])


def test_a_filter_with_patterns_begins_with_small_slices() -> None:
    """Each event may take 5 ms, so that a slice of 500 would block for seconds."""
    log = log_of(*["A"] * 600)
    view = View(log, lambda: 0.0, filter_=parse("/B/"))
    view.advance(0.0)
    assert view._scanned_down_to == 601 - 4
    view.set_filter(parse("B"))
    view.advance(0.0)
    assert view._scanned_down_to == 601 - 500


def test_a_slow_slice_halves_the_next_and_a_quick_one_doubles_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The clock is the test's own: each look at it costs as much as the test says."""
    now, cost = [0.0], [0.01]

    def clock() -> float:
        now[0] += cost[0]
        return now[0]

    monkeypatch.setattr("mdxdash.filters.view.perf_counter", clock)
    view = View(log_of(*["A"] * 5000), lambda: 0.0, filter_=parse("type:A"))
    scanned = [5001]
    for cost[0] in [0.01] * 10 + [0.001] * 12:
        view.advance(0.0)
        scanned.append(view._scanned_down_to)
    sizes = [a - b for a, b in pairwise(scanned)]
    assert sizes[:11] == [500, 250, 125, 62, 31, 15, 7, 3, 1, 1, 1]
    assert sizes[11:21] == [2, 4, 8, 16, 32, 64, 128, 256, 500, 500]


def test_context_is_shown_around_what_passes_and_told_apart() -> None:
    log = log_of("B", "B", "A", "B", "B", "B", "A")
    view = view_of(log, "type:A")
    view.set_context(1)
    view.advance(FOREVER)
    assert seqs(view) == [2, 3, 4, 6, 7]
    assert [view.is_context(seq) for seq in seqs(view)] == [True, False, True, True, False]
    assert view.passing == 2
    add(log, "B")
    add(log, "B")
    view.advance(FOREVER)
    assert seqs(view) == [2, 3, 4, 6, 7, 8]
    view.set_context(0)
    view.advance(FOREVER)
    assert seqs(view) == [3, 7]


def test_echoes_are_no_context() -> None:
    log = log_of("B", "A")
    add(log, "A", echo=2)
    add(log, "B")
    view = view_of(log, "type:A")
    view.set_context(1)
    view.advance(FOREVER)
    assert seqs(view) == [1, 2, 4]


def test_rows_between_two_events_are_found_on_both_sides_of_the_first_look() -> None:
    log = log_of("A", "B", "A", "A")
    view = view_of(log, "type:A")
    for type_ in ("A", "B", "A"):
        add(log, type_)
    view.advance(FOREVER)
    assert view.rows_between(1, 8) == [1, 3, 4, 5, 7]
    assert view.rows_between(2, 4) == [3]
    assert view.rows_between(4, 6) == [4, 5]


@given(st.data())
@settings(max_examples=60)
def test_whatever_happens_the_context_is_what_stands_near_what_passes(
    data: st.DataObject,
) -> None:
    log = EventLog(limit=48)
    view = View(log, lambda: 0.0, filter_=parse("is:acked OR type:B"))
    view._slice = data.draw(st.sampled_from([2, 500]))
    context = data.draw(st.integers(1, 3))
    view.set_context(context)
    for step in data.draw(st.lists(st.sampled_from("AABeklas"), max_size=200)):
        if step in "AB":
            add(log, step)
        elif step == "e":
            add(log, "E", echo=1)
        elif step in "kl" and len(log):
            seq = data.draw(st.integers(log.first_seq, log.next_seq - 1))
            log.acknowledge(seq, 0.01) if step == "k" else log.lose(seq)
        elif step == "a":
            view.advance(FOREVER)
        elif step == "s":
            view.advance(0.0)
    view.advance(FOREVER)
    events = [event for event in log if event.echo is None]
    passing = [i for i, e in enumerate(events) if e.type == "B" or e.round_trip is not None]
    near = [i for i in range(len(events)) if any(abs(i - other) <= context for other in passing)]
    assert seqs(view) == [events[i].seq for i in near]
    assert view.passing == len(passing)
