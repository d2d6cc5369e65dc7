"""The new process refuses what it does not know, and touches nothing before it is told to go on."""

import socket
import sys

import msgspec
import pytest

from mdxdash.remote.handover.messages import (
    VERSION,
    Begin,
    Channel,
    Go,
    HandOverFailed,
    Refused,
)
from mdxdash.remote.handover.taking import Successor
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.session_macros import SwitchedOn
from mdxdash.settings.model import Settings
from tests.support.waiting import GUARD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no sockets to give away")


def make(settings: Settings, switched_on: SwitchedOn, record_file: str) -> HubSession:
    raise AssertionError("no session is made")


async def failed(first: bytes, *more: Go) -> tuple[str, object]:
    """Why nothing is taken over, and the first answer, if there is one."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    ours.sendall(len(first).to_bytes(4) + first)
    for message in more:
        channel.send(message)
    ours.shutdown(socket.SHUT_WR)
    with pytest.raises(HandOverFailed) as caught:
        await Successor(theirs, make).take()
    theirs.close()
    try:
        return str(caught.value), channel.receive(GUARD)
    except HandOverFailed:
        return str(caught.value), None
    finally:
        channel.close()


def begin(**fields: object) -> bytes:
    return msgspec.msgpack.encode(Begin(**{"version": VERSION, "mdxdash": "9.9", **fields}))


async def test_another_version_is_refused_with_both_named():
    reason, answer = await failed(begin(version=VERSION + 1))
    assert f"mdxdash 9.9 hands over in version {VERSION + 1}" in reason
    assert answer == Refused(reason)


async def test_settings_that_are_not_known_here_are_refused():
    reason, answer = await failed(begin(settings=b"\x81\xa4file\xc3"))
    assert "a setting is not known here" in reason
    assert answer == Refused(reason)


async def test_an_old_process_that_is_gone_leaves_nothing_to_do():
    assert await failed(b"\xc1") == (
        "the other process says what is unknown here: MessagePack data is malformed: invalid "
        "opcode '\\xc1' (byte 0)",
        None,
    )
    assert await failed(msgspec.msgpack.encode(Go())) == ("the other process does not begin", None)
