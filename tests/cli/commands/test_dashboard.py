"""`mdxdash --demo` in a real pseudo-terminal, its screen read by a terminal emulator."""

import os
import sys
from pathlib import Path

import pytest

from tests.support.programs import mdxdash
from tests.support.terminal import Terminal


def dashboard(home: Path, *arguments: str) -> Terminal:
    """`mdxdash ARGUMENTS` with a home of its own."""
    # The size in these two would win over the terminal's own.
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    environment |= dict.fromkeys(
        ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"), str(home)
    )
    environment["LANG"] = "C.UTF-8"
    return Terminal([sys.executable, "-m", "mdxdash", *arguments], home, environment)


def stream(terminal: Terminal) -> str:
    """What stands in the stream, on the right of the side column."""
    return "\n".join(line[38:] for line in terminal.text().splitlines()[3:30])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_demonstration_shows_an_agent_and_the_test_message_acknowledged(tmp_path: Path):
    with dashboard(tmp_path, "--demo") as terminal:
        terminal.until("1 agent")
        terminal.until("RECOG_EVENT_STOP")
        terminal.press("1")
        terminal.until("✓")
        terminal.press("/")
        terminal.press("type:TEST_MESSAGE")
        terminal.until("□ RECOG_EVENT_STOP")
        terminal.until_so(lambda: "RECOG_EVENT" not in stream(terminal), "a filtered stream")
        assert "TEST_MESSAGE" in stream(terminal)
        terminal.press("\rq")
        terminal.until("does not survive")
        terminal.press("y")
        assert terminal.end() == 0


def test_without_a_terminal_the_dashboard_points_to_serve():
    result = mdxdash()
    assert result.returncode == 2
    assert "mdxdash serve" in result.stderr


def test_an_option_before_the_command_is_refused_and_placed():
    result = mdxdash("--port", "9002", "serve")
    assert result.returncode == 2
    assert "mdxdash serve --port" in result.stderr
