"""The EventLog: numbers every event of a session, keeps the newest in memory, calls subscribers.

It is the only owner of events. Appending is cheap enough for a flood (a list append, a count, a
call for each subscriber). Readers address events by `seq` and take slices, so that no reader goes
through the whole log at once. Older events in memory are columns (`event_store`), and become
`Event` objects again when they are asked for. Events that leave memory are in the recording.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from time import time as clock

from mdxdash.events.event import By, Event, Kind, Via
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.events.storage.event_batch import EventBatch
from mdxdash.events.storage.event_block import EventBlock
from mdxdash.events.storage.event_store import BLOCK, EVENT_BYTES, NEWEST, EventStore
from mdxdash.settings.model import LogSettings

_logger = logging.getLogger(__name__)

Subscriber = Callable[[Event], None]

BatchSubscriber = Callable[[EventBatch], None]

Older = Callable[[int, int], Sequence[Event]]
"""Reads the events of `start <= seq < stop` that have left memory from the recording. May block;
raises OSError."""

DEFAULT_LIMIT = LogSettings().events
"""Events held in memory, unless the settings differ."""

DEFAULT_BYTES_LIMIT = LogSettings().bytes
"""Bytes that the events in memory may take, approximately, unless the settings differ."""

TYPES_COUNTED = 4096
"""Types that are counted one by one. Bounded, since an agent may send endless garbage."""

OTHER_TYPES = "…"
"""The key under which all further types are counted together."""


class EventLog:
    """Append-only; the newest `limit` events stay in memory, or fewer that take `bytes_limit`.

    `counts` is how many events each message type had since the session began, also those that have
    left memory. Echoes are not counted, since they are the sent message again; nor are log lines
    with a message that was logged before (`Captured`). `next_seq` is the number of the next event.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT, bytes_limit: int = DEFAULT_BYTES_LIMIT) -> None:
        if limit < 1:
            raise ValueError(f"the log holds at least 1 event, not {limit}")
        self.limit = limit
        self.counts: Counter[str] = Counter()
        self.next_seq = 1
        self._marked: set[int] = set()
        self.bytes_limit = bytes_limit
        self._store = EventStore()
        self._newest = self._store.newest
        # Dropping one event at a time would move the whole list each time, so it overshoots.
        self._overshoot = limit + max(1, min(4096, limit // 16))
        self._newest_limit = 0
        """More events than this outside blocks are moved into one, or dropped."""
        self._set_newest_limit()
        self._batch_subscribers: list[BatchSubscriber] = []
        self._subscribers: list[Subscriber] = []
        self._change_subscribers: list[Subscriber] = []
        self._mark_subscribers: list[Callable[[int], None]] = []
        self._failed: set[Callable[..., None]] = set()
        self._counted_before = 0
        """Events below this number are in `counts` already: see `restore_counts`."""

    @property
    def first_seq(self) -> int:
        """The `seq` of the oldest event in memory; equals `next_seq` when there is none."""
        return self._store.first_seq

    @property
    def marked(self) -> Set[int]:
        """The numbers of the events that the user marked; always the same set, which changes."""
        return self._marked

    @property
    def newest_from(self) -> int:
        """The `seq` from which on events are in no block."""
        return self._store.newest_from

    def __len__(self) -> int:
        return len(self._store)

    def __iter__(self) -> Iterator[Event]:
        return iter(self._store)

    def __reversed__(self) -> Iterator[Event]:
        return reversed(self._store)

    def __contains__(self, seq: object) -> bool:
        return isinstance(seq, int) and self._store.first_seq <= seq < self.next_seq

    def __getitem__(self, seq: int) -> Event:
        """Returns the event of that `seq`. Raises `KeyError` when it is not in memory."""
        if seq not in self:
            raise KeyError(seq)
        return self._store.get(seq)

    def slice(self, start: int, stop: int) -> list[Event]:
        """Returns the events with `start <= seq < stop` that are in memory, in order."""
        return self._store.slice(start, stop)

    def block_of(self, seq: int) -> EventBlock | None:
        """Returns the columns that an event is kept in; None if it is kept as it is, or not in
        memory."""
        return self._store.block_of(seq)

    def signature_of(self, seq: int) -> Event:
        """Returns an event in memory, or one that has only those of its fields that a signature has
        (see `EventBlock`), which is quicker."""
        return self._store.signature_of(seq)

    def with_signature(self, matches: Callable[[Event], bool]) -> Iterator[Event]:
        """Yields the events in memory that match, oldest first. `matches` may look at the fields of
        a signature only (see `EventBlock`): where few match, it is a hundred times as quick as to
        look at all."""
        return self._store.with_signature(matches)

    def held(self) -> EventStore:
        """Returns the events in memory as they are now, which another thread may read."""
        return self._store.copy()

    def append(
        self,
        kind: Kind,
        agent: str = "",
        type: str = "",
        args: str = "",
        text: str = "",
        *,
        time: float | None = None,
        module: str = "",
        level: str = "",
        agent_time: str = "",
        ticks: int = 0,
        size: int = 0,
        cut: bool = False,
        echo: int | None = None,
        round_trip: float | None = None,
        lost: bool = False,
        via: Via = "",
        by: By = "",
        undecoded: str = "",
    ) -> Event:
        """Makes the next event, numbers it, and gives it to the subscribers.

        The arguments are the fields of `Event`; `time` is Unix time, now unless it is given.
        Returns the event.
        """
        # Without a dict of keywords: a flood calls this 50,000 times a second.
        event = Event(
            self.next_seq,
            clock() if time is None else time,
            kind,
            agent,
            type,
            args,
            text,
            module,
            level,
            agent_time,
            ticks,
            size,
            cut,
            echo,
            round_trip,
            lost,
            via,
            by,
            undecoded,
        )
        self.add(event)
        return event

    def add(self, event: Event) -> None:
        """Takes one new event, which has the next number, and gives it to the subscribers. Raises
        `ValueError` for another number."""
        if event.seq != self.next_seq:
            raise ValueError(f"expected events from seq {self.next_seq} on, got {event.seq}")
        self.next_seq += 1
        self._newest.append(event)
        type = event.type
        if type and event.echo is None and event.level != "Captured":
            if type in self.counts:
                self.counts[type] += 1
            else:
                self._count(type)
        store = self._store
        store.bytes += EVENT_BYTES + 2 * (len(event.args) + len(event.text)) + len(event.undecoded)
        if len(self._newest) > self._newest_limit or store.bytes > self.bytes_limit:
            self._settle()
        if self._batch_subscribers:
            self._publish_together(EventBatch((event,)))
        self._publish_singly((event,))

    def extend(self, events: Sequence[Event]) -> None:
        """Takes events that have their numbers, the next ones: what a file holds, or what came with
        one read; several times as fast as `append`. All or none are taken. Raises `ValueError` when
        the numbers do not follow."""
        if not events:
            return
        if type(events) is BlockEvents and self._counted_before <= self.next_seq:
            self._append_block(events)
            return
        first = self.next_seq
        if [event.seq for event in events] != list(range(first, first + len(events))):
            seqs = f"{events[0].seq} to {events[-1].seq}"
            raise ValueError(f"expected {len(events)} events from seq {first} on, got {seqs}")
        self.next_seq += len(events)
        self._newest += events
        uncounted = events[max(0, self._counted_before - first) :]
        new = Counter(
            [e.type for e in uncounted if e.type and e.echo is None and e.level != "Captured"]
        )
        for type_, count in new.items():
            self._count(type_, count)
        store = self._store
        batch = EventBatch(events)
        store.bytes += batch.memory
        if len(self._newest) > self._newest_limit or store.bytes > self.bytes_limit:
            self._settle()
        self._publish_together(batch)
        self._publish_singly(batch)

    def _append_block(self, events: BlockEvents) -> None:
        """Takes events that are columns already: nothing has to be looked at one by one."""
        block = events.block
        if block.first != self.next_seq:
            raise ValueError(f"expected events from seq {self.next_seq} on, got {block.first}")
        self.next_seq = block.stop
        self._store.append_block(block)
        for same, count in block.counts:
            if same.type:
                self._count(same.type, count)
        self._settle()
        if self._batch_subscribers or self._subscribers:
            batch = EventBatch(events)
            self._publish_together(batch)
            self._publish_singly(batch)

    def _publish_together(self, batch: EventBatch) -> None:
        for subscriber in self._batch_subscribers:
            try:
                subscriber(batch)
            except Exception:
                self._report_failure(subscriber)

    def _publish_singly(self, events: Sequence[Event]) -> None:
        if self._subscribers:
            for event in events:
                for subscriber in self._subscribers:
                    try:
                        subscriber(event)
                    except Exception:
                        self._report_failure(subscriber)

    def skip_to(self, seq: int) -> None:
        """Gives the next event this number. The events before it are elsewhere, or missing; those
        in memory leave it, since what is in memory has no gap. Raises `ValueError` for a number
        that was given already."""
        if seq < self.next_seq:
            raise ValueError(f"the next event is #{self.next_seq}, not #{seq}")
        if seq > self.next_seq:
            self._store.restart(seq)
            self.next_seq = seq
            self._set_newest_limit()

    def restore_counts(self, counts: Mapping[str, int], before: int) -> None:
        """Sets `counts` to those of the events before that `seq`, which `extend` then does not
        count again."""
        self.counts.clear()
        self.counts.update(counts)
        self._counted_before = before

    def _count(self, type_: str, times: int = 1) -> None:
        counts = self.counts
        known = type_ in counts or len(counts) < TYPES_COUNTED
        counts[type_ if known else OTHER_TYPES] += times

    def acknowledge(self, seq: int, round_trip: float) -> None:
        """Sets the round trip, in seconds, of a sent event in memory: its echo came."""
        self._set_outcome(seq, round_trip)

    def lose(self, seq: int) -> None:
        """Sets `lost` for a sent event in memory: no echo came in time."""
        self._set_outcome(seq, None)

    def toggle_mark(self, seq: int) -> bool:
        """Marks an event, or removes its mark; returns whether it is marked now. It may have left
        memory. Raises `KeyError` when there was no such event."""
        if not 0 < seq < self.next_seq:
            raise KeyError(seq)
        self.set_mark(seq, seq not in self._marked)
        return seq in self._marked

    def set_mark(self, seq: int, marked: bool) -> None:
        """Marks an event, or removes its mark. One that is still to come, of a log that follows
        another one, has its mark when it comes; subscribers, who show no such event, are not
        called, nor where nothing changes."""
        if (seq in self._marked) == marked:
            return
        self._marked ^= {seq}
        if seq >= self.next_seq:
            return
        for mark_subscriber in self._mark_subscribers:
            try:
                mark_subscriber(seq)
            except Exception:
                self._report_failure(mark_subscriber)

    def restore_marks(self, marked: Iterable[int]) -> None:
        """Takes over the marks of another process; subscribers, of whom there is none yet, are not
        called."""
        self._marked.update(marked)

    def subscribe_batches(self, subscriber: BatchSubscriber) -> Callable[[], None]:
        """Calls `subscriber` with the new events that came together, at least one, before those of
        `subscribe` get them one by one. Otherwise it is the same."""
        self._batch_subscribers.append(subscriber)
        return lambda: self._batch_subscribers.remove(subscriber)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Calls `subscriber` with every new event, one by one and in order, within `append`; it
        must be quick, and must not append. When it is called, events that came together with this
        one are in the log already. An exception of it is logged, and reaches neither the others nor
        whoever appends. Returns a function that ends the subscription."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def subscribe_changes(self, subscriber: Subscriber) -> Callable[[], None]:
        """Calls `subscriber` with every event that was acknowledged or lost. Returns a function
        that ends the subscription."""
        self._change_subscribers.append(subscriber)
        return lambda: self._change_subscribers.remove(subscriber)

    def subscribe_marks(self, subscriber: Callable[[int], None]) -> Callable[[], None]:
        """Calls `subscriber` with the `seq` of every event whose mark was set or removed. Returns a
        function that ends the subscription."""
        self._mark_subscribers.append(subscriber)
        return lambda: self._mark_subscribers.remove(subscriber)

    def _set_outcome(self, seq: int, round_trip: float | None) -> None:
        if seq not in self:
            return
        event = self._store.set_outcome(seq, round_trip)
        for subscriber in self._change_subscribers:
            try:
                subscriber(event)
            except Exception:
                self._report_failure(subscriber)

    def _report_failure(self, subscriber: Callable[..., None]) -> None:
        """Logs the exception that is being handled; once a subscriber, since a flood may follow."""
        if subscriber not in self._failed:
            self._failed.add(subscriber)
            _logger.exception("a subscriber of the log failed: %r", subscriber)

    def _settle(self) -> None:
        """Moves older events into blocks, and drops the oldest, by count and by bytes."""
        store = self._store
        store.settle()
        if len(store) > self._overshoot or store.bytes > self.bytes_limit:
            store.drop_before(max(store.first_seq, self.next_seq - self.limit))
        if store.bytes > self.bytes_limit:
            # A sixteenth more than needed, or the next event would start it again.
            store.drop_to(self.bytes_limit - self.bytes_limit // 16)
        self._set_newest_limit()

    def _set_newest_limit(self) -> None:
        store = self._store
        in_blocks = store.newest_from - store.first_seq
        self._newest_limit = min(NEWEST + BLOCK - 1, self._overshoot - in_blocks)
