"""Completes the sent events of a recording with their round trip, or with the loss of their echo.

A recording is only appended to, so a sent event is recorded as it was when it was sent. Its round
trip is in the line of its echo, which comes a little later. That no echo came is not recorded.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.wire.framing import expected_echo
from mdxdash.wire.message import Message

LOST_AFTER: Final = 5.5
"""Seconds of the recording without an echo after which a sent event is lost: the hub waits for
5 s, and looks four times a second."""

_LOOK_AHEAD: Final = 256
"""The most chunks that wait for echoes, even if the clock of the recording jumps."""


class _SentAwaitingEcho(NamedTuple):
    """A sent event whose echo has not been read yet, and its position in its chunk."""

    event: Event
    chunk: "_Chunk"
    position: int


class _Chunk:
    """Events that are held back until each sent one among them is acknowledged or lost."""

    def __init__(self, events: list[Event] | BlockEvents) -> None:
        self.events = events
        self.open = 0
        self.waiting: list[int] = []
        """The `seq` of those sent events, and of some that are acknowledged or lost by now."""


class Acknowledger:
    """Takes the events of a recording in chunks, and returns them completed.

    With `whole` false, a missing echo means nothing: the file may not hold all that happened."""

    def __init__(self, *, whole: bool = True) -> None:
        self._whole = whole
        self._held: deque[_Chunk] = deque()
        self._waiting: dict[int, _SentAwaitingEcho] = {}
        self._waiting_of: dict[str, dict[int, None]] = {}
        """The keys of `_waiting` by agent, so that a disconnection costs only its own."""

    def take(self, events: list[Event]) -> list[Sequence[Event]]:
        """Takes the next events; returns the chunks that are complete now."""
        if not events:
            return self._release(_LOOK_AHEAD)
        chunk = _Chunk(events)
        self._held.append(chunk)
        # Nearly all events neither are, nor expect, an echo.
        concerned = [
            index
            for index, event in enumerate(events)
            if event.kind != "received" or event.echo is not None
        ]
        for index in concerned:
            event = events[index]
            if event.echo is not None:
                self._acknowledge(event.echo, event.round_trip)
            elif event.kind == "sent":
                self._expect(event, chunk, index)
            elif event.kind == "disconnected":
                self._lose_all(event.agent)
        self._lose_until(events[-1].time - LOST_AFTER)
        return self._release(_LOOK_AHEAD)

    def take_received(self, events: BlockEvents) -> list[Sequence[Event]]:
        """Takes the next events, which concern nobody; returns the chunks that are complete now."""
        self._held.append(_Chunk(events))
        self._lose_until(events.block.times[-1] - LOST_AFTER)
        return self._release(_LOOK_AHEAD)

    def forget(self) -> None:
        """Stops waiting for echoes, which may be missing from here on: no event counts as lost."""
        for waiting in self._waiting.values():
            waiting.chunk.open -= 1
        self._waiting.clear()
        self._waiting_of.clear()

    def finish(self) -> list[Sequence[Event]]:
        """Returns the chunks that are left at the end of the recording."""
        return self._release(0)

    def _expect(self, event: Event, chunk: _Chunk, index: int) -> None:
        done = event.round_trip is not None or event.lost
        if done or expected_echo(Message(event.type, event.args)) is None:
            return
        if (earlier := self._take_waiting(event.seq)) is not None:
            earlier.chunk.open -= 1  # a damaged file may hold the same number twice
        self._waiting[event.seq] = _SentAwaitingEcho(event, chunk, index)
        self._waiting_of.setdefault(event.agent, {})[event.seq] = None
        chunk.waiting.append(event.seq)
        chunk.open += 1

    def _take_waiting(self, seq: int) -> _SentAwaitingEcho | None:
        waiting = self._waiting.pop(seq, None)
        if waiting is not None:
            agent = waiting.event.agent
            del self._waiting_of[agent][seq]
            if not self._waiting_of[agent]:
                del self._waiting_of[agent]
        return waiting

    def _acknowledge(self, seq: int, round_trip: float | None) -> None:
        waiting = self._take_waiting(seq)
        if waiting is not None:
            _change(waiting, round_trip=round_trip)

    def _lose_all(self, agent: str) -> None:
        for seq in list(self._waiting_of.get(agent, ())):
            self._lose(seq)

    def _lose_until(self, time: float) -> None:
        # In order of sending, so the first whose echo may still come ends the search.
        while self._waiting:
            seq = next(iter(self._waiting))
            if self._waiting[seq].event.time > time:
                return
            self._lose(seq)

    def _lose(self, seq: int) -> None:
        waiting = self._take_waiting(seq)
        if waiting is not None:
            _change(waiting, lost=self._whole)

    def _release(self, keep: int) -> list[Sequence[Event]]:
        done: list[Sequence[Event]] = []
        while self._held and (not self._held[0].open or len(self._held) > keep):
            chunk = self._held.popleft()
            if chunk.open:
                # Nothing is changed any more in a chunk that was given out.
                for seq in chunk.waiting:
                    waiting = self._waiting.get(seq)
                    if waiting is not None and waiting.chunk is chunk:
                        self._take_waiting(seq)
            done.append(chunk.events)
        return done


def _change(waiting: _SentAwaitingEcho, **marks: object) -> None:
    chunk = waiting.chunk
    assert isinstance(chunk.events, list)  # a sent event is in no `BlockEvents`
    chunk.events[waiting.position] = msgspec.structs.replace(waiting.event, **marks)
    chunk.open -= 1
