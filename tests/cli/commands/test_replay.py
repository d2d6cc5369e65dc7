"""`mdxdash replay`: the commands of a recording, sent again to an agent."""

import json
import signal
import sys
import time

import pytest
from websockets.sync.client import connect

from mdxdash.wire.message import parse_message
from tests.support.programs import Program, mdxdash, running, url_of
from tests.support.recorded import RECORDINGS
from tests.support.waiting import GUARD

FAST = ("--port", "0", "--speed", "500", "--unsafe", "--no-record")


def last_diagnostic(program: Program) -> str:
    """What it says when it is done with its commands."""
    deadline = time.monotonic() + GUARD  # it also says how far it is, for ever
    while not (line := program.diagnostic()).startswith("sent "):
        assert time.monotonic() < deadline, line
    return line


@pytest.mark.parametrize("name", ["messages.sent.jsonl", "alllog.sent.jsonl"])
def test_the_commands_of_a_recording_are_sent_to_an_agent(name: str) -> None:
    lines = (RECORDINGS / name).read_text(encoding="utf-8").splitlines()
    # Without a last empty argument, as the agent itself has it.
    commands = [str(parse_message(json.loads(line)["sent"])) for line in lines]
    with running("replay", str(RECORDINGS / name), *FAST) as replay:
        received = ""
        with connect(url_of(replay), compression=None) as agent:
            while received.count("\n") < len(commands):
                received += agent.recv(timeout=GUARD, decode=True)
        assert [line for line in received.split("\n") if line] == commands
        assert last_diagnostic(replay) == "sent 121 of 121 commands"
        assert replay.end() == 0


def test_without_an_agent_it_gives_up_in_time() -> None:
    done = mdxdash("replay", RECORDINGS / "messages.sent.jsonl", *FAST, "--wait-agent", "50ms")
    assert done.returncode == 3
    assert "an agent did not connect to ws://localhost:" in done.stderr


def test_a_recording_without_commands_is_not_replayed() -> None:
    done = mdxdash("replay", RECORDINGS / "messages.jsonl", *FAST)
    assert done.returncode == 2 and "no command to send" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_an_interrupt_ends_a_replay_with_what_was_sent() -> None:
    slow = ("--port", "0", "--no-record", "--speed", "0.001")
    with running("replay", str(RECORDINGS / "messages.sent.jsonl"), *slow) as replay:
        with connect(url_of(replay), compression=None) as agent:
            agent.recv(timeout=GUARD)
            replay.process.send_signal(signal.SIGINT)
            assert last_diagnostic(replay) == "sent 1 of 121 commands"
            assert replay.end() == 130
