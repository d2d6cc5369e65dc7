"""Hubs in the background, as real processes: started, listed, stopped, and what goes wrong."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from mdxdash.cli.commands.hub import command as hub
from mdxdash.cli.commands.status import command as status
from mdxdash.cli.hosting import background_hub
from mdxdash.remote.control_folder import control_folder
from mdxdash.remote.control_socket import take_socket
from mdxdash.remote.running_hubs import running_hubs
from tests.support.faces import end_hubs
from tests.support.programs import call, running
from tests.support.waiting import GUARD


@pytest.fixture(autouse=True)
def no_hub_is_left(empty_home: None) -> Iterator[None]:
    own = control_folder()
    yield
    end_hubs(own)


def pid_of(name: str) -> int:
    listed = [json.loads(line) for line in call(hub, "list", "--json").stdout.splitlines()]
    (found,) = [each for each in listed if each["name"] == name]
    return int(found["pid"])


def test_a_hub_outlives_the_command_that_started_it(tmp_path: Path) -> None:
    macros = (
        '[hub]\nsecret = "0123456789abcdef"\n[[macro]]\nname = "Hi"\non = "type:A"\nsend = "HI"\n'
    )
    Path("mine.toml").write_text(macros, encoding="utf-8")
    started = call(hub, "start", "--port", "0", "--name", "robot", "--config", "mine.toml")
    assert started.exit_code == 0, started.output
    first, *lines = started.stdout.splitlines()
    assert first.startswith("hub robot listens on ws://localhost:") and "/chat/***" in first
    assert "  Plugin_Remote_RetryCount=100000" in lines
    assert "0123456789abcdef" not in started.output
    pid = pid_of("robot")
    assert f"(PID {pid})" in first
    if sys.platform != "win32":
        assert os.getsid(pid) == pid
    shown = call(status).stdout
    assert "no agent has connected" in shown and "Hi" in shown

    url = first.split()[4].replace("***", "0123456789abcdef")
    with connect(url, compression=None) as agent:
        agent.send("A\n")
        assert agent.recv(timeout=GUARD, decode=False) == b"HI\n"
        refused = call(hub, "stop", "robot")
        assert refused.exit_code == 1
        assert "agents are connected: chat (--yes ends it all the same)" in refused.stderr
        stopped = call(hub, "stop", "--yes")
        assert (stopped.exit_code, stopped.stdout) == (0, "the hub robot has ended\n")
    assert call(hub, "list").stderr.startswith("no hub runs")
    (recording,) = tmp_path.rglob("*.jsonl")
    assert b"A" in recording.read_bytes()
    (log,) = tmp_path.rglob("mdxdash.log")
    assert "hub robot listening" in log.read_text(encoding="utf-8")


def test_the_errors_of_a_hub_that_does_not_start_are_shown() -> None:
    control = take_socket("robot")
    failed = call(hub, "start", "--port", "0", "--name", "robot", "--no-record")
    assert failed.exit_code == 2
    assert failed.stderr == (
        "mdxdash: a hub named robot runs already; choose another name with --name\n"
    )
    control.close()
    for arguments, text in (
        (["--name", "a b"], "letters, digits"),
        (["--macro", "None"], 'there is no macro "None"'),
    ):
        failed = call(hub, "start", "--port", "0", "--no-record", *arguments)
        assert failed.exit_code == 2 and text in failed.stderr


def test_a_hub_that_hangs_at_its_start_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_hub, "START_TIMEOUT", 0.0)
    failed = call(hub, "start", "--port", "0", "--no-record")
    assert failed.exit_code == 1 and "it did not listen within" in failed.stderr
    assert running_hubs() == []


def test_a_hub_in_the_foreground_ends_with_a_signal() -> None:
    with running("hub", "start", "--foreground", "--port", "0", "--no-record") as program:
        assert program.diagnostic().startswith("hub main listening on ws://localhost:")
        assert pid_of("main") == program.process.pid
        program.process.send_signal(signal.SIGTERM)
        assert program.end() == 0
    assert running_hubs() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_hub_without_a_terminal_ends_when_nobody_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MDXDASH_LINGER", "50ms")
    with running("hub", "start", "--foreground", "--port", "0", "--no-record") as program:
        url = program.diagnostic().split()[-1]
        with connect(url, compression=None) as agent:
            os.kill(program.process.pid, signal.SIGHUP)
            assert agent.ping().wait(GUARD)
            assert "connected" in call(status).stdout
        assert program.end() == 0


def test_private_options_are_no_arguments_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[list[str], dict[str, str]]] = []

    def start(arguments: list[str], environment: dict[str, str]) -> None:
        seen.append((arguments, environment))
        raise background_hub.NotStarted(1, "")

    monkeypatch.setattr("mdxdash.cli.commands.hub.start_process", start)
    relay = "ws://me:password@localhost:1/chat"
    given = ["--no-record", "--tap", "--port", "0", "--macro", "Test message"]
    call(hub, "start", "--relay", relay, *given)
    ((arguments, environment),) = seen
    assert arguments[:3] == ["hub", "start", "--detached"]
    assert sorted(arguments[3:]) == sorted(given)
    assert environment == {"MDXDASH_RELAY": relay}


@pytest.mark.skipif(sys.platform == "win32", reason="no sockets to give away")
def test_a_restarted_hub_keeps_its_agents_and_a_broken_installation_leaves_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = call(hub, "start", "--port", "0", "--no-record")
    url, pid = started.stdout.split()[4], pid_of("main")
    with connect(url, compression=None) as agent:
        restarted = call(hub, "restart")
        assert restarted.exit_code == 0, restarted.output
        following = pid_of("main")
        assert f"(PID {pid} → {following})" in restarted.stdout and following != pid
        broken = (sys.executable, "-c", "raise SystemExit('broken')")
        monkeypatch.setattr("mdxdash.cli.commands.hub.own_command", lambda: broken)
        refused = call(hub, "restart", "main")
        assert refused.exit_code == 1
        assert f"stays as it was (PID {following}): " in refused.stderr
        assert "broken" in refused.stderr
        agent.ping().wait(GUARD)
        assert call(hub, "stop", "--yes").exit_code == 0
