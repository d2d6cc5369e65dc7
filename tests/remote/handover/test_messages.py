"""Messages and sockets go through a pair of sockets as they are, and nonsense is recognised."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.events.event import Event
from mdxdash.remote.handover.messages import (
    SOCKETS_AT_ONCE,
    Channel,
    Events,
    Go,
    HandOverFailed,
    decode_settings,
    encode_settings,
)
from mdxdash.settings.resolution import resolve
from tests.support.waiting import GUARD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no sockets to give away")


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    """A channel, and the bare other end."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    yield channel, theirs
    channel.close()
    theirs.close()


def test_messages_come_in_order(ends: tuple[Channel, socket.socket]):
    channel, theirs = ends
    events = Events((Event(1, 2.0, "received", "chat", "A", "こんにちは"),))
    channel.send(events)
    channel.send(Go())
    other = Channel(theirs)
    assert other.receive(GUARD) == events
    assert other.receive(GUARD) == Go()


def test_more_sockets_than_the_system_takes_at_once_arrive_in_order(
    ends: tuple[Channel, socket.socket],
):
    channel, theirs = ends
    pairs = [socket.socketpair() for _ in range(3)]
    descriptors = [each.fileno() for pair in pairs for each in pair] * 60
    assert len(descriptors) > SOCKETS_AT_ONCE
    channel.send(Go())
    channel.send_sockets(descriptors)
    other = Channel(theirs)
    assert other.receive(GUARD) == Go()
    found = other.receive_sockets(len(descriptors))
    assert len(found) == len(descriptors)
    pairs[0][0].send(b"x")
    assert found[7].recv(1) == b"x"
    for each in [*found, *(end for pair in pairs for end in pair)]:
        each.close()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "has ended"),
        (b"\0\0\0\5abc", "has ended"),
        (b"\0\0\0\1\xc1", "unknown here"),
        (b"\0\0\0\7\x81\xa4type\xa1", "unknown here"),
        (b"HTTP/1.1", "does not speak"),
    ],
)
def test_nonsense_is_recognised(ends: tuple[Channel, socket.socket], data: bytes, reason: str):
    channel, theirs = ends
    theirs.sendall(data)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(HandOverFailed, match=reason):
        channel.receive(GUARD)


def test_settings_arrive_whole_but_for_their_origins(tmp_path: Path):
    (tmp_path / "mdxdash.toml").write_text(
        '[hub]\nport = 9123\nsecret = "0123456789abcdefghij"\n[groups]\nhall = ["chat*"]\n'
    )
    settings = resolve({}, {}, tmp_path / "mdxdash.toml", tmp_path)
    arrived = decode_settings(encode_settings(settings))
    assert arrived.hub == settings.hub
    assert dict(arrived.groups) == dict(settings.groups)
    assert arrived.file == settings.file
    assert not arrived.origins
