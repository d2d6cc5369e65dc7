"""What a macro is. `model` says how it is written.

A macro that exists is right in itself: whatever is wrong is found when it is read. Whether its
lines may be sent to an agent is not its business: the wire refuses what is unsafe.
"""

from typing import Literal

import msgspec

from mdxdash.macros.steps import SendStep, Step
from mdxdash.wire.message import Message

SHORTEST_PERIOD = 0.02
"""Seconds. An agent takes a frame each 20 ms and no more; see `wire.framing`."""

Overlap = Literal["skip", "queue", "restart", "allow"]
"""`skip`: it is let go by. `queue`: it runs when the other is over. `restart`: the other is
stopped. `allow`: both run."""

SKIP: Overlap = "skip"


class Macro(msgspec.Struct, frozen=True):
    """A saved, named way of sending."""

    name: str
    """Told apart by it; not empty."""
    send: tuple[Message, ...] = ()
    """What it sends, in this order, if it has no steps. Texts may hold `{names}`."""
    key: str | None = None
    """The key that fires it: `"1"` to `"9"`."""
    every: float | None = None
    """Seconds from one firing to the next, at least SHORTEST_PERIOD; None: it fires once."""
    target: str | None = None
    """Whom it is for, as `hub.targets` has it: an agent's name, a glob over names (`chat*`) or a
    group; None: every agent."""
    steps: tuple[Step, ...] = ()
    """What it does, in this order, if it does more than send."""
    params: tuple[tuple[str, str], ...] = ()
    """Names that are filled in, with the values they have unless others are given."""
    on: str | None = None
    """A filter: the macro answers what an agent says that passes it."""
    cooldown: float | None = None
    """Seconds after an answer to an agent in which there is no other."""
    overlap: Overlap = SKIP
    """What becomes of a firing while the macro still runs on that agent."""

    @property
    def body(self) -> tuple[Step, ...]:
        """All that it does, as steps."""
        return tuple(map(SendStep, self.send)) + self.steps


DEFAULT_MACROS = (Macro("Test message", (Message("TEST_MESSAGE"),), key="1", every=2.0),)
"""In force where the file says nothing of macros."""
