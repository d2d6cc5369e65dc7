"""What a shell command sees of a hub while other processes take it over."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.events.event import Event
from mdxdash.remote.control_socket import hub_address
from mdxdash.remote.followed_hub import FollowedHub
from mdxdash.remote.protocol import Restart, StopHub, Welcome
from mdxdash.remote.shell_client import HubGone, ShellClient, first_line
from tests.support.background import keepers, stopped_at_last
from tests.support.counting_agent import counting_agent
from tests.support.faces import runtime_folder
from tests.support.programs import running, url_of
from tests.support.waiting import GUARD, eventually, until

COMMAND = (sys.executable, "-m", "mdxdash")


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MDXDASH_KEEPER", "true")
    with runtime_folder(monkeypatch) as folder, stopped_at_last(folder):
        yield folder


def restart(pid: int) -> None:
    with ShellClient(hub_address("main"), first_line("hub")) as client:
        client.ask(Restart(COMMAND, 0), GUARD)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def stop() -> None:
    with ShellClient(hub_address("main"), first_line("hub")) as client:
        client.ask(StopHub(sure=True))


class Reading:
    """Reads on in a thread of its own."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.pids: list[int] = []

    def run(self) -> None:
        with FollowedHub(hub_address("main"), first_line("events", events=True)) as hub:
            self.pids.append(hub.welcome.pid)
            for each in hub.stream():
                if isinstance(each, Event):
                    self.events.append(each)
                elif isinstance(each, Welcome):
                    self.pids.append(each.pid)

    @property
    def counted(self) -> list[int]:
        return [int(event.args) for event in self.events if event.type == "COUNT"]


@pytest.mark.skipif(sys.platform == "win32", reason="no sockets to give away")
@pytest.mark.parametrize(
    "replace",
    [
        restart,
        pytest.param(
            kill, marks=pytest.mark.skipif(sys.platform != "linux", reason="no keepers elsewhere")
        ),
    ],
)
async def test_events_go_on_at_the_process_that_takes_over(replace, tmp_path: Path) -> None:
    reading = Reading()
    recording = str(tmp_path / "session.jsonl")
    with running("serve", "--port", "0", "--record", recording) as hub:
        async with counting_agent(url_of(hub)) as agent:
            task = asyncio.create_task(asyncio.to_thread(reading.run))
            await eventually(lambda: len(reading.counted) > 20)
            await asyncio.to_thread(until, lambda: replace is restart or keepers())
            await asyncio.to_thread(replace, reading.pids[0])
            await eventually(lambda: len(reading.pids) == 2)
            await agent.fall_quiet()
            await eventually(lambda: reading.counted[-1] == agent.sent - 1)
            counted = reading.counted
            assert counted == sorted(set(counted))
            # What a process had read in its last tenth of a second is gone with it.
            missing = agent.sent - counted[0] - len(counted)
            assert missing == 0 if replace is restart else missing <= 100
            await asyncio.to_thread(stop)
            with pytest.raises(HubGone, match="ended the connection"):
                await asyncio.wait_for(task, GUARD)
