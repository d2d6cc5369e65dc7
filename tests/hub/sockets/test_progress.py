"""How far a connection was read is known to another process, or known to be unknown."""

import os
import socket
import sys
from collections.abc import Iterator

import pytest

from mdxdash.hub.sockets.progress import SLOT_BYTES, SLOTS, Progress, bytes_given_out

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux has such memory")


@pytest.fixture
def both() -> Iterator[tuple[Progress, Progress]]:
    """The memory as one process writes it and another one reads it."""
    ours = Progress.new()
    theirs = Progress(os.dup(ours.descriptor))
    yield ours, theirs
    ours.close()
    theirs.close()


def test_the_other_reads_what_was_written_last(both: tuple[Progress, Progress]):
    ours, theirs = both
    ours.write(3, 10, b"abc")
    ours.write(3, 2**40, b"")
    ours.write(4, 5, b"x" * 10_000)
    found, other = theirs.read(3), theirs.read(4)
    assert found is not None and (found.count, found.rest) == (2**40, b"")
    assert other is not None and (other.count, len(other.rest)) == (5, 10_000)


def test_what_is_not_known_is_none(both: tuple[Progress, Progress]):
    ours, theirs = both
    assert theirs.read(1) is None
    ours.write(1, 10, None)
    ours.write(2, 10, b"x" * SLOT_BYTES)
    ours.write(3, 10, b"abc")
    ours._memory[3 * SLOT_BYTES] ^= 1  # the process was killed while it wrote
    assert [theirs.read(number) for number in (1, 2, 3, 1 + SLOTS)] == [None] * 4
    ours.write(3, 11, b"abc")
    assert theirs.read(3) is not None


def test_the_kernel_tells_how_much_was_read():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as client:
            accepted, _ = listener.accept()
            with accepted:
                client.sendall(b"x" * 1000)
                assert len(accepted.recv(300)) == 300
                assert bytes_given_out(accepted) == 300
                while bytes_given_out(accepted) < 1000:
                    accepted.recv(1000)
                assert bytes_given_out(accepted) == 1000
