"""Replay: sends the commands of a recording again, at the times at which they were recorded.

`plan` makes the list of commands; `Replay` sends them. Each command's time is counted from the
start, so that delays do not add up.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from mdxdash.events.event import Event
from mdxdash.hub.interface import Delivery
from mdxdash.hub.targets import exactly
from mdxdash.language.translation import N_
from mdxdash.wire.message import Message

_BATCH: Final = 50
"""Commands sent without a pause for other tasks, at most."""

Send = Callable[[Message, str | None], Delivery]


class PlannedSend(NamedTuple):
    """A command to be sent again."""

    at: float
    """Seconds between the first command of the recording and this one."""
    message: Message
    agent: str
    """The agent it was sent to; empty where the recording does not name it."""


def plan(events: Iterable[Event]) -> list[PlannedSend]:
    """Returns the sent events, in order, as commands to send again. Where the clock was set back
    during the recording, no time passes."""
    steps: list[PlannedSend] = []
    before = math.nan
    at = 0.0
    for event in events:
        if event.kind != "sent" or not event.type:
            continue  # sound, or that a macro ran
        if steps:
            at += max(0.0, event.time - before)
        before = event.time
        steps.append(PlannedSend(at, Message(event.type, event.args), event.agent))
    return steps


class Replay:
    """One replay. Cancelling `run` ends it between two commands.

    `target` selects the agents that get all commands (see `targets`). Without it each command goes
    to the agent that it was recorded for; if the recording names at most one agent, to all that are
    connected. `speed` 2 takes half the time. `progress` is called after each command, from the
    event loop. Raises `ValueError` for a speed that is not above 0.
    """

    def __init__(
        self,
        steps: Sequence[PlannedSend],
        send: Send,
        *,
        target: str | None = None,
        speed: float = 1.0,
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        if not (speed > 0 and math.isfinite(speed)):
            raise ValueError(N_("expected a speed above 0, got {speed}").format(speed=speed))
        self.steps = steps
        self.speed = speed
        self.done = 0
        """Commands that were sent, missed or refused so far."""
        self.sent = 0
        """Those that at least one agent was sent."""
        self.missed = 0
        """Those for which no agent was connected."""
        self.refused: list[str] = []
        """Why the others were not sent: one text for each command."""
        self._send = send
        self._target = target
        self._by_name = target is None and len({step.agent for step in steps}) > 1
        self._progress = progress
        self._started: float | None = None

    @property
    def targets(self) -> tuple[str | None, ...]:
        """The targets of all commands, as `send` takes them; None for all agents."""
        if self._by_name:
            return tuple(dict.fromkeys(exactly(step.agent) for step in self.steps))
        return (self._target,)

    @property
    def duration(self) -> float:
        """Seconds from the first command to the last."""
        return self.steps[-1].at / self.speed if self.steps else 0.0

    @property
    def remaining(self) -> float:
        """Seconds until the last command, while it runs."""
        if self._started is None:
            return self.duration
        passed = asyncio.get_running_loop().time() - self._started
        return max(0.0, self.duration - passed)

    async def run(self) -> None:
        """Sends all commands, each at its time."""
        loop = asyncio.get_running_loop()
        self._started = loop.time()
        for step in self.steps:
            due = self._started + step.at / self.speed
            # A loop, since a timer may fire a clock tick early (15 ms on Windows).
            while (left := due - loop.time()) > 0:
                await asyncio.sleep(left)
            self._send_step(step)
            self._progress()
            if self.done % _BATCH == 0:
                # Many commands of one moment must not block the event loop.
                await asyncio.sleep(0)

    def _send_step(self, step: PlannedSend) -> None:
        delivery = self._send(step.message, exactly(step.agent) if self._by_name else self._target)
        self.done += 1
        if delivery.agents:
            self.sent += 1
        if delivery.nobody:
            self.missed += 1
        elif delivery.reasons:
            self.refused.append(f"{step.message}: {delivery.reasons[0]}")
