"""Reports answers that take longer than the user's limit, as faults in the log.

It runs where the hub runs, so that whoever looks at the hub sees them, and the recording has them.
"""

import asyncio
import time
from types import TracebackType
from typing import Final, Self

from mdxdash.dialogue.lateness import lateness
from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog

_EXPIRY_INTERVAL: Final = 1.0
"""Seconds between two looks for turns that got no answer."""


class AnswerLimit:
    """Follows the turns of a log while it is entered, as an asynchronous context manager."""

    def __init__(self, log: EventLog, within: float) -> None:
        """`within`: how long after the user's words the voice may begin, in seconds."""
        self._log = log
        self._within = within
        self._dialogue = Dialogue(on_turn=self._turn)
        self._reported: set[int] = set()
        """The numbers of turns that were reported and go on."""
        self._late: list[tuple[str, str]] = []

    async def __aenter__(self) -> Self:
        self._unsubscribe = self._log.subscribe(self._event)
        self._expiry = asyncio.create_task(self._expire())
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._unsubscribe()
        self._expiry.cancel()
        await asyncio.wait([self._expiry])

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(_EXPIRY_INTERVAL)
            self._dialogue.expire(time.time())
            self._report()

    def _event(self, event: Event) -> None:
        self._dialogue.add(event)
        if self._late:
            # Not within `append`: the other subscribers have not seen this event yet.
            asyncio.get_running_loop().call_soon(self._report)

    def _turn(self, turn: Turn) -> None:
        late = lateness(turn, self._within)
        if late and turn.number not in self._reported:
            self._reported.add(turn.number)
            self._late.append((turn.agent, late))
        if turn.complete:
            self._reported.discard(turn.number)

    def _report(self) -> None:
        late, self._late = self._late, []
        for agent, text in late:
            self._log.append("fault", agent, text=text, by="dialogue")
