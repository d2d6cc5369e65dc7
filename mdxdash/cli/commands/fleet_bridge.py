"""`mdxdash fleet-bridge`: the process that joins a hub to a broker; a hub starts it."""

from io import FileIO

import click

from mdxdash.cli.hosting.side_input import end_of_input, run_beside
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.fleet.publishing.bridge import Bridge
from mdxdash.remote.fleet.publishing.bridge_process import BridgeStart


@click.command(name="fleet-bridge", hidden=True)
def command() -> None:
    """Publishes the events of a hub, and carries out commands, until the hub ends. What it needs is
    the first line of its standard input."""
    run_beside(BridgeStart, _bridge)


async def _bridge(start: BridgeStart, stdin: FileIO) -> None:
    open_hub = control_opener(start.hub)
    bridge = Bridge(
        open_hub, start.address, start.name, start.buffer, round_interval=start.interval
    )
    await bridge.run(end_of_input(stdin))
