"""How hubs take their names, and how faces find them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.remote import control_socket
from mdxdash.remote.control_socket import (
    ControlSocket,
    NameTaken,
    NoSuchHub,
    connect,
    hub_address,
    hub_addresses,
    take_socket,
)
from tests.support.faces import runtime_folder


@pytest.fixture(autouse=True, params=["sockets", "ports"])
def runtime(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    if request.param == "ports":
        monkeypatch.setattr(control_socket, "_uses_ports", lambda: True)
    with runtime_folder(monkeypatch) as folder:
        yield folder


def names() -> list[str]:
    return [address.name for address in hub_addresses()]


def abandon(control: ControlSocket) -> None:
    """Leaves what a killed hub leaves."""
    control.listener.close()


def test_there_is_none_before_the_first_hub(runtime: Path) -> None:
    assert hub_addresses() == []
    with pytest.raises(NoSuchHub, match="no hub named main runs"):
        hub_address("main")
    assert not list(runtime.iterdir())


def test_hubs_take_one_name_each_and_can_be_reached() -> None:
    hubs = [take_socket(), take_socket(), take_socket("robot")]
    assert [hub.name for hub in hubs] == ["main", "main-2", "robot"] == names()
    connect(hub_address("robot")).close()
    with pytest.raises(NameTaken, match="a hub named robot runs already"):
        take_socket("robot")
    hubs[0].close()
    assert names() == ["main-2", "robot"]
    assert take_socket().name == "main"


def test_what_a_dead_hub_left_is_replaced() -> None:
    for name in (None, "robot"):
        dead = take_socket(name)
        abandon(dead)
        with pytest.raises(NoSuchHub, match="does not run any more"):
            connect(hub_address(dead.name))
        alive = take_socket(name)
        assert alive.name == dead.name
        connect(hub_address(dead.name)).close()
        dead.close()  # late: it is another's now
        connect(hub_address(dead.name)).close()


def test_a_hub_that_hangs_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_socket, "_BACKLOG", 0)
    monkeypatch.setattr(control_socket, "CONNECT_TIMEOUT", 0.05)
    hub = take_socket()
    waiting: list[socket.socket] = []
    with pytest.raises(TimeoutError):
        while True:
            waiting.append(connect(hub.address))
    assert take_socket().name == "main-2"
    for each in waiting:
        each.close()


def test_other_files_are_no_hubs(runtime: Path) -> None:
    take_socket()
    folder = runtime / "mdxdash"
    for name in ("x.sock", "x.json", ".x.sock", "readme", "a b.json"):
        (folder / name).write_bytes(b"{}")
    assert names() == ["main"]
    assert take_socket("x").name == "x"


def test_a_long_path_is_no_obstacle(runtime: Path) -> None:
    folder = runtime / ("x" * 120)
    hub = take_socket("long", folder)
    (address,) = hub_addresses(folder)
    connect(address).close()
    hub.close()
    assert hub_addresses(folder) == []
