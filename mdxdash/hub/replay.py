"""Replay: the commands of a recording, sent again at the times they were recorded at.

The plan is data; `Replay` walks along it with a clock. Each command's time is reckoned from the
beginning, so that lateness never adds up.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from mdxdash.events.event import Event
from mdxdash.hub.interface import Delivery
from mdxdash.hub.targets import exactly
from mdxdash.wire.message import Message

_BREATH: Final = 50
"""Commands sent in one go at most."""

Send = Callable[[Message, str | None], Delivery]


class PlannedSend(NamedTuple):
    """A command of the plan."""

    at: float
    """Seconds of the recording since its first command."""
    message: Message
    agent: str
    """To whom it was sent then; empty when nobody wrote it down."""


def plan(events: Iterable[Event]) -> list[PlannedSend]:
    """The sent events in order, as steps; a clock that was set back meanwhile counts as one that
    stood still."""
    steps: list[PlannedSend] = []
    before = math.nan
    at = 0.0
    for event in events:
        if event.kind != "sent":
            continue
        if steps:
            at += max(0.0, event.time - before)
        before = event.time
        steps.append(PlannedSend(at, Message(event.type, event.args), event.agent))
    return steps


class Replay:
    """One run along a plan. Cancelling `run` ends it between two commands.

    `target` is who gets all commands (see `targets`). Without it each command goes to the agent
    that had it then; where only one had any, or nobody wrote down who, to all that are connected.
    `speed` 2 takes half the time. `progress` is called after each command, from the event loop.
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
            raise ValueError(f"expected a speed above 0, got {speed}")
        self.steps = steps
        self.speed = speed
        self.done = 0
        """Commands whose turn is over."""
        self.sent = 0
        """Of these, those that at least one agent got."""
        self.missed = 0
        """Those for which no agent was there."""
        self.refused: list[str] = []
        """Why others were not sent, a reason a command."""
        self._send = send
        self._target = target
        self._by_name = target is None and len({step.agent for step in steps}) > 1
        self._progress = progress
        self._started: float | None = None

    @property
    def targets(self) -> tuple[str | None, ...]:
        """Whom it is for, as `send` takes them; None for whoever is connected."""
        if self._by_name:
            return tuple(dict.fromkeys(exactly(step.agent) for step in self.steps))
        return (self._target,)

    @property
    def duration(self) -> float:
        """Seconds that all of it takes."""
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
            self._take(step)
            self._progress()
            if self.done % _BREATH == 0:
                # Commands of one moment must not hold up everything else.
                await asyncio.sleep(0)

    def _take(self, step: PlannedSend) -> None:
        delivery = self._send(step.message, exactly(step.agent) if self._by_name else self._target)
        self.done += 1
        if delivery.agents:
            self.sent += 1
        if reasons := delivery.refused + delivery.asked:
            self.refused.append(f"{step.message}: {reasons[0]}")
        elif not delivery.agents:
            self.missed += 1
