"""A process beside a hub: it is started with a line of what it needs, started again when it ends by
itself, and ended with the hub."""

import asyncio
import logging
import subprocess
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from mdxdash.language.translation import N_

_logger = logging.getLogger(__name__)

ENDED: Final = b"end\n"
"""What the hub writes when it ends as it is meant to; without it, the pipe just ends."""

_END_WITHIN: Final = 4.0
"""Seconds in which the process does what is left."""

AGAIN_AFTER: Final = 2.0
"""Seconds before a process that has ended by itself is started again."""

_RUNS_LONG: Final = 60.0
"""Seconds after which the end of a process is said again."""

_READ_BYTES: Final = 2**16

_WINDOWS_FLAGS: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class SideProcess:
    """Of one hub: `mdxdash COMMAND`, which reads a line from its standard input, and ends when that
    ends."""

    def __init__(self, command: str, name: str, report: Callable[[str], None]) -> None:
        """
        * `name`: what it is called in sentences.
        * `report`: gets a sentence when it has ended by itself, each once.
        """
        self._command = command
        self._name = name
        self._report = report
        self._running: asyncio.Task[None] | None = None
        self._process: Process | None = None

    def start(self, first_line: bytes) -> None:
        """Starts it. What it needs stands in its first line (without its end), and in no command
        line, since it may have a password."""
        self._running = asyncio.create_task(self._run(first_line + b"\n"))

    async def close(self) -> None:
        """Ends the process when it has done what is left."""
        process = self._process
        if self._running is None:
            return
        if process is not None and process.stdin is not None and process.returncode is None:
            with suppress(ConnectionError):
                process.stdin.write(ENDED)
                process.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(_END_WITHIN):
                    await process.wait()
        self._running.cancel()
        await asyncio.wait([self._running])

    def kill(self) -> None:
        """Ends it at once: another process starts one of its own."""
        if self._running is not None:
            self._running.cancel()
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def _run(self, first_line: bytes) -> None:
        told = False
        while True:
            began = time.monotonic()
            try:
                code = await self._run_once(first_line)
                problem = N_("it has ended with code {code}").format(code=code)
            except OSError as error:
                problem = N_("it cannot be started: {error}").format(error=error)
            ran = time.monotonic() - began
            _logger.warning("%s: %s after %.1f s", self._command, problem, ran)
            # Each once: one that cannot run ends again and again.
            if not told or ran > _RUNS_LONG:
                told = True
                text = N_("{name}: {problem}; it is started again")
                self._report(text.format(name=self._name, problem=problem))
            await asyncio.sleep(AGAIN_AFTER)

    async def _run_once(self, first_line: bytes) -> int:
        """Runs the process; returns its exit code. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "mdxdash",
            self._command,
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=PIPE,
            # Ctrl-C is for the hub, which ends this one.
            start_new_session=sys.platform != "win32",
            creationflags=_WINDOWS_FLAGS,
        )
        self._process = process
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            process.stdin.write(first_line)
            while data := await process.stderr.read(_READ_BYTES):
                for line in data.decode("utf-8", "replace").splitlines():
                    _logger.warning("%s: %s", self._command, line.rstrip())
            return await process.wait()
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
