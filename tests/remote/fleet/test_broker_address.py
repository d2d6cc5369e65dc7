"""Addresses of brokers: what is in them, and what is shown of them."""

import sys
from pathlib import Path

import pytest

from mdxdash.remote.fleet.broker_address import (
    BrokerAddress,
    WrongAddress,
    broker_address,
    has_password,
    is_open_to_others,
    open_to_others,
    read_again,
)


def test_all_of_an_address_is_read():
    found = BrokerAddress.of("amqps://me:p%40ss@broker:1234/lab")
    assert (found.host, found.port, found.tls, found.vhost) == ("broker", 1234, True, "lab")
    assert (found.login, found.password) == ("me", "p@ss")
    assert found.shown == "amqps://broker:1234/lab"
    assert "p@ss" not in repr(found)
    assert found.hide("no p@ss here") == "no *** here"


def test_what_is_left_out_is_as_usual():
    found = BrokerAddress.of("amqp://broker")
    assert (found.port, found.vhost, found.login) == (5672, "/", "guest")
    assert found.shown == "amqp://broker"
    assert BrokerAddress.of("amqps://[::1]").shown == "amqps://[::1]"


@pytest.mark.parametrize(
    "url", ["", "broker", "ws://broker", "amqp://", "amqp://b:x", "amqp://b?a"]
)
def test_what_is_none_is_refused_and_not_repeated(url: str):
    with pytest.raises(WrongAddress):
        BrokerAddress.of(url)


def test_a_file_has_name_and_password(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:a:b\n", encoding="utf-8")
    found = broker_address("amqp://me:other@broker", str(file), None)
    assert (found.user, found.password) == ("ken", "a:b")
    file.write_text("secret\n", encoding="utf-8")
    with pytest.raises(WrongAddress, match="name:password") as error:
        broker_address("amqp://broker", str(file), None)
    assert "secret" not in str(error.value)


def test_a_password_is_seen_in_an_address():
    assert has_password("amqp://me:pass@broker")
    assert not has_password("amqp://me@broker:5672")
    assert not has_password("amqp://broker:5672")


@pytest.mark.parametrize(
    "url",
    ["amqp://u:12/S3cret@127.0.0.1", "amqp://u:/S3cret@host", "amqp://u/S3cret@host/v"],
)
def test_a_password_with_a_slash_is_taken_for_no_virtual_host(url: str):
    with pytest.raises(WrongAddress) as caught:
        BrokerAddress.of(url)
    assert "S3cret" not in str(caught.value)


def test_name_and_password_are_read_again_from_their_file(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:wrong\n", encoding="utf-8")
    address = broker_address("amqp://broker", str(file), None)
    file.write_text("ken:right\n", encoding="utf-8")
    again = read_again(address)
    assert (again.user, again.password, again.shown) == ("ken", "right", "amqp://broker")
    for text in ("no colon", ""):
        file.write_text(text, encoding="utf-8")
        assert read_again(again) is again
    file.unlink()
    assert read_again(again) is again
    assert read_again(BrokerAddress.of("amqp://broker")).user == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_password_that_others_can_read_is_said(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:right\n", encoding="utf-8")
    file.chmod(0o644)
    address = broker_address("amqp://broker", str(file), None)
    assert is_open_to_others(address)
    assert f"{file} with the password can be read by other users" in open_to_others(address)
    file.chmod(0o600)
    assert not is_open_to_others(address)
    file.unlink()
    assert not is_open_to_others(address)
