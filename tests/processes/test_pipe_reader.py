"""The output of a process that is read to its end, and no longer."""

import os
import threading
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from mdxdash.processes.pipe_reader import PipeReader


@pytest.fixture
def pipe() -> Iterator[tuple[BinaryIO, int]]:
    """Our end, and the end of somebody who never closes it."""
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb", buffering=0) as file:
        yield file, theirs
        os.close(theirs)


def test_what_is_there_is_read_at_once(pipe: tuple[BinaryIO, int]) -> None:
    reader = PipeReader(pipe[0], lambda: False)
    os.write(pipe[1], b"abc")
    assert (reader.read(2), reader.read(2)) == (b"ab", b"c")


@pytest.mark.skipif(os.name == "nt", reason="a job ends who holds it there")
def test_silence_after_the_end_of_the_process_is_the_end(pipe: tuple[BinaryIO, int]) -> None:
    reader = PipeReader(pipe[0], lambda: True)
    os.write(pipe[1], b"rest")
    assert (reader.read(9), reader.read(9)) == (b"rest", b"")


@pytest.mark.skipif(os.name == "nt", reason="a job ends who holds it there")
def test_a_read_that_waits_is_ended(pipe: tuple[BinaryIO, int]) -> None:
    reader = PipeReader(pipe[0], lambda: False)
    threading.Timer(0.1, reader.stop).start()
    assert reader.read(9) == b""
