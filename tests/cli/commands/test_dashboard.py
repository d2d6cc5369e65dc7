"""`mdxdash --demo` in a real pseudo-terminal, its screen read by a terminal emulator."""

import os
import select
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.waiting import GUARD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


class Terminal:
    """A program in a pseudo-terminal of 160 × 45."""

    def __init__(self, *arguments: str, home: Path) -> None:
        import fcntl
        import pty
        import termios

        import pyte

        self._screen = pyte.Screen(160, 45)
        self._stream = pyte.ByteStream(self._screen)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            environment = {**os.environ, "TERM": "xterm-256color", "HOME": str(home)}
            for size in ("COLUMNS", "LINES"):  # they would win over the terminal's own
                environment.pop(size, None)
            environment |= {"XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home)}
            environment |= {"XDG_DATA_HOME": str(home), "LANG": "C.UTF-8"}
            os.chdir(home)
            command = [sys.executable, "-m", "mdxdash", *arguments]
            os.execve(sys.executable, command, environment)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))

    def press(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def text(self) -> str:
        """What stands on the screen."""
        # Not pyte's own `display`: it fails where half of a wide character was written over.
        rows = (self._screen.buffer[y] for y in range(self._screen.lines))
        return "\n".join("".join(row[x].data for x in range(160)) for row in rows)

    def until(self, wanted: str) -> None:
        """Reads on until a text stands on the screen."""
        self.until_so(lambda: wanted in self.text(), wanted)

    def until_so(self, condition: Callable[[], bool], what: str) -> None:
        """Reads on until something is so."""
        deadline = time.monotonic() + GUARD
        while not condition():
            left = deadline - time.monotonic()
            assert left > 0, f"{what} never came:\n{self.text()}"
            if select.select([self._fd], [], [], left)[0]:
                self._stream.feed(os.read(self._fd, 65_536))

    def stream(self) -> str:
        """What stands in the stream, on the right of the side column."""
        return "\n".join(line[38:] for line in self.text().splitlines()[3:30])

    def end(self) -> int:
        """Reads what is left; gives the exit code."""
        try:
            while os.read(self._fd, 65_536):
                pass
        except OSError:
            pass  # Linux's way of saying that the other side is closed.
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_the_demonstration_shows_an_agent_and_the_test_message_acknowledged(tmp_path: Path):
    terminal = Terminal("--demo", home=tmp_path)
    terminal.until("1 agent")
    terminal.until("RECOG_EVENT_STOP")
    terminal.press("1")
    terminal.until("✓")
    terminal.press("/")
    terminal.press("type:TEST_MESSAGE")
    terminal.until("□ RECOG_EVENT_STOP")
    terminal.until_so(lambda: "RECOG_EVENT" not in terminal.stream(), "a filtered stream")
    assert "TEST_MESSAGE" in terminal.stream()
    terminal.press("\rq")
    terminal.until("does not survive")
    terminal.press("y")
    assert terminal.end() == 0
