"""The send queue of one agent: which lines leave, when, in which frame.

A line that finds the agent idle leaves at once; lines that wait share frames, and frames are
20 ms apart, since an agent that gets more than about 100 frames a second falls silent. The queue
is bounded: what does not fit is refused, never dropped. Pure: times are given.
"""

from collections import deque
from collections.abc import Iterable, Set
from functools import cache
from typing import Final

import msgspec

from mdxdash.catalog.dissect import DissectedLine, dissect_command
from mdxdash.catalog.harmful import HARMFUL
from mdxdash.catalog.replies import immediate_effects, types_with_effects
from mdxdash.events.event import By
from mdxdash.language.translation import N_
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.framing import (
    ESCAPE,
    FRAME_INTERVAL,
    FRAME_MAX_BYTES,
    encode_text,
    expected_echo,
)
from mdxdash.wire.message import SEPARATOR, Message, format_message

DEFAULT_QUEUE_LIMIT: Final = HubSettings().queue
"""Lines that may wait for one agent."""


class Outgoing(msgspec.Struct, frozen=True, gc=False):
    """A message to be sent, with all that is made of it, once for all agents."""

    message: Message
    data: bytes
    """Its bytes on the wire, newline included, as an agent takes them whole."""
    echo: Message | None
    """What comes back when the agent has taken it; None where nothing does."""
    command: DissectedLine | None
    """What the agent acts on; None where neither `check.harms` nor what is known of an agent needs
    it."""
    effects: tuple[Message, ...]
    """What it brings about as soon as the agent takes it (see `replies.anticipate`), if what is
    known of an agent takes note of that."""
    by: By = ""
    """Who sends it, if no person does."""

    @staticmethod
    def of(message: Message, by: By = "") -> "Outgoing":
        """Encodes a message, and dissects it if something of what is in it matters. Raises
        `Unsendable` for one that an agent does not survive."""
        line = format_message(message)
        data = encode_text(line)  # first, since it refuses lines that would take long to dissect
        command: DissectedLine | None = None
        effects: tuple[Message, ...] = ()
        type_ = line.partition(SEPARATOR)[0]
        # Else not, since nothing that an idle agent's command waits for takes as long.
        if type_ in _dissected_types() or line.startswith(ESCAPE):
            command = dissect_command(line)
            effects = immediate_effects(command)
        return Outgoing(message, data, expected_echo(message), command, effects, by)


@cache
def _dissected_types() -> Set[str]:
    return HARMFUL.keys() | types_with_effects()


class QueuedLine(msgspec.Struct, frozen=True):
    """A line that waits in the send queue."""

    message: Message
    by: By = ""


class QueueFull(Exception):
    """More lines wait for an agent than its queue may hold."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            N_("{limit:,} lines already wait for this agent; nothing was added").format(limit=limit)
        )


class SendQueue:
    """Lines that wait for one agent, oldest first."""

    def __init__(self, limit: int = DEFAULT_QUEUE_LIMIT) -> None:
        self.limit = limit
        self._waiting: deque[Outgoing] = deque()
        self._next_frame_at = float("-inf")

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, outgoing: Outgoing) -> None:
        """Adds a line at the end. Raises `QueueFull`."""
        if len(self._waiting) >= self.limit:
            raise QueueFull(self.limit)
        self._waiting.append(outgoing)

    def delay(self, now: float) -> float:
        """Seconds until the next frame may leave, 0 when it may leave now."""
        return max(0.0, self._next_frame_at - now)

    def take(self) -> list[Outgoing]:
        """Removes the lines of the next frame, at least one; call it when `delay` is 0 and
        something waits, and `left` when the frame is on its way."""
        first = self._waiting.popleft()
        return [first, *self.take_within(FRAME_MAX_BYTES - len(first.data))]

    def take_due(self, now: float) -> list[Outgoing]:
        """As `take`; nothing when nothing waits, or when the next frame may not leave yet."""
        waiting = self._waiting
        if not waiting or self._next_frame_at > now:
            return []
        return [waiting.popleft()] if len(waiting) == 1 else self.take()

    def take_within(self, room: int) -> list[Outgoing]:
        """Removes the lines that wait, as far as they have room in so many bytes."""
        waiting = self._waiting
        taken: list[Outgoing] = []
        while waiting and len(waiting[0].data) <= room:
            room -= len(waiting[0].data)
            taken.append(waiting.popleft())
        return taken

    def left(self, now: float) -> None:
        """The frame has been written: the next one waits from here."""
        self._next_frame_at = now + FRAME_INTERVAL

    def snapshot(self) -> tuple[QueuedLine, ...]:
        """Returns the lines that wait, for another process."""
        return tuple(QueuedLine(line.message, line.by) for line in self._waiting)

    @property
    def next_frame_at(self) -> float:
        """When the next frame may leave, in monotonic seconds."""
        return self._next_frame_at

    def restore(self, lines: Iterable[QueuedLine], next_frame_at: float) -> None:
        """Takes over the lines of another process, and when its next frame was due."""
        self._waiting.extend(Outgoing.of(line.message, line.by) for line in lines)
        self._next_frame_at = next_frame_at

    def drain(self) -> list[Outgoing]:
        """Removes everything that waits: the agent is gone."""
        left = list(self._waiting)
        self._waiting.clear()
        return left
