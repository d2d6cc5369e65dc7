"""Running the real program, `python -m mdxdash …`, and reading what it prints."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click
from click.testing import CliRunner, Result

from tests.support.waiting import GUARD


class Program:
    """A running mdxdash with its three streams; each output is read by a thread of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mdxdash", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._stdout: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._stderr: queue.SimpleQueue[str] = queue.SimpleQueue()
        for stream, lines in (
            (self.process.stdout, self._stdout),
            (self.process.stderr, self._stderr),
        ):
            threading.Thread(target=self._read, args=(stream, lines), daemon=True).start()

    @staticmethod
    def _read(stream: Iterator[bytes], lines: "queue.SimpleQueue[str]") -> None:
        for raw in stream:
            lines.put(raw.decode("utf-8").rstrip("\r\n"))

    def line(self) -> str:
        """The next line on stdout."""
        return self._stdout.get(timeout=GUARD)

    def diagnostic(self) -> str:
        """The next line on stderr."""
        return self._stderr.get(timeout=GUARD)

    def write(self, line: str) -> None:
        """A line into stdin."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Waits for its end; gives its exit code."""
        return self.process.wait(timeout=GUARD)


@contextmanager
def running(*arguments: str) -> Iterator[Program]:
    """A program that is killed when it is left."""
    program = Program(*arguments)
    try:
        yield program
    finally:
        program.process.kill()
        program.process.wait()


def url_of(program: Program) -> str:
    """The address on the first line of stderr of a program that runs a hub."""
    first = program.diagnostic()
    assert first.startswith("listening on ws://localhost:")
    return first.removeprefix("listening on ")


def mdxdash(*arguments: str | os.PathLike[str]) -> subprocess.CompletedProcess[str]:
    """`mdxdash ARGUMENTS`, run to its end without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "mdxdash", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=GUARD,
        check=False,
    )


def call(command: click.Command, *arguments: str) -> Result:
    """A command called in this process."""
    return CliRunner().invoke(command, arguments, catch_exceptions=False)
