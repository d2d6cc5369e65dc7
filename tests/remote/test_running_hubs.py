"""Which hubs run, as a command finds it out."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.remote import shell_client
from mdxdash.remote.control_socket import take_socket
from mdxdash.remote.running_hubs import hub_on_port, running_hubs
from tests.support.faces import runtime_folder, session_in
from tests.support.hub_clients import raw_agent


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with runtime_folder(monkeypatch):
        yield


async def test_hubs_tell_their_state(tmp_path: Path) -> None:
    assert running_hubs() == []
    (tmp_path / "b").mkdir()
    first, second = session_in(tmp_path), session_in(tmp_path / "b", name="robot")
    async with first, second, raw_agent(second.hub):
        one, two = await asyncio.to_thread(running_hubs)
        assert (one.name, two.name) == ("main", "robot")
        assert one.state is not None and two.state is not None
        assert one.state.welcome.url == first.hub.url
        assert [agent.name for agent in two.state.agents] == ["chat"]
        found = await asyncio.to_thread(hub_on_port, second.hub.port)
        assert found is not None and found.name == "robot"
        assert await asyncio.to_thread(hub_on_port, 1) is None


def test_one_that_hangs_is_named_and_a_dead_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell_client, "CONNECT_TIMEOUT", 0.05)
    hanging = take_socket("hanging")
    take_socket("dead").listener.close()
    (hub,) = running_hubs()
    assert (hub.name, hub.state) == ("hanging", None)
    assert "did not answer in time" in hub.problem
    hanging.close()
