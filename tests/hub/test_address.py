"""Where a hub can listen, and what an agent's `.mdf` must say to find it."""

import errno
import socket

import pytest

from mdxdash.hub.address import (
    PATH_SUFFIX,
    CannotListen,
    addresses,
    explain_listen_error,
    format_address,
    free_port,
    is_loopback,
    mdf_lines,
    name_to_write,
    names,
)


def test_localhost_is_every_loopback_of_this_machine() -> None:
    found = addresses("localhost")
    assert "127.0.0.1" in found and set(found) <= {"127.0.0.1", "::1"}


def test_an_address_of_this_machine_stands_for_itself() -> None:
    assert addresses("127.0.0.1") == ["127.0.0.1"]


def test_an_unknown_host_cannot_be_listened_on() -> None:
    with pytest.raises(CannotListen, match=r"unknown host 'no-such-host\.invalid'"):
        addresses("no-such-host.invalid")


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    # 203.0.113.0/24 belongs to nobody: RFC 5737, section 3.
    with pytest.raises(CannotListen, match="no address of this machine"):
        addresses("203.0.113.1")


def test_a_free_port_can_be_bound() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", free_port("127.0.0.1")))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.EADDRINUSE, "localhost port 9001 is in use by another program"),
        (errno.EACCES, "may not be opened by this user"),
        (errno.EPERM, "may not be opened by this user"),
        (errno.ENETDOWN, "cannot listen on localhost port 9001: down"),
    ],
)
def test_a_failure_to_listen_is_explained(number: int, text: str) -> None:
    assert text in str(explain_listen_error(OSError(number, "down"), "localhost", 9001))


def test_a_loopback_address_has_the_names_of_all_loopbacks_after_its_own() -> None:
    assert names("localhost") == ("localhost", "127.0.0.1", "::1")
    assert names("::1") == ("::1", "localhost", "127.0.0.1")


def test_another_host_has_its_own_name_only() -> None:
    assert names("192.0.2.7") == ("192.0.2.7",)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_all_addresses_have_the_names_of_this_machine(host: str) -> None:
    found = names(host)
    assert found[0] == socket.gethostname() == name_to_write(host)
    assert {"localhost", "127.0.0.1", "::1"} <= set(found)


def test_all_addresses_have_the_loopback_names_where_the_machines_own_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "gethostname", lambda: "host")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert names("0.0.0.0") == ("host", "localhost", "127.0.0.1", "::1")


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (("127.0.0.1", 9001), "127.0.0.1:9001"),
        (("::1", 9001, 0, 0), "[::1]:9001"),
        (None, "?"),
    ],
)
def test_a_sockets_address_is_written_with_its_port(
    address: tuple[object, ...] | None, text: str
) -> None:
    assert format_address(address) == text


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("192.168.1.2", False),
        ("fe80::1%eth0", False),
    ],
)
def test_only_loopback_is_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


def test_the_mdf_names_host_port_and_path_and_asks_for_retries() -> None:
    assert mdf_lines("localhost", 9001, "/chat") == (
        "Plugin_Remote_Websocket_Host=localhost",
        "Plugin_Remote_Websocket_Port=9001",
        "Plugin_Remote_Websocket_Directory=/chat",
        "Plugin_Remote_RetryCount=100000",
    )


@pytest.mark.parametrize("tail", ["", "-1", "-left", "-a.b_c~d", "-" + "x" * 64])
def test_a_tail_follows_the_path(tail: str) -> None:
    assert PATH_SUFFIX.fullmatch(tail)


@pytest.mark.parametrize("tail", ["-", "1", "-a/b", "-あ", "-" + "x" * 65])
def test_what_is_no_tail(tail: str) -> None:
    assert not PATH_SUFFIX.fullmatch(tail)
