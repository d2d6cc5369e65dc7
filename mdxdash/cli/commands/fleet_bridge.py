"""`mdxdash fleet-bridge`: the process that joins a hub to a broker; a hub starts it."""

import asyncio
import logging
import signal
import threading
from contextlib import suppress
from io import FileIO

import click
import msgspec

from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.fleet.publishing.bridge import Bridge
from mdxdash.remote.fleet.publishing.bridge_process import ENDED, BridgeStart


@click.command(name="fleet-bridge", hidden=True)
def command() -> None:
    """Publishes the events of a hub, and carries out commands, until the hub ends. What it needs is
    the first line of its standard input."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    # It ends when the hub does, which may still have something to publish.
    for number in (signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
        signal.signal(number, signal.SIG_IGN)
    # Without a buffer: Python aborts where a thread waits for that of `sys.stdin` at its end.
    stdin = FileIO(0, closefd=False)
    line = stdin.readline()
    if not line:
        return
    start = msgspec.json.decode(line, type=BridgeStart)
    with suppress(asyncio.CancelledError):
        asyncio.run(_bridge(start, stdin))


async def _bridge(start: BridgeStart, stdin: FileIO) -> None:
    open_hub = control_opener(start.hub)
    bridge = Bridge(
        open_hub, start.address, start.name, start.buffer, round_interval=start.interval
    )
    await bridge.run(_hub_ended(stdin))


async def _hub_ended(stdin: FileIO) -> str:
    """Waits for the end of standard input, the one thing that every system lets a thread do."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[str] = loop.create_future()

    def end(state: str) -> None:
        if not ended.done():
            ended.set_result(state)

    def read() -> None:
        state = "left" if stdin.readline() == ENDED else "lost"
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(end, state)

    threading.Thread(target=read, daemon=True).start()
    return await ended
