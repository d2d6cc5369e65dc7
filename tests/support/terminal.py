"""A program in a pseudo-terminal: what it paints is read at once, and put on a screen by pyte."""

import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import pyte

from tests.support.homes import home_environment
from tests.support.waiting import GUARD

COLUMNS, LINES = 160, 45


class Terminal:
    """A program in a pseudo-terminal of 160 × 45; as a context manager, killed when it is left.

    A thread reads what is painted, so that the program never waits for the test, and notes when.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        size: tuple[int, int] = (COLUMNS, LINES),
        term: str = "xterm-256color",
    ) -> None:
        """Starts a command in a folder. `environment` is all that it inherits besides TERM (`term`)
        and `size` the columns and rows that the terminal says it has."""
        import fcntl  # Windows has none of these three
        import pty
        import termios

        self.started = time.perf_counter()
        self._folder = folder
        self.painted: list[tuple[float, bytes]] = []
        """What each read gave, with its `time.perf_counter()`."""
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._drawn = 0
        self._news = threading.Condition()
        self._stopped = threading.Event()
        self._closed_by: OSError | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.chdir(folder)
            os.execvpe(command[0], command, {**environment, "TERM": term})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def press(self, keys: str) -> None:
        """Types keys."""
        os.write(self._fd, keys.encode())

    def text(self) -> str:
        """What stands on the screen."""
        for _, data in self.painted[self._drawn :]:
            self._stream.feed(data)
            self._drawn += 1
        # Not pyte's own `display`: it fails where half of a wide character was written over.
        rows = (self._screen.buffer[y] for y in range(LINES))
        return "\n".join("".join(row[x].data for x in range(COLUMNS)) for row in rows)

    def until(self, wanted: str) -> None:
        """Waits until a text stands on the screen."""
        text = ""

        def is_there() -> bool:
            nonlocal text
            text = self.text()  # once: a moment later something else may stand there
            return wanted in text or self._is_over()

        self.until_so(is_there, wanted)
        assert wanted in text, f"{self._ending()} without {wanted}:\n{text}"

    def until_so(self, condition: Callable[[], bool], what: str, seconds: float = GUARD) -> None:
        """Waits until a condition holds, looked at whenever something was painted."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what} never came:\n{self.text()}"
            with self._news:
                if len(self.painted) == self._drawn:
                    self._news.wait(0.1)

    def until_painted(self, wanted: bytes, since: int = 0) -> float:
        """When a text was painted, among the reads from `since` on, as `time.perf_counter()`."""
        deadline = time.monotonic() + GUARD
        looked = since
        tail = b""  # a text may stand across two reads
        while time.monotonic() < deadline:
            for at, data in self.painted[looked:]:
                if wanted in tail + data:
                    return at
                tail = (tail + data)[1 - len(wanted) :]
                looked += 1
            with self._news:
                if len(self.painted) == looked:
                    self._news.wait(0.1)
        raise AssertionError(f"{wanted!r} was not painted within {GUARD:g} s")

    def type_bytes(self, data: bytes) -> None:
        """Sends bytes as they are."""
        while data:
            data = data[os.write(self._fd, data) :]

    def close(self) -> None:
        """Closes the terminal's side, as a closed window does: the program gets SIGHUP."""
        self._stop_reading()
        closed, self._fd = self._fd, os.open(os.devnull, os.O_RDONLY)
        os.close(closed)

    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def end(self) -> int:
        """Waits until the program has ended; its exit code."""
        deadline = time.monotonic() + GUARD
        while self.is_running():
            assert time.monotonic() < deadline, f"it did not end:\n{self.text()}"
            self._reader.join(0.05)
        self.pid, ended = 0, self.pid
        return os.waitstatus_to_exitcode(os.waitpid(ended, 0)[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self._stop_reading()
        os.close(self._fd)

    def _ending(self) -> str:
        """How the program has ended, and the last lines of what it logged."""
        found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        how = f"its terminal is closed ({self._closed_by}), the program has not ended,"
        if found is not None:
            how = f"the program ended by {found.si_status} (si_code {found.si_code})"
        logs = [file.read_text("utf-8", "replace")[-2000:] for file in self._folder.rglob("*.log")]
        return "\n".join((*logs, how))

    def _is_over(self) -> bool:
        """Whether nothing can be painted any more."""
        return not self._reader.is_alive() and len(self.painted) == self._drawn

    def _stop_reading(self) -> None:
        """Ends the thread before the descriptor is closed: its number is the next terminal's."""
        self._stopped.set()
        self._reader.join()

    def _read(self) -> None:
        import select  # Windows has no poll

        ready = select.poll()
        ready.register(self._fd, select.POLLIN)
        try:
            while not self._stopped.is_set():
                if not ready.poll(50):
                    continue
                data = os.read(self._fd, 65_536)
                if not data:
                    return
                with self._news:
                    self.painted.append((time.perf_counter(), data))
                    self._news.notify_all()
        except OSError as error:  # Linux's way of saying that the other side is closed
            self._closed_by = error


def mdxdash_terminal(
    home: Path,
    *arguments: str,
    size: tuple[int, int] = (COLUMNS, LINES),
    term: str = "xterm-256color",
) -> Terminal:
    """`mdxdash ARGUMENTS` in a terminal, with a home of its own."""
    command = [sys.executable, "-m", "mdxdash", *arguments]
    return Terminal(command, home, home_environment(home), size, term)


def shown_stream(terminal: Terminal) -> str:
    """What stands in the dashboard's stream, on the right of the side column."""
    return "\n".join(line[38:] for line in terminal.text().splitlines()[3:30])
