"""The process beside a hub, as the hub starts it."""

import subprocess
import sys
from pathlib import Path

import msgspec

from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.publishing.bridge_process import BridgeStart
from tests.support.homes import home_environment
from tests.support.waiting import GUARD

FAILING = """
from mdxdash.cli import main
from mdxdash.remote.fleet.publishing import bridge

async def run(self, hub_ended):
    import asyncio
    waiting = asyncio.ensure_future(hub_ended)
    await asyncio.sleep(0.1)
    raise RuntimeError("broken")

bridge.Bridge.run = run
main()
"""


def test_one_that_fails_while_the_hub_is_there_says_so_and_ends(tmp_path: Path):
    address = BrokerAddress.of("amqp://broker")
    start = BridgeStart("main", "room-3", address, 1000, 0.02)
    process = subprocess.Popen(
        [sys.executable, "-c", FAILING, "fleet-bridge"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=home_environment(tmp_path),
        cwd=tmp_path,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(msgspec.json.encode(start) + b"\n")
    process.stdin.flush()
    # Its standard input has not ended, as that of a hub that goes on.
    assert process.wait(GUARD) == 1
    error = process.stderr.read().decode()
    process.stdin.close()
    process.stderr.close()
    assert "RuntimeError: broken" in error
    assert "Fatal Python error" not in error
