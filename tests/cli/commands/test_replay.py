"""Recordings as a user works with them: exported, summed up, replayed, played by a stand-in."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.sync.client import connect

from mdxdash.wire.message import parse_message
from tests.support.programs import Program, running
from tests.support.recorded import RECORDINGS
from tests.support.waiting import GUARD

FAST = ("--port", "0", "--speed", "500", "--unsafe", "--no-record")


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's settings, and no files left in anybody's home."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))


def mdxdash(*arguments: str | os.PathLike[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mdxdash", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=GUARD,
        check=False,
    )


def url_of(program: Program) -> str:
    return program.diagnostic().removeprefix("listening on ")


def last_diagnostic(program: Program) -> str:
    """What it says when it is done with its commands."""
    while not (line := program.diagnostic()).startswith("sent "):
        continue
    return line


@pytest.mark.parametrize(
    ("format_", "begin"),
    [
        ("jsonl", '{"format":"mdxdash"'),
        ("csv", "\ufeffseq,"),
        ("text", "20"),
        ("html", "<!DOCTYPE html>"),
    ],
)
@pytest.mark.parametrize("name", ["messages.jsonl", "alllog.jsonl"])
def test_the_recordings_are_exported(name: str, format_: str, begin: str) -> None:
    done = mdxdash("export", RECORDINGS / name, "--format", format_)
    assert done.returncode == 0 and done.stdout.startswith(begin)
    assert "TIMER_EVENT_STOP" in done.stdout.splitlines()[-3 if format_ == "html" else -1]


def test_an_export_that_a_filter_passed_is_a_recording_without_faults(tmp_path: Path) -> None:
    mdxdash("export", RECORDINGS / "messages.jsonl", "--filter", "type:KEY", "-o", "keys.jsonl")
    numbers = json.loads(mdxdash("stats", "keys.jsonl", "--json").stdout)
    assert (numbers["total"]["events"], list(numbers["types"])) == (10, ["KEY"])


def test_the_ending_of_the_name_says_the_format(tmp_path: Path) -> None:
    mdxdash("export", RECORDINGS / "messages.jsonl", "-o", "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_recording_is_not_written_over(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("TEST|1\n", encoding="utf-8")
    done = mdxdash("export", mine, "-o", "mine.txt")
    assert done.returncode == 2 and "the recording itself" in done.stderr
    assert mine.read_text(encoding="utf-8") == "TEST|1\n"


def test_damage_is_told_on_stderr(tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl"
    torn.write_text('{"format":"mdxdash","version":1}\n{"seq":1,"ti', encoding="utf-8")
    assert "torn.jsonl:2: it was not finished" in mdxdash("export", torn).stderr


@pytest.mark.parametrize("command", ["export", "stats", "replay"])
def test_what_cannot_be_opened_ends_it_with_2(command: str) -> None:
    done = mdxdash(command, "nowhere.jsonl")
    assert done.returncode == 2 and "nowhere.jsonl: No such file" in done.stderr


def test_stats_shows_agents_and_types() -> None:
    shown = mdxdash("stats", RECORDINGS / "messages.jsonl", "--top", "1").stdout
    assert shown.startswith("277 events in 00:01:10")
    assert "TIMER_EVENT_START     14   5.1%" in shown


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


@pytest.mark.parametrize(("name", "count"), [("messages.jsonl", 277), ("alllog.jsonl", 555)])
def test_a_stand_in_plays_the_agents_side_of_a_recording(name: str, count: int) -> None:
    with running("serve", "--port", "0", "--format", "jsonl", "--filter", "dir:in") as serve:
        play = ("--from", str(RECORDINGS / name), "--speed", "500")
        with running("simulate", "--url", url_of(serve), *play):
            events = [json.loads(serve.line()) for _ in range(count)]
    assert events[-1]["type"] == "TIMER_EVENT_STOP" and events[-1]["args"] == "heart"
    assert {event["kind"] for event in events} == {"received" if count == 277 else "log"}
