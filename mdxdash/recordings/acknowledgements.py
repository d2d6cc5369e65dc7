"""Puts acknowledgements back: what a recording says in the echo's line, and by its absence.

A recording is only appended to, so a sent event stands in it as it was when it left. Its round
trip stands in the line of its echo, which comes a little later; that it was lost stands nowhere.
"""

from collections import deque
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import force_setattr

from mdxdash.events.event import Event
from mdxdash.wire.framing import expected_echo
from mdxdash.wire.message import Message

LOST_AFTER: Final = 5.5
"""Seconds of the recording without an echo after which a sent event is lost: the hub waits for
5 s, and looks four times a second."""

_LOOK_AHEAD: Final = 256
"""Chunks that wait for echoes at most, however the clock of the recording jumped."""

_SHARED_MAX: Final = 4096


class _SentAwaitingEcho(NamedTuple):
    """A sent event whose echo has not been read yet, and where it stands."""

    event: Event
    chunk: "_Chunk"
    place: int


class _Chunk:
    """Events that are held back until each sent one among them is acknowledged or lost."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self.open = 0


class Acknowledger:
    """Takes the events of a recording in chunks, and gives them out with their marks. Equal
    types and names become one object: a million events would hold a million copies otherwise.

    With `whole` false, an echo that is not there means nothing: the file may say less than what
    happened."""

    def __init__(self, *, whole: bool = True) -> None:
        self._whole = whole
        self._held: deque[_Chunk] = deque()
        self._waiting: dict[int, _SentAwaitingEcho] = {}
        self._shared: dict[str, str] = {}

    def take(self, events: list[Event]) -> list[list[Event]]:
        """The chunks that are done once these events have been looked at."""
        if not events:
            return self._release(_LOOK_AHEAD)
        chunk = _Chunk(events)
        self._held.append(chunk)
        known, share = self._shared.get, self._share
        for index, event in enumerate(events):
            force_setattr(event, "type", known(event.type) or share(event.type))
            force_setattr(event, "agent", known(event.agent) or share(event.agent))
            if event.echo is not None:
                self._acknowledge(event.echo, event.round_trip)
            elif event.kind == "sent":
                self._expect(event, chunk, index)
            elif event.kind == "disconnected":
                self._lose_all(event.agent)
        self._lose_until(events[-1].time - LOST_AFTER)
        return self._release(_LOOK_AHEAD)

    def forget(self) -> None:
        """Echoes may be missing from here on: nothing that waits is called lost."""
        for waiting in self._waiting.values():
            waiting.chunk.open -= 1
        self._waiting.clear()

    def finish(self) -> list[list[Event]]:
        """The chunks that are left at the end of the recording."""
        return self._release(0)

    def _share(self, text: str) -> str:
        return self._shared.setdefault(text, text) if len(self._shared) < _SHARED_MAX else text

    def _expect(self, event: Event, chunk: _Chunk, index: int) -> None:
        done = event.round_trip is not None or event.lost
        if done or expected_echo(Message(event.type, event.args)) is None:
            return
        self._waiting[event.seq] = _SentAwaitingEcho(event, chunk, index)
        chunk.open += 1

    def _acknowledge(self, seq: int, round_trip: float | None) -> None:
        waiting = self._waiting.pop(seq, None)
        if waiting is not None:
            _change(waiting, round_trip=round_trip)

    def _lose_all(self, agent: str) -> None:
        for seq in [seq for seq, each in self._waiting.items() if each.event.agent == agent]:
            _change(self._waiting.pop(seq), lost=self._whole)

    def _lose_until(self, time: float) -> None:
        # In order of sending, so the first one that may still come ends the search.
        while self._waiting:
            seq = next(iter(self._waiting))
            if self._waiting[seq].event.time > time:
                return
            _change(self._waiting.pop(seq), lost=self._whole)

    def _release(self, keep: int) -> list[list[Event]]:
        done = []
        while self._held and (not self._held[0].open or len(self._held) > keep):
            done.append(self._held.popleft().events)
        return done


def _change(waiting: _SentAwaitingEcho, **marks: object) -> None:
    chunk = waiting.chunk
    chunk.events[waiting.place] = msgspec.structs.replace(waiting.event, **marks)
    chunk.open -= 1
