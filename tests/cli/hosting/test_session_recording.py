"""Recording as a program does it: into its file, also when it is killed; and what was recorded."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.programs import mdxdash, running
from tests.support.waiting import GUARD, until


def recorded_seqs(path: Path) -> set[int]:
    """The events whose lines are whole."""
    lines = path.read_bytes().split(b"\n")[:-1]
    return {json.loads(line)["seq"] for line in lines if line.startswith(b'{"seq"')}


def flood(url: str, stop: threading.Event) -> None:
    """Sends messages until it is told to stop or nobody takes them any more."""
    frame = "".join(f"FLOOD|{number}|こんにちは\n" for number in range(20))
    with suppress(ConnectionClosed), connect(url, compression=None) as agent:
        while not stop.is_set():
            agent.send(frame)


class TimedOutput:
    """What a program prints, each line's number with the time at which it was read."""

    def __init__(self, descriptor: int) -> None:
        self.seen: list[tuple[float, int]] = []
        self._descriptor = descriptor
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        rest = b""
        while data := os.read(self._descriptor, 2**16):
            now = time.monotonic()
            *lines, rest = (rest + data).split(b"\n")
            self.seen += [(now, json.loads(line)["seq"]) for line in lines]

    def before(self, moment: float) -> set[int]:
        """What was read before a moment of the monotonic clock."""
        return {seq for when, seq in list(self.seen) if when < moment}

    def end(self) -> None:
        self._thread.join(GUARD)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_was_printed_is_in_the_file_of_a_killed_program(tmp_path: Path) -> None:
    file = tmp_path / "killed.jsonl"
    arguments = ["serve", "--port", "0", "--format", "jsonl", "--record", str(file)]
    with subprocess.Popen(
        [sys.executable, "-m", "mdxdash", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as serve:
        assert serve.stdout is not None and serve.stderr is not None
        url = serve.stderr.readline().decode().split()[-1]
        output = TimedOutput(serve.stdout.fileno())
        stop = threading.Event()
        flooder = threading.Thread(target=flood, args=(url, stop), daemon=True)
        flooder.start()
        until(lambda: len(output.before(time.monotonic() - 0.1)) > 5000)
        killed_at = time.monotonic()
        serve.send_signal(signal.SIGKILL)
        output.end()
        stop.set()
        flooder.join(GUARD)
    printed = output.before(killed_at - 0.1)
    assert len(printed) > 5000
    assert printed <= recorded_seqs(file)


def test_no_record_records_nothing(tmp_path: Path) -> None:
    with running("serve", "--port", "0", "--no-record") as serve:
        url = serve.diagnostic().split()[-1]
        with connect(url, compression=None) as agent:
            agent.send("A|1\n")
            serve.line()
        assert not list(tmp_path.rglob("*.jsonl"))


def test_a_named_file_is_recorded_into_though_the_settings_record_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDXDASH_RECORDING_ENABLED", "false")
    file = tmp_path / "wanted.jsonl"
    with running("serve", "--port", "0", "--record", str(file)) as serve:
        url = serve.diagnostic().split()[-1]
        with connect(url, compression=None) as agent:
            agent.send("A|1\n")
            until(lambda: file.exists() and len(recorded_seqs(file)) >= 2)


@pytest.mark.parametrize(
    "options", [("--record", "a", "--no-record"), ("--no-record", "--record", "a")]
)
def test_recording_and_not_recording_is_a_mistake(options: tuple[str, ...]) -> None:
    done = mdxdash("serve", "--host", "no-such-host.invalid", *options)
    assert done.returncode == 2
    assert "expected only one of them" in done.stderr


def test_a_file_that_is_no_recording_is_not_recorded_into(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("my thesis", encoding="utf-8")
    done = mdxdash("serve", "--port", "0", "--record", "thesis.txt")
    assert done.returncode == 2
    assert "--record thesis.txt: the file is no recording" in done.stderr
