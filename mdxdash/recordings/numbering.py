"""Numbers the events of a file from 1 without a gap, as a log needs them.

A recording may have gaps, damaged lines, or several runs one after the other. For what is missing a
`fault` event is inserted, and numbers that refer to events (`echo`, marks) are changed to match.
"""

from bisect import bisect_right
from operator import attrgetter
from typing import NamedTuple

from msgspec.structs import force_setattr

from mdxdash.events.event import Event
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.language.translation import N_
from mdxdash.recordings.file_format import Gap, Header, Mark
from mdxdash.recordings.importing.input_format import UNKNOWN_SEQ, Damage, Parsed


class _Span(NamedTuple):
    """A part of the file whose numbers differ from ours by the same `shift`."""

    first: int
    before: int
    """The last number of the span before this one."""
    shift: int


_first = attrgetter("first")


class Bookmark(NamedTuple):
    """The state of a `Numbering`. The spans are shared, since they only grow."""

    next_seq: int
    time: float
    explained: bool
    spans: list[_Span]
    span_count: int
    last: int
    damaged: bool


class Numbering:
    """Goes through a file from its beginning. With `whole` false, numbers that are missing are no
    gap, as in an export of what passed a filter."""

    def __init__(self, *, whole: bool = True) -> None:
        self.next_seq = 1
        self.marked: set[int] = set()
        self._whole = whole
        self._time = 0.0
        self._explained = True
        self._spans: list[_Span] = []
        self._last = UNKNOWN_SEQ
        self._damaged = False
        """Whether the last line was a damaged one: those behind it make no event of their own.
        This holds wherever the file is cut into blocks, so that the numbers are always the same."""

    def bookmark(self) -> "Bookmark":
        """Returns the present state, to continue from here another time."""
        return Bookmark(
            self.next_seq,
            self._time,
            self._explained,
            self._spans,
            len(self._spans),
            self._last,
            self._damaged,
        )

    def go_to(self, bookmark: "Bookmark") -> None:
        """Continues from where the bookmark was made."""
        self.next_seq, self._time, self._explained, spans, count, self._last, self._damaged = (
            bookmark
        )
        self._spans = spans[:count]

    def _begin_run(self) -> None:
        """Another run begins in the file, which counts from 1."""
        self._spans = []
        self._last = UNKNOWN_SEQ

    def begin_at(self, events: list[Event]) -> None:
        """Gives what is missing before the first event of the file the time of that event: the
        first of these. Later calls change nothing."""
        if events and not self._time:
            self._time = events[0].time

    def take(self, parsed: Parsed) -> list[Event]:
        """Returns the events of the next piece, with `fault` events for what is missing."""
        events = parsed.events
        plain = not parsed.others and len(self._spans) == 1 and self._spans[0].shift == 0
        if plain and events and self._last == self.next_seq - 1 and _is_run(events, self.next_seq):
            self._last = events[-1].seq
            self.next_seq = self._last + 1
            self._time = events[-1].time
            self._explained = self._damaged = False
            return events
        self.begin_at(events)
        return self._renumber(parsed)

    def take_run(self, events: BlockEvents) -> bool:
        """Takes events as they are, if they have the numbers that come next; otherwise it takes
        nothing, and returns False."""
        plain = len(self._spans) == 1 and self._spans[0].shift == 0
        if not plain or not self._last == self.next_seq - 1 == events.block.first - 1:
            return False
        self._last = events.block.stop - 1
        self.next_seq = events.block.stop
        self._time = events.block.times[-1]
        self._explained = self._damaged = False
        return True

    def _renumber(self, parsed: Parsed) -> list[Event]:
        taken: list[Event] = []
        done = 0
        for before, other in parsed.others:
            for event in parsed.events[done:before]:
                self._take_event(event, taken)
            done = before
            self._take_other(other, taken)
        for event in parsed.events[done:]:
            self._take_event(event, taken)
        return taken

    def _take_event(self, event: Event, taken: list[Event]) -> None:
        self._time = event.time
        if event.seq != UNKNOWN_SEQ:
            self._follow(event.seq, taken)
        self._explained = self._damaged = False
        echo = None if event.echo is None else self._ours(event.echo)
        # The event was just decoded and is used nowhere else yet; a copy takes ten times as long.
        force_setattr(event, "seq", self.next_seq)
        force_setattr(event, "echo", echo)
        taken.append(event)
        self.next_seq += 1

    def _follow(self, seq: int, taken: list[Event]) -> None:
        """Takes note of the number that the next event has in the file."""
        expected, self._last = self._last + 1, seq
        if self._spans and seq == expected and seq + self._spans[-1].shift == self.next_seq:
            return
        if self._whole and self._spans and seq != expected and not self._explained:
            missing = seq - expected
            gap = (
                N_("one event is missing from the recording")
                if missing == 1
                else N_("{missing:,} events are missing from the recording")
            )
            self._report(
                gap.format(missing=missing)
                if missing > 0
                else N_("the recording counts {seq:,} after {expected:,}").format(
                    seq=seq, expected=expected - 1
                ),
                taken,
            )
        if seq < expected:
            self._spans = []
        self._spans.append(_Span(seq, expected - 1, self.next_seq - seq))

    def _take_other(self, other: Header | Gap | Mark | Damage, taken: list[Event]) -> None:
        if isinstance(other, Damage):
            if not self._damaged or not other.line:
                self._report(_damage_text(other), taken)
            self._damaged = True
            return
        self._damaged = False
        if isinstance(other, Mark):
            seq = self._ours(other.seq)
            (self.marked.add if other.on else self.marked.discard)(seq)
        elif isinstance(other, Header):
            self._begin_run()
        else:
            count = other.last - other.first + 1
            text = (
                N_("one event was not recorded: {reason}")
                if count == 1
                else N_("{count:,} events were not recorded: {reason}")
            )
            self._report(text.format(count=count, reason=other.reason), taken)

    def _report(self, text: str, taken: list[Event]) -> None:
        taken.append(Event(self.next_seq, self._time, "fault", text=text))
        self.next_seq += 1
        self._explained = True

    def _ours(self, theirs: int) -> int:
        """Returns our number of an event that was read before."""
        found = bisect_right(self._spans, theirs, key=_first) - 1
        if found < 0:
            return UNKNOWN_SEQ
        ended = found + 1 < len(self._spans) and theirs > self._spans[found + 1].before
        return UNKNOWN_SEQ if ended else theirs + self._spans[found].shift


def _damage_text(damage: Damage) -> str:
    if not damage.line:
        return N_("the recording is damaged: {reason}").format(reason=damage.reason)
    if damage.last:
        lines = N_("lines {line:,} to {last:,}").format(line=damage.line, last=damage.last)
        return N_("{lines} of the recording are damaged, the first: {reason}").format(
            lines=lines, reason=damage.reason
        )
    return N_("line {line:,} of the recording is damaged: {reason}").format(
        line=damage.line, reason=damage.reason
    )


def _is_run(events: list[Event], first: int) -> bool:
    return [event.seq for event in events] == list(range(first, first + len(events)))
