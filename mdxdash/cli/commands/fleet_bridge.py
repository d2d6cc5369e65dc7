"""`mdxdash fleet-bridge`: the process that joins a hub to a broker; a hub starts it."""

import asyncio
import logging
from contextlib import suppress
from io import FileIO

import click
import msgspec

from mdxdash.cli.hosting.side_input import end_of_input, ignore_hangup
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.fleet.publishing.bridge import Bridge
from mdxdash.remote.fleet.publishing.bridge_process import BridgeStart


@click.command(name="fleet-bridge", hidden=True)
def command() -> None:
    """Publishes the events of a hub, and carries out commands, until the hub ends. What it needs is
    the first line of its standard input."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    # It ends when the hub does, which may still have something to publish.
    ignore_hangup()
    stdin = FileIO(0, closefd=False)
    line = stdin.readline()
    if line:
        start = msgspec.json.decode(line, type=BridgeStart)
        with suppress(asyncio.CancelledError):
            asyncio.run(_bridge(start, stdin))


async def _bridge(start: BridgeStart, stdin: FileIO) -> None:
    open_hub = control_opener(start.hub)
    bridge = Bridge(
        open_hub, start.address, start.name, start.buffer, round_interval=start.interval
    )
    await bridge.run(end_of_input(stdin))
