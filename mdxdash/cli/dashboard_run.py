"""Runs a dashboard in the terminal; its hub goes on without it where agents are connected."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final

import click

from mdxdash.cli.unattended import until_abandoned
from mdxdash.tui.app import MdxdashApp

_logger = logging.getLogger(__name__)

_TWICE_WITHIN: Final = 2.0
"""Seconds within which a second ctrl-C ends a hub that agents are connected to."""


def run_dashboard(app: MdxdashApp) -> int:
    """Shows the dashboard until its user quits; returns the exit code.

    When the terminal goes or the screen crashes while agents are connected, the hub goes on without
    a screen: until SIGTERM, a second ctrl-C, or until no agent has been connected for a minute.
    """
    return asyncio.run(_run(app))


async def _run(app: MdxdashApp) -> int:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def handle(name: str, act: Callable[[], Any]) -> None:
        # SIGHUP is Unix's, SIGBREAK Windows'. `add_signal_handler` does not exist on Windows.
        if number := getattr(signal, name, None):

            def call(number: int, frame: FrameType | None) -> None:
                loop.call_soon_threadsafe(act)

            signal.signal(number, call)

    def end() -> None:
        ended.set()
        app.exit()

    handle("SIGTERM", end)
    handle("SIGBREAK", end)
    handle("SIGHUP", lambda: app.call_later(app.lose_terminal))
    handle("SIGINT", lambda: app.call_later(app.interrupt))
    await app.run_async()
    kept = app.services.kept
    if kept is None:
        return app.return_code or 0
    handle("SIGHUP", lambda: None)
    handle("SIGINT", _EndAtSecond(ended).interrupt)
    async with kept:
        if app.return_code:  # it crashed: the terminal is still there
            _report(
                "mdxdash: the screen ended, the hub goes on without it: agents are connected. "
                "Ctrl-C twice ends it"
            )
        waiting = asyncio.ensure_future(until_abandoned(lambda: len(app.context.hub.connected)))
        stopping = asyncio.ensure_future(ended.wait())
        await asyncio.wait([waiting, stopping], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        stopping.cancel()
    return app.return_code or 0


class _EndAtSecond:
    """Ctrl-C while no screen can ask: the second one within two seconds ends the hub."""

    def __init__(self, ended: asyncio.Event) -> None:
        self._ended = ended
        self._last = float("-inf")

    def interrupt(self) -> None:
        """Takes one ctrl-C."""
        now = time.monotonic()
        if now - self._last < _TWICE_WITHIN:
            self._ended.set()
        else:
            _report("mdxdash: agents are connected; ctrl-C once more ends the hub")
        self._last = now


def _report(text: str) -> None:
    """Writes to stderr, where there is one, and to the log."""
    _logger.warning("%s", text)
    with suppress(OSError, ValueError):
        click.echo(text, file=sys.__stderr__)
