"""One program at work: started, fed, listened to, and started again when it ends."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.processes.child_process import END_WITHIN, CommandError, split_command
from mdxdash.processes.piped_process import PipedProcess
from mdxdash.programs.backoff import Backoff
from mdxdash.programs.lines import Feed, LineReader
from mdxdash.settings.quantities import format_duration

_PIECE: Final = 16_384

_SLICE: Final = 0.001
"""Seconds of work on output before others have their turn: reading what is there waits for nothing,
so a flood would else keep the event loop to itself."""

_REST_WITHIN: Final = 10.0
"""Seconds after its end in which what it has written is taken, at most."""

_LOOK_EVERY: Final = 0.05

_BUFFERED_AFTER: Final = 1.0
"""Seconds that a program ran before its output came, all at its end."""


class Program:
    """A command with its three pipes. All callbacks are called from the event loop."""

    def __init__(
        self,
        command: str,
        environment: Callable[[], Mapping[str, str]],
        on_line: Callable[[str], None],
        on_error_line: Callable[[str], None],
        on_fault: Callable[[str], None],
        ready: Callable[[], bool] = lambda: True,
        on_start: Callable[[int], None] = lambda pid: None,
    ) -> None:
        """
        Args:
            command: The command; no shell reads it.
            environment: Returns, for each start, what is added to the environment of mdxdash.
            on_line: Gets each line of its standard output.
            on_error_line: Gets each line of its standard error.
            on_fault: Gets a sentence when something goes wrong.
            ready: Whether another line can be taken; until then its output is not read.
            on_start: Gets the number of each process that is started.
        """
        self._command = command
        self._environment = environment
        self._on_line = on_line
        self._on_error_line = on_error_line
        self._on_fault = on_fault
        self._ready = ready
        self._on_start = on_start
        self._feed = Feed()
        self._to_write = asyncio.Event()
        self._child: PipedProcess | None = None
        self._waits_for_room = False
        self._first_output: float | None = None

    def feed(self, line: bytes) -> None:
        """Gives it a line, newline included; it never waits for the program."""
        if self._child is not None:
            self._feed.put(line)
            self._to_write.set()

    async def run(self) -> None:
        """Runs it, again and again, until it is cancelled; then ends it with its children."""
        backoff = Backoff()
        try:
            words = split_command(self._command)
        except CommandError as error:
            self._on_fault(N_("is not started: {error}").format(error=error))
            return
        while True:
            began = time.monotonic()
            try:
                ended = await self._run_once(words)
            except CommandError as error:
                self._on_fault(N_("is not started: {error}").format(error=error))
                return
            ran = time.monotonic() - began
            pause = backoff.pause(ran)
            self._on_fault(
                N_("{ended} after {ran:.1f} s; it is started again in {pause}{began}").format(
                    ended=ended, ran=ran, pause=format_duration(pause), began=self._buffered(began)
                )
            )
            await asyncio.sleep(pause)

    def kill(self) -> None:
        """Ends it at once, with its children."""
        if self._child is not None:
            self._child.end()

    async def _run_once(self, words: tuple[str, ...]) -> str:
        """Runs it until it ends; returns how it ended. Raises `CommandError`."""
        self._feed.clear()
        self._first_output = None
        # Python would else keep what it prints to a pipe.
        unbuffered = {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
        child = self._child = await PipedProcess.start(words, {**unbuffered, **self._environment()})
        assert child.stdout is not None
        reading = [
            asyncio.create_task(self._read(child.stdout, self._take_line, self._ready)),
            asyncio.create_task(self._read(child.stderr, self._on_error_line, lambda: True)),
        ]
        tasks = [*reading, asyncio.create_task(self._write(child))]
        try:
            self._on_start(child.pid)
            code = await child.wait()
            await self._read_rest(child, reading)
            return (
                N_("ended with code {code}").format(code=code)
                if code >= 0
                else N_("was ended by signal {value}").format(value=-code)
            )
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self._child = None
            await child.close(within=END_WITHIN)

    async def _read_rest(self, child: PipedProcess, reading: list[asyncio.Task[None]]) -> None:
        """Takes what a process that has ended has written. A child of it that holds its output is
        waited for only as long as lines that were read have no room."""
        began = last = time.monotonic()
        while not all(task.done() for task in reading):
            now = time.monotonic()
            last = now if self._waits_for_room else last
            if now - last >= END_WITHIN or now - began >= _REST_WITHIN:
                break
            await asyncio.wait(reading, timeout=_LOOK_EVERY)
        child.end()
        child.close_pipes()
        await asyncio.wait(reading)

    async def _write(self, child: PipedProcess) -> None:
        with suppress(ConnectionError):  # it does not read any more
            while True:
                await self._to_write.wait()
                self._to_write.clear()
                if dropped := self._feed.take_dropped():
                    text = (
                        N_("does not read its input: one event was dropped")
                        if dropped == 1
                        else N_("does not read its input: {dropped:,} events were dropped")
                    )
                    self._on_fault(text.format(dropped=dropped))
                child.stdin.write(self._feed.take())
                await child.stdin.drain()

    async def _read(
        self,
        stream: asyncio.StreamReader,
        on_line: Callable[[str], None],
        ready: Callable[[], bool],
    ) -> None:
        reader = LineReader()
        pause = _Pause()
        while data := await stream.read(_PIECE):
            for line in reader.feed(data):
                while not ready():
                    self._waits_for_room = True
                    await asyncio.sleep(0.02)
                self._waits_for_room = False
                on_line(line)
                await pause.if_due()
            await pause.if_due()
        for line in reader.end():
            on_line(line)

    def _take_line(self, line: str) -> None:
        if self._first_output is None:
            self._first_output = time.monotonic()
        self._on_line(line)

    def _buffered(self, began: float) -> str:
        """Returns a hint where all output came at the end."""
        first = self._first_output
        if first is None or time.monotonic() - first > 0.2 or first - began < _BUFFERED_AFTER:
            return ""
        return N_("; its output came only when it ended: it must flush each line (python -u)")


class _Pause:
    """Gives others their turn when a slice of work is over."""

    def __init__(self) -> None:
        self._until = time.monotonic() + _SLICE

    async def if_due(self) -> None:
        if time.monotonic() >= self._until:
            await asyncio.sleep(0)
            self._until = time.monotonic() + _SLICE
