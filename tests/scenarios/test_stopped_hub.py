"""`mdxdash hub stop` ends whatever hosts the hub: a dashboard and `serve` too."""

import sys
from pathlib import Path

import pytest
from websockets.sync.client import connect

from mdxdash.cli.commands.hub import command as hub
from tests.support.background import welcomes
from tests.support.homes import HOME_VARIABLES
from tests.support.programs import call, running, url_of
from tests.support.terminal import mdxdash_terminal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in HOME_VARIABLES:
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_dashboard_ends_as_by_quitting(home: Path) -> None:
    with mdxdash_terminal(home, "--port", "0") as terminal:
        terminal.until("Compose")
        (welcome,) = welcomes(home)
        with connect(welcome.url) as agent:
            terminal.until("1 agent")
            assert "agents are connected: chat" in call(hub, "stop").stderr
            agent.send("STILL|here\n")
            terminal.until("STILL")
            assert call(hub, "stop", "--yes").exit_code == 0
        terminal.until("mdxdash: ended by `mdxdash hub stop`")
        assert terminal.end() == 0
    (recording,) = home.rglob("*.jsonl")
    assert '"kind":"disconnected"' in recording.read_text(encoding="utf-8")
    assert not welcomes(home)


def test_serve_ends(home: Path) -> None:
    with running("serve", "--port", "0", "--name", "robot") as serve:
        url_of(serve)
        assert call(hub, "stop", "robot").exit_code == 0
        assert serve.end() == 0
