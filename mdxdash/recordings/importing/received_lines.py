"""Decodes what most of a large recording is, lines of received messages, straight into columns.

A decoder that knows the fields that such a line has, and the names of agents and types so far,
makes half of the objects that `Event` takes. It refuses any other line, and then the whole piece of
the file is decoded in the usual way. So nothing depends on it but the time.
"""

from array import array
from collections.abc import Sequence
from typing import Any, Final, Literal, Protocol

import msgspec

from mdxdash.events.event import Event, UnixTime
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.events.storage.event_block import EventBlock
from mdxdash.recordings.importing.input_format import UNREADABLE

_NAMES: Final = 256
"""Names of agents and of types that a decoder knows. What makes up more is decoded in the usual
way."""

_EVENTS: Final = 2**15
"""Events of a block, at most: what comes out of one piece of a file, unless its lines are tiny."""


class _Line(Protocol):
    """A line of a received message: these fields, and no others."""

    seq: int
    time: float
    agent: str
    type: str
    args: str
    size: int


class ReceivedLines:
    """Decodes pieces of one file. `learn` is called with each piece that `decode` refused."""

    def __init__(self) -> None:
        self._agents = {""}
        self._types = {""}
        self._decoder: msgspec.json.Decoder[Any] | None = None
        self._latest: msgspec.json.Decoder[Any] | None = None
        """The decoder for all the names; `_decoder` is it where the piece before was of such
        lines."""

    def decode(self, data: bytes) -> BlockEvents | None:
        """Decodes whole lines; None if they are not all received messages, with numbers that
        follow, or have names that are not known yet."""
        if self._decoder is None:
            return None
        try:
            lines: Sequence[_Line] = self._decoder.decode_lines(data)
        except UNREADABLE:
            return None
        seqs = [line.seq for line in lines]
        if not 0 < len(seqs) <= _EVENTS or seqs != list(range(seqs[0], seqs[0] + len(seqs))):
            return None
        return BlockEvents(
            EventBlock.of_received(
                seqs[0],
                [line.agent for line in lines],
                [line.type for line in lines],
                [line.args for line in lines],
                array("d", [line.time for line in lines]),
                [line.size for line in lines],
            )
        )

    def learn(self, events: Sequence[Event]) -> None:
        """Looks whether the next piece may be one of received messages, after these."""
        self._decoder = None
        if not events or not _are_plain(events):
            return
        agents = self._agents.union([event.agent for event in events])
        types = self._types.union([event.type for event in events])
        if max(len(agents), len(types)) > _NAMES:
            return
        if self._latest is None or len(agents) + len(types) > len(self._agents) + len(self._types):
            self._agents, self._types = agents, types
            self._latest = _decoder(agents, types)
        self._decoder = self._latest


def _are_plain(events: Sequence[Event]) -> bool:
    for e in events:
        if e != Event(e.seq, e.time, "received", e.agent, e.type, e.args, size=e.size):
            return False
    return True


def _decoder(agents: set[str], types: set[str]) -> "msgspec.json.Decoder[Any]":
    # A name that is one of a few is the same object each time, and costs no look at its letters.
    line = msgspec.defstruct(
        "Line",
        [
            ("seq", int),
            ("time", UnixTime),
            ("kind", Literal["received"]),
            ("agent", Literal[tuple(sorted(agents))], ""),
            ("type", Literal[tuple(sorted(types))], ""),
            ("args", str, ""),
            ("size", int, 0),
        ],
        gc=False,
        forbid_unknown_fields=True,
    )
    return msgspec.json.Decoder(line)
