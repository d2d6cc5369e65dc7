"""The process that joins a hub to a broker, as the hub starts and ends it."""

import asyncio
import logging
import socket
import subprocess
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from typing import Final

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remote.fleet.addressing import HUB_NAME
from mdxdash.remote.fleet.broker_address import BrokerAddress, WrongAddress, broker_address
from mdxdash.settings.extras import install_hint
from mdxdash.settings.model import Settings

_logger = logging.getLogger(__name__)

ENDED: Final = b"end\n"
"""What the hub writes when it ends as it is meant to; without it, the pipe just ends."""

_END_WITHIN: Final = 4.0
"""Seconds in which the process publishes what is left."""

AGAIN_AFTER: Final = 2.0
"""Seconds before a process that has ended by itself is started again."""

_RUNS_LONG: Final = 60.0
"""Seconds after which the end of a process is said again."""

_READ_BYTES: Final = 2**16

_WINDOWS_FLAGS: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class BridgeStart(msgspec.Struct, frozen=True):
    """The first line that the process reads. It stands in no command line, since it has the
    password."""

    hub: str
    """The name of the hub, by which its control socket is found."""
    name: str
    """The name of the hub at the broker."""
    address: BrokerAddress
    buffer: int
    """Bytes for events while the broker is away."""
    interval: float
    """Seconds that an event waits for others."""


class CannotPublish(Exception):
    """The settings do not name a broker that can be used; the text says why."""


class BridgeProcess:
    """The process of one hub; none where the settings name no broker."""

    def __init__(self, settings: Settings, report: Callable[[str], None]) -> None:
        """`report` makes an event of a sentence: the process has ended by itself."""
        self._settings = settings
        self._report = report
        self._running: asyncio.Task[None] | None = None
        self._process: Process | None = None

    async def start(self, hub: str) -> None:
        """Starts the process for the hub of that name. Raises `CannotPublish`."""
        fleet = self._settings.fleet
        if fleet.url is None:
            return
        if find_spec("aio_pika") is None:
            raise CannotPublish(
                N_("aio-pika is not installed: {install}").format(install=install_hint("fleet"))
            )
        try:
            address = await asyncio.to_thread(
                broker_address, fleet.url, fleet.credentials, fleet.tls_ca
            )
        except WrongAddress as error:
            raise CannotPublish(str(error)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise CannotPublish(f"{fleet.credentials}: {error}") from None
        if not hub:
            raise CannotPublish(N_("the hub has no control socket"))
        name = fleet_name(self._settings)
        start = BridgeStart(hub, name, address, fleet.buffer, fleet.interval)
        self._running = asyncio.create_task(self._run(msgspec.json.encode(start) + b"\n"))

    async def close(self) -> None:
        """Ends the process when it has published what is left."""
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

    async def _run(self, start: bytes) -> None:
        told = False
        while True:
            began = time.monotonic()
            try:
                code = await self._run_once(start)
                problem = N_("it has ended with code {code}").format(code=code)
            except OSError as error:
                problem = N_("it cannot be started: {error}").format(error=error)
            ran = time.monotonic() - began
            _logger.warning("fleet: the process: %s after %.1f s", problem, ran)
            # Each once: one that cannot run ends again and again.
            if not told or ran > _RUNS_LONG:
                told = True
                text = N_("fleet: the process that publishes: {problem}; it is started again")
                self._report(text.format(problem=problem))
            await asyncio.sleep(AGAIN_AFTER)

    async def _run_once(self, start: bytes) -> int:
        """Runs the process; returns its exit code. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "mdxdash",
            "fleet-bridge",
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
            process.stdin.write(start)
            while data := await process.stderr.read(_READ_BYTES):
                for line in data.decode("utf-8", "replace").splitlines():
                    _logger.warning("fleet: %s", line.rstrip())
            return await process.wait()
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()


def fleet_name(settings: Settings) -> str:
    """Returns the name of a hub at the broker: its own, else that of its machine."""
    name = settings.fleet.name or settings.hub.name
    if name:
        return name
    found = HUB_NAME.match(socket.gethostname().split(".")[0])
    return found.group() if found else "hub"
