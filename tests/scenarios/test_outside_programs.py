"""The user's editor and pager in a real terminal: the dashboard makes way for them and comes back,
and agents are served meanwhile."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect

from mdxdash.hub.address import free_port
from tests.support.background import stopped_at_last
from tests.support.homes import home_environment
from tests.support.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

F12 = "\x1b[24~"

EDITOR = """
import os, pathlib, signal, sys, time
home, file = pathlib.Path(os.environ["HOME"]), pathlib.Path(sys.argv[-1])
(home / "arguments").write_text(" ".join(sys.argv[1:]))
print("THE EDITOR HAS", file.read_text(encoding="utf-8").strip(), flush=True)
{does}
"""
WAITS = """
while not (home / "written").exists():
    time.sleep(0.01)
file.write_text((home / "written").read_text(encoding="utf-8"), encoding="utf-8")
"""


class Desk:
    """A dashboard in a terminal, an agent, and an editor that is a script."""

    def __init__(self, home: Path, terminal: Terminal, agent: ClientConnection) -> None:
        self.home = home
        self.terminal = terminal
        self.agent = agent

    def write(self, text: str) -> None:
        """Lets the editor write a text, and end."""
        new = self.home / "new"
        new.write_text(text, encoding="utf-8")
        new.replace(self.home / "written")  # the editor looks whether it is there, then reads it


@contextmanager
def desk(home: Path, does: str = WAITS, **variables: str) -> Iterator[Desk]:
    script = home / "vi"
    script.write_text(f"#!{sys.executable}{EDITOR.format(does=does)}", encoding="utf-8")
    script.chmod(0o755)
    (home / "mdxdash.toml").write_text('[[macro]]\nname = "One"\nsend = "ONE"\n', encoding="utf-8")
    environment = home_environment(home) | {"VISUAL": "", "EDITOR": str(script), **variables}
    port = free_port("127.0.0.1")
    command = [sys.executable, "-m", "mdxdash", "--port", str(port), "--no-record"]
    with stopped_at_last(home), Terminal(command, home, environment) as terminal:
        terminal.until("ws://localhost")
        terminal.until("Compose")
        with connect(f"ws://localhost:{port}/chat") as agent:
            terminal.until("1 agent")
            yield Desk(home, terminal, agent)


def test_lines_come_back_from_the_editor_unsent_and_the_agent_is_served_meanwhile(
    tmp_path: Path,
) -> None:
    with desk(tmp_path) as at:
        at.terminal.press("cONE|1")
        at.terminal.press(F12)
        at.terminal.until("THE EDITOR HAS ONE|1")
        at.agent.send("RECOG_EVENT_STOP|meanwhile\n")
        at.agent.ping().wait(10)
        assert "meanwhile" not in at.terminal.text()  # the terminal is the editor's
        at.write("TWO|2\nSYNTH_START|0\n")
        at.terminal.until("meanwhile")
        at.terminal.until("TWO|2")
        at.terminal.until("line 2: ")  # what the check finds
        at.terminal.press("\x1b[20~")  # F9
        assert at.agent.recv() == "TWO|2\nSYNTH_START|0\n"


def test_the_macro_is_opened_at_its_place_and_in_force_afterwards(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.terminal.press("m")
        at.terminal.until("enter Fire")
        at.terminal.press(F12)
        at.terminal.until("THE EDITOR HAS")
        assert (tmp_path / "arguments").read_text() == f"+1 {tmp_path / 'mdxdash.toml'}"
        at.write('[[macro]]\nname = "Two"\nkey = "2"\nsend = "TWO"\n')
        at.terminal.until("2   Two")
        at.terminal.press("2")
        assert at.agent.recv() == "TWO\n"


def test_an_editor_that_fails_or_is_not_there_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    with desk(tmp_path, "sys.exit(3)") as at:
        at.terminal.press("cONE|1")
        at.terminal.press(F12)
        at.terminal.until("ended with code 3")
        at.terminal.until("ONE|1")
        (tmp_path / "vi").unlink()
        at.terminal.press(F12)
        at.terminal.until("there is no such program")
        at.terminal.press("\r")
        assert at.agent.recv() == "ONE|1\n"


def test_what_a_failed_editor_has_written_is_kept_in_its_file(tmp_path: Path) -> None:
    with desk(tmp_path, "file.write_text('MINE'); sys.exit(1)", TMPDIR=str(tmp_path)) as at:
        at.terminal.press("cONE|1")
        at.terminal.press(F12)
        at.terminal.until("What was written is in")
        (kept,) = tmp_path.glob("mdxdash-*.txt")
        assert kept.read_text() == "MINE"


@pytest.mark.skipif(not hasattr(signal, "SIGTSTP"), reason="there are no stopped processes")
def test_ctrl_c_and_ctrl_z_are_the_editors_and_an_editor_that_stops_itself_goes_on(
    tmp_path: Path,
) -> None:
    stops = """
signal.signal(signal.SIGINT, lambda *_: (home / "written").write_text("AFTER|ctrl-c"))
os.kill(0, signal.SIGSTOP)
print("GOES ON", flush=True)
"""
    with desk(tmp_path, stops + WAITS) as at:
        at.terminal.press("c")
        at.terminal.press(F12)
        at.terminal.until("GOES ON")
        at.terminal.press("\x1a")
        at.agent.ping().wait(10)
        at.terminal.press("\x03")
        at.terminal.until("AFTER|ctrl-c")
        at.terminal.until("Compose")
        assert "Quit" not in at.terminal.text().splitlines()[20]


def test_an_event_is_shown_in_the_pager(tmp_path: Path) -> None:
    with desk(tmp_path, WAITS, PAGER=f"{tmp_path / 'vi'}") as at:
        at.agent.send("RECOG_EVENT_STOP|in the pager\n")
        at.terminal.until("in the pager")
        at.terminal.press("\x1b[A\x1b[B\r")
        at.terminal.until("Event #")
        at.terminal.press(F12)
        at.terminal.until("THE EDITOR HAS RECOG_EVENT_STOP")
        at.write("")
        at.terminal.until_painted(b"Event #", len(at.terminal.painted))


def test_the_hub_goes_on_when_the_terminal_goes_while_the_editor_is_open(tmp_path: Path) -> None:
    # It paints: the test's reader holds the terminal open as long as nothing comes.
    with desk(tmp_path, "while True:\n    print('.', flush=True)\n    time.sleep(0.05)") as at:
        at.terminal.press("cONE|1")
        at.terminal.press(F12)
        at.terminal.until("THE EDITOR HAS")
        at.terminal.close()
        assert at.terminal.end() == 0  # it goes on in the background
        at.agent.send("STILL|here\n")
        at.agent.ping().wait(10)


def test_a_signal_ends_the_dashboard_and_the_editor_that_is_open(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.terminal.press("c")
        at.terminal.press(F12)
        at.terminal.until("THE EDITOR HAS")
        os.kill(at.terminal.pid, signal.SIGTERM)
        assert at.terminal.end() == 0
