"""A block: some thousand consecutive events as columns, a tenth of the memory of `Event` objects.

What repeats without end (kind, agent, type, module, …) is kept once a block, in a *signature*: an
event that has these fields only. A column of codes says which signature each event has. Numbers are
arrays, texts one piece of UTF-8. An `Event` is made when somebody asks for it.

A block never changes, so that another thread can read it: `replaced` makes another one.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Final, Self, TypeAlias

import msgspec

from mdxdash.events.event import By, Event, Kind, Via
from mdxdash.events.storage.text_column import TextColumn

Codes: TypeAlias = "bytes | array[int]"
Numbers: TypeAlias = "array[int] | list[int]"
Key = tuple[Kind, str, str, str, str, Via, By, bool, bool, bool, bool]

PlainKey = tuple[Kind, str, str]

SIGNATURE_BYTES: Final = 300
"""Bytes that a signature takes, approximately, with its texts."""

_BYTE_CODES: Final = 256


class EventBlock:
    """Consecutive events, at least one. The events are addressed by their position in the block,
    from 0."""

    __slots__ = (
        "_time_range",
        "agent_times",
        "args",
        "characters",
        "codes",
        "echoes",
        "first",
        "round_trips",
        "signatures",
        "sizes",
        "texts",
        "ticks",
        "times",
        "undecoded",
    )

    def __init__(self, events: Sequence[Event]) -> None:
        self.first = events[0].seq
        """The `seq` of the first event."""
        signatures: list[Event] = []
        plain, keys = _PlainKeys(signatures), _Keys(signatures)
        rare: list[Event] = []

        def code_of_rare(event: Event) -> int:
            rare.append(event)
            return keys[_key(event)]

        # Nearly all events have only these three of the fields that repeat, and no other text.
        codes = [
            plain[e.kind, e.agent, e.type]
            if not (
                e.text
                or e.module
                or e.level
                or e.agent_time
                or e.ticks
                or e.cut
                or e.echo is not None
                or e.round_trip is not None
                or e.lost
                or e.via
                or e.by
                or e.undecoded
            )
            else code_of_rare(e)
            for e in events
        ]
        self.signatures: tuple[Event, ...] = tuple(signatures)
        """An event for each combination of the fields that repeat, in the order of the codes. Its
        other fields have their defaults; `echo` and `round_trip` only tell whether there is one."""
        self.codes: Codes = _packed(codes, len(signatures))
        """For each event, the index of its signature."""
        self.times = array("d", [e.time for e in events])
        self.sizes: Numbers = _numbers([e.size for e in events])
        args = [e.args for e in events]
        self.characters = sum(map(len, args)) + sum(len(e.text) for e in rare)
        """How long arguments and texts are together."""
        self.args = _texts(args)
        """None if all are empty; so are the following columns."""
        self.texts: TextColumn | None = None
        if any(e.text for e in rare):
            self.texts = TextColumn([e.text for e in events])
        self.agent_times: TextColumn | None = None
        if any(e.agent_time for e in rare):
            self.agent_times = TextColumn([e.agent_time for e in events])
        self.ticks: Numbers | None = None
        if any(e.ticks for e in rare):
            self.ticks = _numbers([e.ticks for e in events])
        self.echoes: Numbers | None = None
        if any(e.echo is not None for e in rare):
            self.echoes = _numbers([e.echo or 0 for e in events])
        self.round_trips: array[float] | None = None
        if any(e.round_trip is not None for e in rare):
            self.round_trips = array("d", [e.round_trip or 0.0 for e in events])
        self.undecoded = {e.seq - self.first: e.undecoded for e in rare if e.undecoded}
        """By position, for the few events that have it."""
        self._time_range: tuple[float, float] | None = None

    @classmethod
    def of_received(
        cls,
        first: int,
        agents: Sequence[str],
        types: Sequence[str],
        args: list[str],
        times: "array[float]",
        sizes: list[int],
    ) -> Self:
        """Makes the block of received events that have no other fields than these, of equal
        length; `first` is the `seq` of the first one."""
        block = object.__new__(cls)
        signatures: list[Event] = []
        keys = _PlainKeys(signatures)
        if agents.count(agents[0]) == len(agents):
            agent = agents[0]
            of_type = {type_: keys["received", agent, type_] for type_ in dict.fromkeys(types)}
            codes = [of_type[type_] for type_ in types]
        else:
            both = list(zip(agents, types, strict=True))
            of_both = {key: keys["received", *key] for key in dict.fromkeys(both)}
            codes = [of_both[key] for key in both]
        block.first = first
        block.signatures = tuple(signatures)
        block.codes = _packed(codes, len(signatures))
        block.times, block.sizes = times, _numbers(sizes)
        block.characters = sum(map(len, args))
        block.args = _texts(args)
        block.texts = block.agent_times = None
        block.ticks = block.echoes = block.round_trips = None
        block.undecoded = {}
        block._time_range = None
        return block

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def counts(self) -> Iterable[tuple[Event, int]]:
        """Yields each signature and how many events have it."""
        return ((same, self.codes.count(code)) for code, same in enumerate(self.signatures))

    @property
    def stop(self) -> int:
        """The `seq` behind the last event."""
        return self.first + len(self.codes)

    @property
    def time_range(self) -> tuple[float, float]:
        """The earliest and the latest time. The clock may have been set, so they need not be those
        of the first and the last event."""
        if self._time_range is None:
            self._time_range = min(self.times), max(self.times)
        return self._time_range

    @property
    def bytes(self) -> int:
        """Bytes in memory, approximately."""
        texts = (self.args, self.texts, self.agent_times)
        numbers = (self.codes, self.times, self.sizes, self.ticks, self.echoes, self.round_trips)
        return (
            sum(column.bytes for column in texts if column is not None)
            + sum(len(column) * _item_size(column) for column in numbers if column is not None)
            + SIGNATURE_BYTES * len(self.signatures)
            + sum(100 + len(text) for text in self.undecoded.values())
        )

    def events(self, start: int, stop: int) -> list[Event]:
        """Makes the events from `start` to before `stop`."""
        if start >= stop:
            return []
        found = [
            Event(
                seq,
                time,
                same.kind,
                same.agent,
                same.type,
                args,
                text,
                same.module,
                same.level,
                agent_time,
                ticks,
                size,
                same.cut,
                None if same.echo is None else echo,
                None if same.round_trip is None else round_trip,
                same.lost,
                same.via,
                same.by,
            )
            for seq, time, same, args, text, agent_time, ticks, size, echo, round_trip in zip(
                range(self.first + start, self.first + stop),
                self.times[start:stop],
                map(self.signatures.__getitem__, self.codes[start:stop]),
                _part_of(self.args, start, stop),
                _part_of(self.texts, start, stop),
                _part_of(self.agent_times, start, stop),
                repeat(0) if self.ticks is None else self.ticks[start:stop],
                self.sizes[start:stop],
                repeat(0) if self.echoes is None else self.echoes[start:stop],
                repeat(0.0) if self.round_trips is None else self.round_trips[start:stop],
                strict=False,  # what is repeated has no end
            )
        ]
        for position, text in self.undecoded.items():
            if start <= position < stop:
                at = position - start
                found[at] = msgspec.structs.replace(found[at], undecoded=text)
        return found

    def event(self, position: int) -> Event:
        """Makes one event."""
        same = self.signatures[self.codes[position]]
        return Event(
            self.first + position,
            self.times[position],
            same.kind,
            same.agent,
            same.type,
            _text_of(self.args, position),
            _text_of(self.texts, position),
            same.module,
            same.level,
            _text_of(self.agent_times, position),
            self.ticks[position] if self.ticks else 0,
            self.sizes[position],
            same.cut,
            self.echoes[position] if self.echoes and same.echo is not None else None,
            self.round_trips[position]
            if self.round_trips and same.round_trip is not None
            else None,
            same.lost,
            same.via,
            same.by,
            self.undecoded.get(position, ""),
        )

    def positions_of(self, matches: Callable[[Event], bool]) -> Iterator[int]:
        """Yields the positions of the events whose signature matches."""
        found = {code for code, same in enumerate(self.signatures) if matches(same)}
        if found:
            yield from (position for position, code in enumerate(self.codes) if code in found)

    def replaced(self, position: int, event: Event) -> Self:
        """Returns the block with another event at a position: one that was acknowledged or lost.
        Other fields than the signature's and `round_trip` are not looked at."""
        changed = object.__new__(type(self))
        for name in EventBlock.__slots__:
            setattr(changed, name, getattr(self, name))
        signatures = list(self.signatures)
        keys = _Keys(signatures)
        keys.update((_key(signature), code) for code, signature in enumerate(signatures))
        codes = list(self.codes)
        codes[position] = keys[_key(event)]
        changed.signatures = tuple(signatures)
        changed.codes = _packed(codes, len(signatures))
        if event.round_trip is not None:
            times = array("d", self.round_trips or bytes(8 * len(self)))
            times[position] = event.round_trip
            changed.round_trips = times
        return changed


class _Keys(dict[Key, int]):
    """Numbers keys in the order in which they come, and makes their signatures."""

    def __init__(self, signatures: list[Event]) -> None:
        super().__init__()
        self._signatures = signatures

    def __missing__(self, key: Key) -> int:
        code = self[key] = len(self._signatures)
        self._signatures.append(_signature(key))
        return code


class _PlainKeys(dict[PlainKey, int]):
    """Does the same with those that are only kind, agent and type."""

    def __init__(self, signatures: list[Event]) -> None:
        super().__init__()
        self._signatures = signatures

    def __missing__(self, key: PlainKey) -> int:
        code = self[key] = len(self._signatures)
        self._signatures.append(Event(0, 0.0, *key))
        return code


def _key(e: Event) -> Key:
    return (
        e.kind,
        e.agent,
        e.type,
        e.module,
        e.level,
        e.via,
        e.by,
        e.cut,
        e.lost,
        e.echo is None,
        e.round_trip is None,
    )


def _signature(key: Key) -> Event:
    kind, agent, type_, module, level, via, by, cut, lost, no_echo, no_round_trip = key
    return Event(
        0,
        0.0,
        kind,
        agent,
        type_,
        module=module,
        level=level,
        cut=cut,
        echo=None if no_echo else 0,
        round_trip=None if no_round_trip else 0.0,
        lost=lost,
        via=via,
        by=by,
    )


def _packed(codes: list[int], count: int) -> Codes:
    return bytes(codes) if count <= _BYTE_CODES else array("H", codes)


def _numbers(numbers: list[int]) -> Numbers:
    """Returns the shortest array that holds the numbers; a file may hold any."""
    for code in "Iq":
        try:
            return array(code, numbers)
        except OverflowError:
            pass
    return numbers


def _texts(texts: list[str]) -> TextColumn | None:
    return TextColumn(texts) if any(texts) else None


def _part_of(column: TextColumn | None, start: int, stop: int) -> Iterable[str]:
    return repeat("") if column is None else column.texts(start, stop)


def _text_of(column: TextColumn | None, position: int) -> str:
    return "" if column is None else column.text(position)


def _item_size(column: "Codes | Numbers | array[float]") -> int:
    if isinstance(column, array):
        return column.itemsize
    return 1 if isinstance(column, bytes) else 40
