"""The log's events in memory, beside a plain list."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from mdxdash.events import log
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.storage import event_store
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.events.storage.event_store import EventStore
from mdxdash.filters.filter import EMPTY, Context, parse
from mdxdash.filters.view import View
from tests.support.random_events import block_of_received, events


@pytest.fixture(autouse=True)
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        make_blocks_small(patch)
        yield


def make_blocks_small(patch: pytest.MonkeyPatch) -> None:
    for module in (event_store, log):
        patch.setattr(module, "BLOCK", 8)
        patch.setattr(module, "NEWEST", 4)


def filled(count: int, limit: int = 1000, **fields: str) -> EventLog:
    found = EventLog(limit)
    for seq in range(1, count + 1):
        found.append("received", "chat", f"T{seq % 3}", **fields, time=float(seq))
    return found


def is_rare(event: Event) -> bool:
    return event.kind in ("connected", "fault") or event.lost


def test_older_events_are_in_blocks_and_newer_ones_are_not() -> None:
    held = filled(30)
    assert held.newest_from == 25
    blocks = [held.block_of(seq) for seq in (1, 8, 9, 24)]
    assert [(block.first, block.stop) for block in blocks if block] == [
        (1, 9), (1, 9), (9, 17), (17, 25),
    ]  # fmt: skip
    assert held.block_of(25) is None
    assert held.block_of(31) is None


def test_events_of_a_block_that_have_left_memory_are_not_found_by_their_signature() -> None:
    held = filled(9, limit=20)
    held.append("fault", "chat", text="left memory")
    held.append("fault", "chat", text="stays")
    for _ in range(19):
        held.append("received", "chat", "T0")
    assert (held.first_seq, held.block_of(11) is not None) == (11, True)
    assert [event.text for event in held.with_signature(is_rare)] == ["stays"]


def test_events_are_found_by_their_signature_though_the_log_goes_on_meanwhile() -> None:
    held = filled(30)
    found = held.with_signature(lambda event: event.type == "T0")
    first = next(found)
    for _ in range(20):
        held.append("received", "chat", "T0")
    assert [first.seq, *(event.seq for event in found)] == list(range(3, 31, 3))


def test_the_same_object_is_made_of_columns_while_it_is_looked_at() -> None:
    held = filled(30)
    assert held[3] is held[3]
    held.lose(3)
    assert held[3].lost and held[3] is held[3]


def test_long_texts_make_short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_store, "BLOCK_CHARACTERS", 300)
    held = filled(30, args="x" * 100)
    block = held.block_of(1)
    assert block is not None
    assert len(block) == 3
    assert [event.seq for event in held] == list(range(1, 31))
    longer = filled(30, args="x" * 1000)
    assert (block := longer.block_of(1)) is not None
    assert len(block) == 1


def test_blocks_take_less_than_their_events_and_are_freed_with_them() -> None:
    held = filled(1000)
    store = held._store
    assert store.bytes < 1000 * event_store.EVENT_BYTES
    store.drop_to(1)
    assert (len(store), store.bytes) == (1, event_store.EVENT_BYTES)
    held.skip_to(2000)
    assert (store.bytes, len(store)) == (0, 0)


def test_what_is_held_stays_while_the_log_goes_on() -> None:
    log_ = filled(30)
    held, before = log_.held(), list(log_)
    log_.lose(3)
    log_.lose(29)
    log_.skip_to(100)
    assert held.slice(1, 99) == before
    assert list(held) == before
    assert list(reversed(held)) == before[::-1]


def test_a_store_without_events_is_empty() -> None:
    store = EventStore()
    assert (len(store), list(store), list(reversed(store)), store.slice(0, 9)) == (0, [], [], [])


FILTER = parse("type:gene OR カナ OR is:acked,lost OR -is:marked after:14:00")


class LogBesideList(RuleBasedStateMachine):
    """A log, a view of it, and a list of the same events."""

    @initialize(limit=st.integers(1, 60), bytes_limit=st.sampled_from((2**29, 6000)))
    def begin(self, limit: int, bytes_limit: int) -> None:
        self.patch = pytest.MonkeyPatch()
        make_blocks_small(self.patch)
        self.log = EventLog(limit, bytes_limit)
        self.view = View(self.log, lambda: 0.0, filter_=FILTER)
        self.events: dict[int, Event] = {}
        self.next_seq = 1

    def teardown(self) -> None:
        self.patch.undo()

    @rule(given=events(), together=st.booleans())
    def add(self, given: list[Event], together: bool) -> None:
        moved = [
            msgspec.structs.replace(event, seq=self.next_seq + index)
            for index, event in enumerate(given)
        ]
        if together:
            self.log.extend(moved)
        else:
            for event in moved:
                fields = msgspec.structs.asdict(event)
                del fields["seq"]
                self.log.append(**fields)
        self.events |= {event.seq: event for event in moved}
        self.next_seq += len(moved)

    @rule(given=events(least=1))
    def add_columns(self, given: list[Event]) -> None:
        plain = [
            Event(self.next_seq + index, e.time, "received", e.agent, e.type, e.args, size=e.size)
            for index, e in enumerate(given)
        ]
        self.log.extend(BlockEvents(block_of_received(plain)))
        self.events |= {event.seq: event for event in plain}
        self.next_seq += len(plain)

    @precondition(lambda self: len(self.log) > 0)
    @rule(data=st.data(), what=st.sampled_from(("acknowledge", "lose", "mark")))
    def change(self, data: st.DataObject, what: str) -> None:
        seq = data.draw(st.integers(self.log.first_seq, self.next_seq - 1))
        if what == "mark":
            self.log.toggle_mark(seq)
        elif what == "lose":
            self.log.lose(seq)
            self.events[seq] = msgspec.structs.replace(self.events[seq], lost=True)
        else:
            self.log.acknowledge(seq, 0.5)
            changed = msgspec.structs.replace(self.events[seq], lost=False, round_trip=0.5)
            self.events[seq] = changed

    @rule(gap=st.integers(0, 20))
    def skip(self, gap: int) -> None:
        self.next_seq += gap
        self.log.skip_to(self.next_seq)
        if gap:
            self.events.clear()

    @rule(budget=st.sampled_from((0.0, 60.0)))
    def look(self, budget: float) -> None:
        self.view.advance(budget)

    @rule()
    def begin_anew(self) -> None:
        self.view.set_filter(FILTER)

    @rule(sure=st.sampled_from((False, False, True)))
    def clear(self, sure: bool) -> None:
        if sure:
            self.view.clear()

    @invariant()
    def they_are_the_same(self) -> None:
        log_ = self.log
        assert log_.next_seq == self.next_seq
        held = [e for seq, e in self.events.items() if seq >= log_.first_seq]
        assert list(log_) == held
        assert len(held) <= log_.limit + max(1, log_.limit // 16)

        middle = (log_.first_seq + log_.next_seq) // 2
        assert log_.slice(middle - 5, middle + 15) == [
            e for e in held if middle - 5 <= e.seq < middle + 15
        ]
        assert all(log_[event.seq] == event for event in held)
        assert list(log_.with_signature(is_rare)) == [event for event in held if is_rare(event)]

    @invariant()
    def the_view_has_the_rows_that_pass(self) -> None:
        self.view.advance(60.0)
        passes = FILTER.compile(Context(now=lambda: 0.0, marked=self.log.marked))
        begin = self.view.begins_at
        expected = [e.seq for e in self.log if e.seq >= begin and e.echo is None and passes(e)]
        rows = range(len(self.view))
        assert [self.view.seq_at(row) for row in rows] == expected
        assert [self.view.row_of(seq) for seq in expected] == list(rows)
        assert self.view.complete


LogBesideList.TestCase.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
TestLogBesideList = LogBesideList.TestCase


def test_a_view_without_a_filter_leaves_echoes_out_of_blocks_too() -> None:
    held = EventLog()
    for seq in range(1, 31):
        held.append("received", "chat", "A", echo=1 if seq % 5 == 0 else None)
    view = View(held, lambda: 0.0, filter_=EMPTY)
    view.advance(60.0)
    assert [view.seq_at(row) for row in range(len(view))] == [n for n in range(1, 31) if n % 5]
