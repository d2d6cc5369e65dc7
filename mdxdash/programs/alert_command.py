"""The user's own command for alerts (`[alerts] run`): started once for each, without a shell.

What comes from the network never stands in its command line: the alert is a line of JSON on its
standard input, and some of it in environment variables.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import msgspec

from mdxdash.alerts.alert import Alert, alert_text
from mdxdash.alerts.alert_log import AlertLog
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_
from mdxdash.processes.child_process import CommandError, split_command
from mdxdash.processes.piped_process import PipedProcess
from mdxdash.settings.quantities import format_duration

INTERVAL: Final = 1.0
"""Seconds from one start to the next, at least. There is never more than one of them."""

WAITING: Final = 20
"""Alerts that wait for their turn at most; of more the oldest are left out and counted."""

TIMEOUT: Final = 30.0
"""Seconds after which it is ended."""

_LONGEST: Final = 1000
"""Characters of a text in an environment variable."""

_ERROR_BYTES: Final = 2000

_ERRORS_WITHIN: Final = 0.5
"""Seconds after its end in which its standard error is read to its end."""


class AlertNotice(msgspec.Struct, frozen=True):
    """What the command reads, as one line of JSON."""

    kind: str
    """See `AlertKind`."""
    text: str
    agent: str
    time: float
    """Unix time, seconds."""
    seq: int
    """The number of the event."""
    hub: str
    """What agents dial, without the secret."""
    left_out: int
    """Alerts before this one for which the command was not started, since too many came."""


class AlertCommand:
    """Starts the command for every alert that comes while `running` is entered."""

    def __init__(
        self, command: str, alerts: AlertLog, log: EventLog, hub_url: Callable[[], str]
    ) -> None:
        """
        Args:
            command: The user's.
            alerts: Where they come from.
            log: Gets a fault when something goes wrong with the command.
            hub_url: Returns what agents dial, without the secret.
        """
        self._command = command
        self._alerts = alerts
        self._log = log
        self._hub_url = hub_url
        self._waiting: deque[Alert] = deque()
        self._left_out = 0
        self._wake = asyncio.Event()
        self._child: PipedProcess | None = None
        self._failing = False
        self._reporting = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Takes alerts as long as the context lasts; then ends what still runs."""
        unsubscribe = self._alerts.subscribe(self._take)
        work = asyncio.create_task(self._work())
        try:
            yield
        finally:
            unsubscribe()
            work.cancel()
            await asyncio.wait([work])

    def kill(self) -> None:
        """Ends what runs at once, with its children."""
        if self._child is not None:
            self._child.end()

    def _take(self, alert: Alert) -> None:
        if self._reporting:
            return  # the command cannot help with its own failure
        if len(self._waiting) >= WAITING:
            self._waiting.popleft()
            self._left_out += 1
        self._waiting.append(alert)
        self._wake.set()

    async def _work(self) -> None:
        try:
            words = split_command(self._command)
        except CommandError as error:
            self._report(N_("is not started: {error}").format(error=error))
            return
        while True:
            while not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            pause = asyncio.create_task(asyncio.sleep(INTERVAL))
            try:
                await self._start(words, self._waiting.popleft())
                await pause
            finally:
                pause.cancel()

    async def _start(self, words: tuple[str, ...], alert: Alert) -> None:
        left_out, self._left_out = self._left_out, 0
        event = alert.event
        text = alert_text(alert)
        notice = AlertNotice(
            alert.kind, text, event.agent, event.time, alert.seq, self._hub_url(), left_out
        )
        environment = {
            "MDXDASH_ALERT_KIND": alert.kind,
            "MDXDASH_ALERT_TEXT": _for_environment(text),
            "MDXDASH_ALERT_AGENT": _for_environment(event.agent),
            "MDXDASH_ALERT_SEQ": str(alert.seq),
        }
        try:
            child = self._child = await PipedProcess.start(words, environment, reads_output=False)
        except CommandError as error:
            self._report(N_("is not started: {error}").format(error=error))
            return
        try:
            async with asyncio.timeout(TIMEOUT):
                problem = await _ended(child, msgspec.json.encode(notice) + b"\n")
        except TimeoutError:
            problem = N_("was ended after {time}").format(time=format_duration(TIMEOUT))
        finally:
            self._child = None
            await child.close()  # also what it has started
        if problem:
            self._report(problem)
        self._failing = bool(problem)

    def _report(self, problem: str) -> None:
        """Reports the first of failures in a row."""
        if self._failing:
            return
        self._failing = self._reporting = True
        try:
            self._log.append(
                "fault",
                text=N_("the command of [alerts] run {problem}").format(problem=problem),
                by="program",
            )
        finally:
            self._reporting = False


async def _ended(child: PipedProcess, notice: bytes) -> str:
    """Gives a process its input and waits for its end; returns what went wrong, or nothing."""
    with suppress(ConnectionError):  # it need not read it
        child.stdin.write(notice)
        await child.stdin.drain()
    child.stdin.close()
    errors = bytearray()
    reading = asyncio.create_task(_keep_end(child.stderr, errors))
    try:
        code = await child.wait()
        # A child of it may hold its standard error.
        await asyncio.wait([reading], timeout=_ERRORS_WITHIN)
    finally:
        reading.cancel()
    if code == 0:
        return ""
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    how = (
        N_("ended with code {code}").format(code=code)
        if code > 0
        else N_("was ended by signal {value}").format(value=-code)
    )
    return f"{how}: {lines[-1]}" if lines else how


async def _keep_end(stream: asyncio.StreamReader, end: bytearray) -> None:
    """Reads a stream, and keeps the last bytes of it in `end`."""
    while piece := await stream.read(_ERROR_BYTES):
        end += piece
        del end[:-_ERROR_BYTES]


def _for_environment(text: str) -> str:
    """Returns a text as an environment variable can hold it."""
    return text.replace("\0", "")[:_LONGEST].encode("utf-8", "replace").decode()
