"""The hits of a find among the rows of a view."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.log import EventLog
from mdxdash.filters.filter import parse
from mdxdash.filters.finding.found_rows import FoundRows
from mdxdash.filters.view import View

FOREVER = 60.0
"""Seconds: a budget that the work at hand never uses up."""


def add(log: EventLog, type_: str, args: str = "") -> None:
    log.append("sent", "chat", type_, args, time=1000.0 + log.next_seq)


def log_of(*types: str) -> EventLog:
    log = EventLog()
    for type_ in types:
        add(log, type_)
    return log


def search(log: EventLog, filter_: str, find: str) -> tuple[View, FoundRows]:
    rows = View(log, lambda: 0.0, filter_=parse(filter_))
    found = FoundRows(rows, lambda: 0.0, parse(find))
    advance(rows, found)
    return rows, found


def advance(rows: View, found: FoundRows, budget: float = FOREVER) -> None:
    rows.advance(budget)
    found.advance(budget)


def seqs(view: View) -> list[int]:
    return [view.seq_at(row) for row in range(len(view))]


def test_only_rows_are_found_and_none_is_hidden():
    rows, found = search(log_of("AB", "B", "AC", "AB"), "type:A*", "type:*B")
    assert seqs(rows) == [1, 3, 4]
    assert seqs(found) == [1, 4]


def test_new_events_are_counted():
    log = log_of("A", "B")
    rows, found = search(log, "", "A")
    add(log, "A")
    advance(rows, found)
    assert seqs(found) == [1, 3]


def test_rows_that_are_only_context_are_found_too():
    log = log_of("X", "HIT", "A", "HIT", "X", "HIT")
    rows, found = search(log, "type:A", "HIT")
    assert seqs(found) == []
    rows.set_context(1)
    advance(rows, found)
    assert seqs(found) == [2, 4]
    add(log, "A")
    advance(rows, found)
    assert seqs(found) == [2, 4, 6]


def test_another_filter_of_the_rows_finds_anew():
    rows, found = search(log_of("A", "B", "A"), "", "A OR B")
    assert seqs(found) == [1, 2, 3]
    rows.set_filter(parse("type:B"))
    advance(rows, found)
    assert seqs(found) == [2]


def test_hits_have_numbers_from_one():
    _, found = search(log_of("A", "B", "A"), "", "A")
    assert [found.position(seq) for seq in (1, 2, 3)] == [1, 0, 2]


def test_next_and_previous_go_round():
    _, found = search(log_of("A", "B", "A", "B"), "", "A")
    assert [found.next(seq, 1) for seq in (1, 2, 3, 4)] == [3, 3, 1, 1]
    assert [found.next(seq, -1) for seq in (1, 2, 3, 4)] == [3, 1, 1, 3]
    _, nothing = search(log_of("A"), "", "B")
    assert (nothing.next(1, 1), nothing.next(1, -1), nothing.nearest(1)) == (None, None, None)


def test_the_nearest_is_here_or_after_else_the_last_one_before():
    _, found = search(log_of("B", "A", "B", "A", "B"), "", "A")
    assert [found.nearest(seq) for seq in range(1, 6)] == [2, 2, 4, 4, 4]


def test_where_to_go_is_not_known_before_it_was_looked_at():
    log = log_of(*["A"] * 2000)
    rows = View(log, lambda: 0.0)
    found = FoundRows(rows, lambda: 0.0, parse("A"))
    advance(rows, found, 0.0)
    assert not found.searched
    assert found.next(100, 1) is None
    assert found.nearest(100) is None
    assert found.next(1995, 1) == 1996
    assert found.next(1990, -1) == 1989
    advance(rows, found)
    assert found.next(100, 1) == 101


@given(st.data())
@settings(max_examples=40)
def test_whatever_happens_the_hits_are_the_rows_that_match(data: st.DataObject):
    log = EventLog(limit=48)
    rows = View(log, lambda: 0.0, filter_=parse("is:acked OR type:B"))
    rows.set_context(data.draw(st.integers(0, 2)))
    found = FoundRows(rows, lambda: 0.0, parse("x -is:marked"))
    for step in data.draw(st.lists(st.sampled_from("ABkmasS"), max_size=150)):
        if step in "AB":
            add(log, step, data.draw(st.sampled_from(["x", "y"])))
        elif step == "k" and len(log):
            log.acknowledge(data.draw(st.integers(log.first_seq, log.next_seq - 1)), 0.01)
        elif step == "m" and len(log):
            log.toggle_mark(data.draw(st.integers(log.first_seq, log.next_seq - 1)))
        elif step == "a":
            advance(rows, found)
        elif step == "s":
            advance(rows, found, 0.0)
        elif step == "S":
            found.advance(0.0)
    advance(rows, found)
    expected = [seq for seq in seqs(rows) if log[seq].args == "x" and seq not in log.marked]
    assert seqs(found) == expected
    assert found.complete
