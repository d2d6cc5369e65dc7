"""Dashboards in terminals of their own on a hub in a process of its own."""

import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import connect

from tests.support.homes import home_environment
from tests.support.programs import mdxdash, running, url_of
from tests.support.terminal import mdxdash_terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def test_a_dashboard_on_the_port_of_a_running_hub_is_attached_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in home_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    with running("serve", "--port", "0", "--no-record") as hub:
        port = str(urlsplit(url_of(hub)).port)
        refused = mdxdash("serve", "--port", port)
        assert refused.returncode == 2
        assert "`mdxdash attach main` shows the hub that listens there" in refused.stderr
        with mdxdash_terminal(tmp_path, "--port", port) as terminal:
            terminal.until("Attach to it? [Y/n]")
            terminal.press("\r")
            terminal.until("attached to main")
            terminal.until("1-9 Fire")
            terminal.press("q")
            assert terminal.end() == 0
        with mdxdash_terminal(tmp_path, "--port", port) as terminal:
            terminal.until("Attach to it? [Y/n]")
            terminal.press("n\r")
            terminal.until("nothing was started: --port 0 takes a free port")
            assert terminal.end() == 2


def test_two_are_attached_and_one_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in home_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    with running("serve", "--port", "0", "--no-record") as hub, connect(url_of(hub)) as agent:
        with mdxdash_terminal(tmp_path, "attach") as one, ExitStack() as second:
            one.until("attached to main ")
            two = second.enter_context(mdxdash_terminal(tmp_path, "attach"))
            two.until("attached to main as attach-2")
            for terminal in (one, two):
                terminal.until("1 agent")
            agent.send("SAID|こんにちは\n")
            one.until("こんにちは")
            one.press("cHELLO|from one\r")
            assert agent.recv() == "HELLO|from one\n"
            two.until("HELLO")
            two.until("by attach")
            two.press("cHELLO|from two\r")
            one.until("by attach-2")
            two.press("\x1b")
            one.press("\x1b")
            one.until("1-9 Fire")
            one.press("q")
            assert one.end() == 0
            agent.send("SAID|still here\n")
            two.until("still here")
            two.close()
            two.end()
        agent.send("SAID|and now\n")
        while "and now" not in hub.line():
            pass
