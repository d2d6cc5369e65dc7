"""`mdxdash --demo` in a real pseudo-terminal, its screen read by a terminal emulator."""

import sys
from pathlib import Path

import pytest

from tests.support.programs import mdxdash
from tests.support.terminal import Terminal, mdxdash_terminal, shown_stream


def _lines(terminal: Terminal) -> list[str]:
    return shown_stream(terminal).splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_demonstration_shows_an_agent_and_the_test_message_acknowledged(tmp_path: Path):
    with mdxdash_terminal(tmp_path, "--demo") as terminal:
        terminal.until("1 agent")
        terminal.until("RECOG_EVENT_STOP")
        terminal.press("1")
        terminal.until_so(
            lambda: any("TEST_MESSAGE" in line and "✓" in line for line in _lines(terminal)),
            "an acknowledged TEST_MESSAGE",
        )
        terminal.press("/")
        terminal.press("type:TEST_MESSAGE")
        terminal.until("□ RECOG_EVENT_STOP")
        terminal.until_so(lambda: "RECOG_EVENT" not in shown_stream(terminal), "a filtered stream")
        terminal.until_so(lambda: "TEST_MESSAGE" in shown_stream(terminal), "the row")
        terminal.press("\rq")  # only the stand-in is connected: nobody is asked
        assert terminal.end() == 0


def test_without_a_terminal_the_dashboard_points_to_serve():
    result = mdxdash()
    assert result.returncode == 2
    assert "mdxdash serve" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_recordings_folder_of_nobody_is_an_error_of_the_settings(tmp_path: Path):
    file = tmp_path / "odd.toml"
    file.write_text('[recording]\ndirectory = "~nobody-here/x"\n', encoding="utf-8")
    with mdxdash_terminal(tmp_path, "--port", "0", "--config", str(file)) as terminal:
        assert terminal.end() == 2
    result = mdxdash("serve", "--port", "0", "--config", str(file))
    assert result.returncode == 2
    assert "~nobody-here/x: there is no such home folder" in result.stderr


def test_an_option_before_the_command_is_refused_and_placed():
    result = mdxdash("--port", "9002", "serve")
    assert result.returncode == 2
    assert "mdxdash serve --port" in result.stderr
