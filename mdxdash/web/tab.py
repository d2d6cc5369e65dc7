"""One tab of a browser: a dashboard in a process of its own, and the WebSocket that shows it.

The process ends with the tab, and the tab with the process. Nobody waits for the other: a browser
that reads slowly stops its own process's output, a process that reads slowly its own browser's
input.
"""

import asyncio
import logging
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from aiohttp import WSCloseCode, WSMsgType
from aiohttp.web import WebSocketResponse

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.web.browser_messages import QUIT, Ping, Size, packets, read_message

_logger = logging.getLogger(__name__)

_OUTPUT_BYTES: Final = 32 * 1024
"""Output that is passed on at a time."""

_DIAGNOSTIC_BYTES: Final = 4096
"""The end of what a process wrote on stderr that is kept."""

END_TIMEOUT: Final = 3.0
"""Seconds that a process has to end when it is asked to; then it is killed."""


_LAST_OUTPUT: Final = 0.5
"""Seconds that a browser has to take the last output of a process that has ended."""

INPUT_TIMEOUT: Final = 10.0
"""Seconds after which a process that reads no input is given up. Meanwhile its browser is not read
either, so its end would not be noticed."""


class NotUnderstood(Exception):
    """A browser sent what no page of ours sends."""


class Stuck(Exception):
    """A process does not read its input."""


class Tab:
    """Runs one dashboard for one WebSocket.

    * `command`: the program and its arguments; no shell reads them.
    * `environment`: of the process, without the size.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], websocket: WebSocketResponse
    ) -> None:
        self._command = command
        self._environment = environment
        self._websocket = websocket
        self._diagnostics = bytearray()

    async def run(self, size: Size) -> None:
        """Shows the dashboard until the browser or the process ends, then ends the other. Raises
        `OSError` if the process cannot be started."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**self._environment, "COLUMNS": str(size.width), "ROWS": str(size.height)},
            # Ctrl-C in the terminal of the server is for the server, which ends its tabs.
            start_new_session=True,
        )
        passing_output = asyncio.create_task(self._pass_output(process))
        passing_input = asyncio.create_task(self._pass_input(process))
        keeping_diagnostics = asyncio.create_task(self._keep_diagnostics(process))
        tasks = (passing_input, passing_output, keeping_diagnostics)
        try:
            await asyncio.wait(tasks[:2], return_when=asyncio.FIRST_COMPLETED)
        finally:
            try:
                await _end(process)
                # What it wrote last.
                await asyncio.wait([passing_output, keeping_diagnostics], timeout=_LAST_OUTPUT)
            finally:
                for task in tasks:
                    task.cancel()
                results = await asyncio.gather(*tasks, return_exceptions=True)
                await _read_out(process)
        await self._close(process, results)

    async def _pass_output(self, process: Process) -> None:
        assert process.stdout
        while data := await process.stdout.read(_OUTPUT_BYTES):
            await self._websocket.send_bytes(data)

    async def _pass_input(self, process: Process) -> None:
        assert process.stdin
        async for message in self._websocket:
            # Else messages that are there already would all be read before any other tab's.
            await asyncio.sleep(0)
            if message.type is not WSMsgType.TEXT:
                raise NotUnderstood(_("a message that is no text"))
            try:
                read = read_message(message.data)
            except ValueError as error:
                raise NotUnderstood(str(error)) from None
            if isinstance(read, Ping):
                await self._websocket.send_json(["pong", read.at])
            else:
                process.stdin.write(packets(read))
                try:
                    await asyncio.wait_for(process.stdin.drain(), INPUT_TIMEOUT)
                except TimeoutError:
                    raise Stuck from None

    async def _keep_diagnostics(self, process: Process) -> None:
        assert process.stderr
        while data := await process.stderr.read(_DIAGNOSTIC_BYTES):
            self._diagnostics += data
            del self._diagnostics[:-_DIAGNOSTIC_BYTES]

    async def _close(self, process: Process, results: Sequence[BaseException | None]) -> None:
        """Tells the browser, if it is still there, why the dashboard has ended."""
        diagnostics = self._diagnostics.decode("utf-8", "replace").splitlines()
        if process.returncode:
            for line in diagnostics:
                _logger.warning("a dashboard: %s", printable(line))
        if any(isinstance(each, Stuck) for each in results):
            _logger.warning("a dashboard read no input for %g s: it was ended", INPUT_TIMEOUT)
        refused = next((each for each in results if isinstance(each, NotUnderstood)), None)
        if refused is not None:
            _logger.warning("a browser sent what was not understood: its tab was closed")
            await self._websocket.close(code=WSCloseCode.POLICY_VIOLATION)
            return
        if not self._websocket.closed:
            # Of what is for a person; a traceback is only in the log.
            said = [line for line in diagnostics if line.startswith("mdxdash: ")]
            await end_page(self._websocket, printable(said[-1]) if said else "")


async def end_page(
    websocket: WebSocketResponse, reason: str, code: WSCloseCode = WSCloseCode.OK
) -> None:
    """Closes a WebSocket; the page shows `reason`, or that the dashboard has ended."""
    with suppress(ConnectionError):
        await websocket.send_json(["ended", reason])
    await websocket.close(code=code)


async def _read_out(process: Process) -> None:
    """Drops the output of an ended process that nobody took: asyncio closes its pipes only at their
    end."""
    assert process.stdout
    assert process.stderr
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_OUTPUT):
            await process.stdout.read()
            await process.stderr.read()


async def _end(process: Process) -> None:
    """Asks a process to end; kills it after `END_TIMEOUT` seconds."""
    if process.returncode is not None:
        return
    assert process.stdin
    try:
        with suppress(ConnectionError, RuntimeError):  # it has closed its input
            process.stdin.write(QUIT)
        process.stdin.close()
        await asyncio.wait_for(process.wait(), END_TIMEOUT)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), END_TIMEOUT)
