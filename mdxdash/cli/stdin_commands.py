"""Sends the lines of stdin: a long file whole, and past an agent that takes nothing."""

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from typing import Final

from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.standard_streams import stdin_lines
from mdxdash.hub.interface import Delivery
from mdxdash.hub.server import HubServer
from mdxdash.wire.message import parse_message

_SHARE: Final = 2
"""Lines wait while a queue is more than one half full, so that a long file is sent whole."""

_PAUSE: Final = 0.02
"""Seconds between two looks at the queues."""

STALLED_AFTER: Final = 0.25
"""Seconds without a line leaving a queue after which nobody waits for it. An agent that reads takes
thousands of lines in this time (PROTOCOL.md, *Pace*)."""

_REPEAT_AFTER: Final = 1.0
"""Seconds in which the same reason is reported once."""


class Backlog:
    """Decides whether lines should wait: while a queue is long, and gets shorter."""

    def __init__(self, limit: int) -> None:
        """`limit` is how many lines may wait in a queue without anybody waiting for it."""
        self._limit = limit
        self._seen: dict[str, tuple[int, float]] = {}
        """Of each agent with a long queue: its length, and when it last got shorter."""

    def must_wait(self, lengths: Sequence[tuple[str, int]], now: float) -> bool:
        """Returns whether one of the queues, given as agent and length, is worth waiting for at
        `now`, in seconds of a steady clock."""
        shrinking = [agent for agent, length in lengths if self._shrinks(agent, length, now)]
        return bool(shrinking)

    def _shrinks(self, agent: str, length: int, now: float) -> bool:
        if length <= self._limit:
            self._seen.pop(agent, None)
            return False
        before, since = self._seen.get(agent, (length + 1, now))
        if length < before:
            since = now
        self._seen[agent] = (length, since)
        return now - since < STALLED_AFTER


class StdinCommands:
    """Sends each line of stdin to the agents that `target` selects; None: to all."""

    def __init__(self, hub: HubServer, target: str | None) -> None:
        self._hub = hub
        self._target = target
        self._backlog = Backlog(hub.settings.queue // _SHARE)
        self._reported: dict[str, tuple[float, int]] = {}

    def start(self) -> None:
        """Reads stdin in a thread, since Windows has no readable pipe for an event loop. The thread
        ends with stdin, or with the program."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop,), name="stdin", daemon=True).start()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        for raw in stdin_lines():
            # Bytes that are not UTF-8 become surrogates, which the wire refuses: they are never
            # sent as something else.
            line = raw.decode("utf-8", "surrogateescape").removesuffix("\r")
            try:
                asyncio.run_coroutine_threadsafe(self._send(line), loop).result()
            except (CancelledError, RuntimeError):
                return  # the program ends

    async def _send(self, line: str) -> None:
        while self._backlog.must_wait(self._lengths(), time.monotonic()):
            await asyncio.sleep(_PAUSE)
        delivery = self._hub.send(parse_message(line), self._target)
        for reason in delivery.refused:
            self._report(f"not sent: {reason}")
        for danger in delivery.asked:
            self._report(f"not sent: {danger} (--unsafe sends it)")
        if delivery == Delivery():
            self._report(f"not sent, no agent is connected: {line}")

    def _lengths(self) -> list[tuple[str, int]]:
        return [(agent.name, len(agent.queue)) for agent in self._hub.targets(self._target)]

    def _report(self, text: str) -> None:
        """Reports a text; the same one again only after a while, with how often it was meant."""
        now = time.monotonic()
        last, missed = self._reported.get(text, (float("-inf"), 0))
        if now - last < _REPEAT_AFTER:
            self._reported[text] = (last, missed + 1)
            return
        if len(self._reported) > 100:
            self._reported.clear()
        self._reported[text] = (now, 0)
        report(f"{text} (and {missed:,} times more)" if missed else text)
