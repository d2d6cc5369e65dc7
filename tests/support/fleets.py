"""Hub processes that publish at a broker, and who watches them."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from mdxdash.events.log import EventLog
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from tests.support.homes import home_environment
from tests.support.waiting import GUARD, eventually


class FleetMember:
    """A `serve` that publishes under a name."""

    def __init__(self, process: Process, url: str, home: Path) -> None:
        self.process = process
        self.url = url
        self.home = home


@asynccontextmanager
async def fleet_member(
    broker_url: str, name: str, folder: Path, *arguments: str, **variables: str
) -> AsyncIterator[FleetMember]:
    """A hub in a process of its own; its recording is in its home."""
    home = folder / name
    home.mkdir()
    environment = home_environment(home) | {
        "XDG_RUNTIME_DIR": os.environ["XDG_RUNTIME_DIR"],
        "MDXDASH_FLEET_URL": broker_url,
        **variables,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "mdxdash", "serve", "--port", "0", "--name", name, *arguments),
        stdin=PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=PIPE,
        env=environment,
        cwd=home,
    )
    assert process.stderr is not None
    first = (await asyncio.wait_for(process.stderr.readline(), GUARD)).decode()
    assert "listening on" in first, first
    try:
        yield FleetMember(process, first.split()[-1].replace("localhost", "127.0.0.1"), home)
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), GUARD)


@asynccontextmanager
async def watching(url: str, **options: object) -> AsyncIterator[FleetWatch]:
    """Somebody who watches the hubs; connected as soon as there has been a hub."""
    watch = FleetWatch(BrokerAddress.of(url), EventLog(), **options)  # type: ignore[arg-type]
    async with watch:
        yield watch


async def there(watch: FleetWatch, *names: str) -> None:
    """Returns once agents of these names (`room-3/chat`) are connected."""
    await eventually(lambda: set(names) <= {agent.name for agent in watch.hub.connected})
