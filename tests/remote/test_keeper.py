"""The keeper, with programs in the place of hubs."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.remote import keeper
from tests.support.waiting import GUARD, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there are no keepers elsewhere")

HUB = """
import pathlib, socket, sys
channel = socket.socket(fileno=int(sys.argv[-1]))
said = []
while not said or said[-1] != b"S":
    data, descriptors, _, _ = socket.recv_fds(channel, 2**18, 64)
    if not data:
        sys.exit()  # the keeper has ended, and the test with it
    said.append(data)
    for descriptor in descriptors:
        socket.socket(fileno=descriptor).send(b"taken " + data[:1])
{then}
"""


class Kept:
    """A keeper whose hub is the test."""

    def __init__(self, folder: Path, then: str = "") -> None:
        """`then` is what the next hub does when it has got all."""
        self.log = folder / "mdxdash.log"
        self.log.touch()
        self.hub, theirs = keeper.pair()
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", keeper.__file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self.ends = [socket.socketpair() for _ in range(3)]
        for ours, _ in self.ends:
            ours.settimeout(GUARD)
        command = [sys.executable, "-c", HUB.format(then=then)]
        self.note = folder / "hub.held"
        head = {"command": command, "log": [str(self.log)], "note": [str(self.note)]}
        self.tell(b"B" + json.dumps(head).encode() + b"\nopaque", self.ends[0][1])
        self.tell(b"A" + bytes(7) + b"\1first", self.ends[1][1])
        self.tell(b"A" + bytes(7) + b"\2second", self.ends[2][1])

    def tell(self, data: bytes, *sockets: socket.socket) -> None:
        keeper.send(self.hub, data, [each.fileno() for each in sockets])
        for each in sockets:
            each.close()

    def end(self) -> int:
        return self.process.wait(GUARD)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    found = Kept(tmp_path)
    yield found
    found.process.kill()
    found.process.wait()


def test_a_hub_that_is_gone_is_followed_by_one_that_gets_all(kept: Kept):
    kept.hub.close()
    assert [ours.recv(100) for ours, _ in kept.ends] == [b"taken B", b"taken A", b"taken A"]


def test_a_hub_that_ends_properly_ends_it(kept: Kept):
    kept.tell(b"E")
    assert kept.end() == 0
    assert [ours.recv(100) for ours, _ in kept.ends] == [b"", b"", b""]


def test_without_agents_there_is_nothing_to_keep(kept: Kept):
    kept.tell(b"R" + bytes(7) + b"\1")
    assert kept.ends[1][0].recv(100) == b""
    kept.tell(b"R" + bytes(7) + b"\2")
    kept.hub.close()
    assert kept.end() == 0


def test_a_hub_that_dies_three_times_in_a_minute_is_not_started_until_a_signal_comes(kept: Kept):
    kept.hub.close()
    until(lambda: "is not started again" in kept.log.read_text())
    text = kept.log.read_text()
    assert text.count("another one takes over its 2 agents") == keeper.DEATHS - 1
    assert "its 2 agents stay connected" in text
    assert kept.note.read_text() == f"{kept.process.pid}\n"
    os.kill(kept.process.pid, signal.SIGUSR1)
    until(lambda: kept.log.read_text().count("takes over") == 2 * (keeper.DEATHS - 1))
    assert kept.process.poll() is None
    until(kept.note.exists)  # three times more


def test_it_ends_when_all_agents_go_while_there_is_no_hub(kept: Kept):
    kept.hub.close()
    until(kept.note.exists)
    kept.ends[1][0].close()
    kept.ends[2][0].close()
    assert kept.end() == 0
    assert not kept.note.exists()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_signals_that_end_a_hub_do_not_end_it(kept: Kept, sent: signal.Signals):
    kept.tell(b"R" + bytes(7) + b"\1")
    assert kept.ends[1][0].recv(100) == b""  # it runs
    os.kill(kept.process.pid, sent)
    kept.tell(b"R" + bytes(7) + b"\2")
    assert kept.ends[2][0].recv(100) == b""
    assert kept.process.poll() is None


def test_it_is_small(kept: Kept):
    kept.tell(b"R" + bytes(7) + b"\1")
    assert kept.ends[1][0].recv(100) == b""
    status = Path(f"/proc/{kept.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    assert int(line.split()[1]) < 15 * 1024
