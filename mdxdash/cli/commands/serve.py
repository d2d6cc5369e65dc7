"""`mdxdash serve`: the hub without a screen. Never imports Textual."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import click

from mdxdash.cli.background_macros import BackgroundMacros, background_macros, run_background
from mdxdash.cli.options import (
    TARGET_HELP,
    check_record_file,
    fail,
    hub_options,
    read_filter,
    read_settings,
    recording_options,
)
from mdxdash.cli.output.event_printer import FORMATS, EventPrinter
from mdxdash.cli.session_recording import headless_recording
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.events.log import EventLog
from mdxdash.filters.filter import Context, Filter
from mdxdash.hub.address import CannotListen
from mdxdash.hub.interface import Delivery
from mdxdash.hub.server import HubServer
from mdxdash.remote.tap import add_tap
from mdxdash.settings.model import Settings
from mdxdash.settings.toml_source import SettingsError
from mdxdash.wire.message import parse_message

_QUEUE_SHARE = 2
"""Stdin waits while a queue is more than half full, so that a long file is sent completely."""

_PAUSE = 0.05
_MAX_WAIT = 5.0
"""Seconds that a line waits for room: an agent that reads nothing must not hold up the others."""


@click.command(name="serve")
@hub_options
@recording_options
@click.option(
    "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
@click.option("--filter", "filter_text", default="", help="Print only these events.")
@click.option("--to", "target", help=f"Send to {TARGET_HELP}.  [default: all]")
@click.option(
    "--macro",
    "macros",
    multiple=True,
    metavar="NAME",
    help="Run this macro of the settings file; may be repeated.",
)
def command(
    format_: str,
    filter_text: str,
    macros: tuple[str, ...],
    record_file: Path | None,
    target: str | None,
    **options: Any,
) -> None:
    """The hub without a screen: each event a line on stdout, each line from stdin is sent.

    A --macro with `every` runs periodically, one with `on` runs when its event arrives, and any
    other runs once on each agent that connects.

    Diagnostics go to stderr; the first line names the address. Ctrl-C ends it.
    """
    settings = read_settings(**options)
    filter_ = read_filter(filter_text)
    check_record_file(record_file)
    try:
        background = background_macros(settings.file, macros) if macros else BackgroundMacros()
    except SettingsError as error:
        fail(str(error))
    try:
        run_until_signal(_serve(settings, format_, filter_, background, target, record_file))
    except Interrupted:
        return
    except CannotListen as error:
        fail(str(error))


async def _serve(
    settings: Settings,
    format_: str,
    filter_: Filter,
    background: BackgroundMacros,
    target: str | None,
    record_file: Path | None,
) -> None:
    log = EventLog(settings.log.events, settings.log.bytes)
    passes = filter_.compile(
        Context(now=time.time, marked=()),
        lambda reason: _report(f"{reason}: no event is printed now"),
    )
    recorded = "; they are in the recording" if settings.recording.enabled or record_file else ""

    def report_dropped(count: int) -> None:
        _report(f"stdout is read too slowly: {count:,} events were not printed{recorded}")

    with EventPrinter(sys.stdout.buffer, FORMATS[format_], report_dropped) as printer:
        log.subscribe(lambda event: printer.put(event) if passes(event) else None)
        hub = HubServer(settings.hub, log, settings.groups)
        add_tap(hub)
        recording = headless_recording(settings.recording, record_file, log, lambda: hub.url)
        async with recording, hub:
            _report(f"listening on {hub.url}")
            threading.Thread(
                target=_read_stdin, args=(hub, target, asyncio.get_running_loop()), daemon=True
            ).start()
            async with asyncio.TaskGroup() as tasks:
                macros = tasks.create_task(run_background(hub, log, background, _report))
                await printer.closed()
                macros.cancel()


def _read_stdin(hub: HubServer, target: str | None, loop: asyncio.AbstractEventLoop) -> None:
    """Sends each line. Runs in a thread, since asyncio on Windows cannot read stdin from a pipe.

    Bytes that are not UTF-8 become surrogates, which the wire refuses.
    """
    for raw in _lines(0):
        line = raw.decode("utf-8", "surrogateescape").removesuffix("\r")
        try:
            asyncio.run_coroutine_threadsafe(_send(hub, target, line), loop).result()
        except (CancelledError, RuntimeError):
            return  # the program ends


def _lines(descriptor: int) -> Iterator[bytes]:
    """Yields lines without their newlines. Reads the descriptor and not `sys.stdin`: a thread that
    holds the lock of that buffer makes the interpreter abort when it ends."""
    rest = b""
    while data := os.read(descriptor, 65_536):
        *lines, rest = (rest + data).split(b"\n")
        yield from lines
    if rest:
        yield rest


async def _send(hub: HubServer, target: str | None, line: str) -> None:
    waited = 0.0
    while waited < _MAX_WAIT and any(
        len(agent.queue) > agent.queue.limit // _QUEUE_SHARE for agent in hub.targets(target)
    ):
        await asyncio.sleep(_PAUSE)
        waited += _PAUSE
    delivery = hub.send(parse_message(line), target)
    for reason in delivery.refused:
        _report(f"not sent: {reason}")
    for danger in delivery.asked:
        _report(f"not sent: {danger} (--unsafe sends it)")
    if delivery == Delivery():
        _report(f"not sent, no agent is connected: {line}")


def _report(text: str) -> None:
    click.echo(text, err=True)
