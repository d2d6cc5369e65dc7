"""Waits for the turn in which an agent's user says something: `NextTurn`."""

import asyncio
import time
from types import TracebackType
from typing import Final, Self

from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import Event, is_of_agent
from mdxdash.events.log import EventLog

_BEFORE: Final = 2000
"""Events before it that are looked at: what the agent says when the user begins is interrupted."""

_LOOK_INTERVAL: Final = 0.1
"""Seconds between two looks whether the agent is quiet, which no event tells."""

LONGEST: Final = 60.0
"""Seconds of an answer that are waited for."""


class NextTurn:
    """Use it as a context manager around what makes the user speak."""

    def __init__(self, log: EventLog, agent: str, words: str) -> None:
        """`agent` is the agent's name, `words` is what the user says, without a bar."""
        self._log = log
        self._agent = agent
        self._words = words
        self._last_before = 0
        """The number of the last turn that had begun before."""
        self._is_entered = False
        self._turn: Turn | None = None
        self._is_gone = False
        self._changed = asyncio.Event()
        self._dialogue = Dialogue(on_turn=self._take)

    def __enter__(self) -> Self:
        log = self._log
        for event in log.slice(log.next_seq - _BEFORE, log.next_seq):
            if event.agent == self._agent:
                self._dialogue.add(event)
        self._is_entered = True
        self._unsubscribe = log.subscribe(self._follow)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._unsubscribe()

    async def wait(self, timeout: float) -> Turn | None:
        """Waits until the agent has answered, and says nothing more.

        Args:
            timeout: Seconds that its voice may take to begin.

        Returns:
            The turn, as it is when the agent is quiet, when the time is over, or when it has
            disconnected. None if the user's words did not come.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        answered = False
        while not self._is_gone and (now := loop.time()) < deadline:
            turn = self._turn
            if turn is not None and turn.complete:
                break
            if turn is not None and turn.answer is not None and not answered:
                answered, deadline = True, now + LONGEST
                continue
            self._changed.clear()
            try:
                async with asyncio.timeout(min(_LOOK_INTERVAL, deadline - now)):
                    await self._changed.wait()
            except TimeoutError:
                self._dialogue.expire(time.time())
        return self._turn

    def _follow(self, event: Event) -> None:
        if event.agent == self._agent:
            self._dialogue.add(event)
            if event.kind == "disconnected" and is_of_agent(event):
                self._is_gone = True
                self._changed.set()

    def _take(self, turn: Turn) -> None:
        if not self._is_entered:
            self._last_before = max(self._last_before, turn.number)
            return
        if self._turn is None:
            is_it = turn.number > self._last_before and turn.words == self._words
        else:
            is_it = turn.number == self._turn.number
        if is_it:
            self._turn = turn
            self._changed.set()
