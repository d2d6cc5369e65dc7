"""Sends the lines of stdin: a long file whole, and past an agent that takes nothing.

Each line is checked as the composer checks it: what is found is reported with the line's number.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from typing import Final

from mdxdash.catalog.check import Finding, check, doubts
from mdxdash.catalog.codes import FOR_WRITERS
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.standard_streams import stdin_lines
from mdxdash.events.repetition import Repetition
from mdxdash.hub.server import HubServer
from mdxdash.language.translation import _, ngettext
from mdxdash.wire.message import parse_message

_SHARE: Final = 2
"""Lines wait while a queue is more than one half full, so that a long file is sent whole."""

_PAUSE: Final = 0.02
"""Seconds between two looks at the queues."""

STALLED_AFTER: Final = 0.25
"""Seconds without a line leaving a queue after which nobody waits for it. An agent that reads takes
thousands of lines in this time (PROTOCOL.md, *Pace*)."""

_HINTS_MAX: Final = 1_000
"""Different hints that are reported, at most."""


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

    def __init__(self, hub: HubServer, target: str | None, *, waits: bool = False) -> None:
        """`waits`: lines are kept until an agent is there that they can be sent to."""
        self._hub = hub
        self._waits = waits
        self._target = target
        self._backlog = Backlog(hub.settings.queue // _SHARE)
        self._repetition = Repetition()
        self._hinted: set[str] = set()
        self._number = 0
        """The number of the last line, from 1."""

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
        while self._waits and not self._hub.targets(self._target):
            await asyncio.sleep(_PAUSE)
        while self._backlog.must_wait(self._lengths(), time.monotonic()):
            await asyncio.sleep(_PAUSE)
        self._number += 1
        agents = self._hub.targets(self._target)
        if agents and not self._hub.unsafe and (found := doubts(line)):
            self._report_unsent(_("{found} (--unsafe sends it as it is)").format(found=found[0]))
            return
        message = parse_message(line)
        # Before it is sent, since sending it changes what the agent is expected to have.
        hints = check(message, agents[0].known) if agents else ()
        delivery = self._hub.send(message, self._target)
        for reason in delivery.reasons:
            asked = _("{danger} (--unsafe sends it)").format(danger=reason)
            self._report_unsent(asked if reason in delivery.asked else reason)
        if delivery.agents:
            for hint in hints:
                if hint.severity == "hint":
                    self._hint(hint)

    def _lengths(self) -> list[tuple[str, int]]:
        return [(agent.name, len(agent.queue)) for agent in self._hub.targets(self._target)]

    def _hint(self, hint: Finding) -> None:
        """Reports a hint about the line that was sent; the same one once."""
        if hint.code in FOR_WRITERS and not hint.meant:
            return
        text = str(hint)
        if text not in self._hinted and len(self._hinted) < _HINTS_MAX:
            self._hinted.add(text)
            report(_("sent, line {number:,}: {text}").format(number=self._number, text=text))

    def _report_unsent(self, reason: str) -> None:
        """Reports why the last line was not sent; the same reason again only after a while, with
        how often it was meant."""
        missed = self._repetition.held_back(reason, time.monotonic())
        if missed is None:
            return
        text = _("not sent, line {number:,}: {reason}").format(number=self._number, reason=reason)
        if missed:
            more = ngettext(
                "{text} (and {missed:,} time more)", "{text} (and {missed:,} times more)", missed
            )
            text = more.format(text=text, missed=missed)
        report(text)
