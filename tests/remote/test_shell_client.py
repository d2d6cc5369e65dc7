"""The connection of a shell command to a hub."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.events.event import Event
from mdxdash.remote.control_socket import ControlSocket, hub_address, take_socket
from mdxdash.remote.protocol import Read, Send, StopHub
from mdxdash.remote.shell_client import HubGone, Refused, ShellClient, first_line
from tests.support.faces import runtime_folder, session_in
from tests.support.hub_clients import raw_agent


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with runtime_folder(monkeypatch):
        yield


async def test_it_asks_and_is_told_what_happens(tmp_path: Path) -> None:
    def work() -> list[str]:
        with ShellClient(hub_address("main"), first_line("send", events=True)) as client:
            assert client.welcome.name == "main"
            assert client.ask(Send("HELLO|1")).delivery is not None
            with pytest.raises(Refused, match="agents are connected: chat"):
                client.ask(StopHub())
            seen = []
            for each in client.stream(time.monotonic() + 60):
                if isinstance(each, Event):
                    seen.append(f"{each.kind} {each.type} {each.by}")
                    if each.type == "WORLD":
                        break
            with pytest.raises(TimeoutError):
                for _ in client.stream(time.monotonic()):
                    pass
            assert client.ask(Read(1, 2, 0)).events
            return seen

    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        working = asyncio.create_task(asyncio.to_thread(work))
        assert await agent.recv(decode=False) == b"HELLO|1\n"
        await agent.send("WORLD\n")
        seen = await working
        assert "received WORLD " in seen


def served(answer: bytes) -> tuple[ControlSocket, threading.Thread]:
    """A hub that says one thing to whoever comes, and ends the connection."""
    control = take_socket()

    def serve() -> None:
        connection, _ = control.listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(4096)

    thread = threading.Thread(target=serve)
    thread.start()
    return control, thread


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        (b'{"is":"answer","error":"protocol 1 is not known"}\n', Refused, "protocol 1"),
        (b'{"is":"behind","first":1,"last":2}\n', Refused, "no hub of mdxdash"),
        (b"HTTP/1.1 400\r\n", Refused, "no hub of mdxdash"),
        (b"", HubGone, "ended the connection"),
    ],
)
def test_whatever_answers_is_no_surprise(answer: bytes, kind: type[Exception], text: str) -> None:
    control, thread = served(answer)
    with pytest.raises(kind, match=text):
        with ShellClient(control.address, first_line("send")):
            pass
    thread.join()
    control.close()
