"""Listening, before a hub serves it; and what is checked before."""

import asyncio
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from mdxdash.events.log import EventLog
from mdxdash.hub.address import CannotListen, addresses
from mdxdash.hub.listening import check_before_listening, check_path, listen, tls_context
from mdxdash.hub.server import HubServer
from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.hub_clients import running_hub
from tests.support.tls import written_pair
from tests.support.waiting import logged

SECRET = "0123456789abcdefABCDEF"


async def test_other_addresses_than_loopback_need_a_secret():
    with pytest.raises(CannotListen, match=r"`mdxdash secret --save`.*--insecure"):
        async with running_hub(host="0.0.0.0"):
            pass


@pytest.mark.parametrize("settings", [{"secret": SECRET}, {"insecure": True}])
async def test_other_addresses_are_served_with_a_secret_or_when_told(settings: dict[str, object]):
    async with running_hub(host="0.0.0.0", **settings) as hub:
        async with connect(f"ws://127.0.0.1:{hub.port}{hub.settings.dial_path}"):
            await logged(hub.log, lambda event: event.kind == "connected")


@pytest.mark.parametrize(
    ("relay", "says"),
    [
        ("ws://localhost:9001/chat", "is this mdxdash itself"),
        ("ws://127.0.0.1:9001", "is this mdxdash itself"),
        ("ws://localhost:99999/chat", "its port is no number from 0 to 65535"),
    ],
)
async def test_a_relay_that_cannot_be_is_said(relay: str, says: str):
    with pytest.raises(CannotListen, match=says):
        async with HubServer(HubSettings(relay=relay), EventLog()):
            pass


@pytest.mark.parametrize(
    ("relay", "says"),
    [
        ("ws://me:hunt/er2@localhost", "ws://***@localhost: its port is no number .* as %2F"),
        ("ws://hunter2@localhost/chat", "username provided without password"),
        ("ws://me:hunter2%ff@localhost/chat", "its host, name or password holds"),
        ("ws://me:hunter2@/chat", "hostname isn't provided"),
        ("ws://me:hunter2@localhost:9001/chat", r"ws://\*\*\*@localhost:9001/chat is this mdxdash"),
    ],
)
async def test_an_address_that_cannot_be_dialled_is_said_without_it(relay: str, says: str):
    with pytest.raises(CannotListen, match=says.replace("//***", r"//\*\*\*")) as caught:
        async with HubServer(HubSettings(relay=relay), EventLog()):
            pass
    for part in ("hunt", "er2"):
        assert part not in str(caught.value)


@pytest.mark.parametrize("hosts", [["127.0.0.1", "192.0.2.1"], ["192.0.2.1"]])
def test_one_address_that_others_reach_is_enough_to_need_a_secret(hosts: list[str]):
    with pytest.raises(CannotListen, match="agents need a secret"):
        check_before_listening(HubSettings(), hosts)
    check_before_listening(HubSettings(), ["127.0.0.1", "::1"])


def test_the_path_of_an_endpoint_is_not_the_agents():
    with pytest.raises(CannotListen, match="choose another path"):
        check_path(HubSettings(path="/tap"), ["/tap"])
    check_path(HubSettings(path="/chat"), ["/tap"])


@pytest.mark.parametrize("relay", ["ws://localhost:9002/chat", "ws://192.0.2.1:9001/chat"])
def test_another_port_or_another_machine_is_another_server(relay: str):
    check_before_listening(HubSettings(relay=relay), [])


def test_without_a_certificate_there_is_no_tls(tmp_path: Path):
    assert tls_context(None, None) is None
    cert, key = written_pair(tmp_path)
    assert isinstance(tls_context(cert, key), ssl.SSLContext)
    with pytest.raises(CannotListen, match="--tls-key needs --tls-cert"):
        tls_context(None, key)


async def test_whoever_dials_before_the_hub_serves_waits_for_it():
    settings = HubSettings(port=0)
    listeners = listen(settings)
    dialling = asyncio.ensure_future(connect(f"ws://localhost:{listeners.port}/chat").__aenter__())
    await asyncio.sleep(0)
    async with HubServer(settings, EventLog(), listeners=listeners) as hub:
        assert hub.url == f"ws://localhost:{listeners.port}/chat"
        await logged(hub.log, lambda event: event.kind == "connected")
        await (await dialling).close()


def test_a_port_that_is_taken_is_said_and_what_was_opened_is_closed(
    monkeypatch: pytest.MonkeyPatch,
):
    if "::1" not in addresses("localhost"):
        pytest.skip("localhost has one address here")
    opened: list[socket.socket] = []

    class Recorded(socket.socket):
        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            opened.append(self)

    # 127.0.0.1 comes first and is free, so one listens when the other one is refused.
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("mdxdash.hub.listening.socket.socket", Recorded)
        with pytest.raises(CannotListen, match=f"localhost port {port} is in use"):
            listen(HubSettings(port=port))
    assert {each.family for each in opened} == {socket.AF_INET, socket.AF_INET6}
    assert [each.fileno() for each in opened] == [-1] * len(opened)


async def test_a_hub_that_cannot_serve_closes_what_listens(tmp_path: Path):
    settings = HubSettings(port=0, tls_cert=str(tmp_path / "missing.pem"))
    listeners = listen(settings)
    with pytest.raises(CannotListen):
        async with HubServer(settings, EventLog(), listeners=listeners):
            pass
    assert all(each.fileno() == -1 for each in listeners.sockets)
