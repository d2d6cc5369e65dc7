"""`mdxdash web`: what it serves where, and what it refuses."""

import ipaddress
import socket
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from mdxdash.cli.commands import web as module
from mdxdash.hub.address import is_loopback, own_addresses
from mdxdash.web.access import Access
from tests.support.programs import call, running, url_of
from tests.support.waiting import GUARD, until

SECRET = "0123456789abcdefABCDEF"


class Listening(Exception):
    """The server would listen now."""


class NoServer:
    """Takes the place of the server, and keeps what it was made of."""

    made: "NoServer"

    def __init__(self, command: list[str], access: Access, title: str) -> None:
        NoServer.made = self
        self.command, self.access, self.title = command, access, title

    def listening(self, hosts: list[str], port: int, tls: Any) -> None:
        self.hosts, self.port, self.tls = hosts, port, tls
        raise Listening


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MDXDASH_WEB_SECRET", raising=False)
    return tmp_path


def made(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> NoServer:
    """What the server is made of."""
    monkeypatch.setattr("mdxdash.web.server.WebServer", NoServer)
    with pytest.raises(Listening):
        call(module.command, *arguments)
    return NoServer.made


def test_it_serves_the_page_on_loopback_until_it_is_ended() -> None:
    with running("web", "--port", "0") as program:
        address = program.diagnostic().removeprefix("serving browsers at ")
        assert address.startswith("http://localhost:")
        with urllib.request.urlopen(address) as page:
            assert b"textual-terminal" in page.read()
        program.process.terminate()
        assert program.end() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the process of the tab in /proc")
def test_a_tab_ends_with_a_server_that_is_killed_and_the_hub_goes_on() -> None:
    with running("serve", "--port", "0", "--no-record") as hub:
        url_of(hub)
        with running("web", "--port", "0") as program:
            address = program.diagnostic().removeprefix("serving browsers at ").rstrip("/")
            socket_address = f"{address.replace('http', 'ws')}/ws"
            with connect(socket_address, origin=Origin(address)) as browser:
                shown = b""
                while b"attached to" not in shown:
                    data = browser.recv(GUARD)
                    assert isinstance(data, bytes), data
                    shown += data
                pid = program.process.pid
                (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                program.process.kill()
                until(lambda: not Path(f"/proc/{child}").exists())
        assert hub.process.poll() is None


def test_a_tab_attaches_to_the_hub_and_may_send_on_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = made(monkeypatch, "robot")
    assert server.command == [
        *(sys.executable, "-m", "mdxdash", "attach", "--in-browser"),
        *("--", "robot"),
    ]
    assert server.title == "robot · mdxdash"
    assert server.port == 8000
    assert server.access.has_cookie(None)
    assert "--read-only" in made(monkeypatch, "--read-only").command


def test_beyond_this_machine_a_tab_only_looks_unless_it_may_send(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MDXDASH_WEB_SECRET", SECRET)
    server = made(monkeypatch, "--host", "0.0.0.0")
    assert "--read-only" in server.command
    assert not server.access.has_cookie(None)
    assert server.access.is_secret(SECRET)
    assert SECRET not in f"{server.command}{server.title}"
    assert "--read-only" not in made(monkeypatch, "--host", "0.0.0.0", "--read-write").command


def test_beyond_this_machine_a_secret_is_made_and_shown_only_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = call(module.command, "--host", "0.0.0.0")
    assert refused.exit_code == 2
    assert "browsers need a secret" in refused.stderr
    monkeypatch.setattr(module, "is_terminal", lambda: True)
    one, two = (made(monkeypatch, "--host", "0.0.0.0").access for _ in range(2))
    assert one.cookie_value != two.cookie_value
    assert not one.has_cookie(None)


def test_the_addresses_of_this_machine_are_shown_where_others_can_open_it() -> None:
    assert all(ipaddress.ip_address(each) for each in own_addresses())
    assert not any(map(is_loopback, own_addresses()))
    assert module._hosts_to_open("dash.example") == ("dash.example",)
    found = module._hosts_to_open("0.0.0.0")
    assert found == (own_addresses() or (socket.gethostname(),))


def test_the_secret_of_the_settings_is_needed_on_loopback_too_and_not_shown(home: Path) -> None:
    (home / "own.toml").write_text(f'[web]\nsecret = "{SECRET}"\n', encoding="utf-8")
    with running("web", "--port", "0", "--config", "own.toml") as program:
        line = program.diagnostic()
        assert line.endswith("/SECRET")
        command = Path(f"/proc/{program.process.pid}/cmdline")
        if command.exists():
            assert SECRET not in command.read_text()
        address = line.removeprefix("serving browsers at ").removesuffix("SECRET")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address)
        with urllib.request.urlopen(f"{address}{SECRET}") as page:
            assert "HttpOnly" in page.headers["Set-Cookie"]
    log = home / "mdxdash" / "log" / "mdxdash.log"
    assert log.exists()
    assert SECRET not in log.read_text(encoding="utf-8")


def test_names_of_the_settings_are_known_hosts(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "own.toml").write_text('[web]\nnames = ["dash.example"]\n', encoding="utf-8")
    access = made(monkeypatch, "--config", "own.toml").access
    assert access.knows_host("dash.example:8000")
    assert access.knows_host(f"{socket.gethostname()}.local")
    assert not access.knows_host("evil.example")


def test_a_hub_elsewhere_is_named_without_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    server = made(monkeypatch, "ws://robot:9001/tap")
    assert server.command[-1] == "ws://robot:9001/tap"
    assert server.title == "mdxdash"
    refused = call(module.command, f"ws://robot:9001/tap/{SECRET}")
    assert refused.exit_code == 2
    assert "MDXDASH_SECRET" in refused.stderr
    assert SECRET not in refused.stderr


def test_a_port_in_use_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = call(module.command, "--port", str(taken.getsockname()[1]))
    assert refused.exit_code == 2
    assert "is in use by another program" in refused.stderr


def test_a_certificate_that_cannot_be_read_is_explained() -> None:
    refused = call(module.command, "--tls-cert", "none.pem")
    assert refused.exit_code == 2
    assert "--tls-cert none.pem" in refused.stderr


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.delitem(sys.modules, "mdxdash.web.server", raising=False)
    result = call(module.command)
    assert result.exit_code == 2
    assert "pip install '.[web]'" in result.stderr
