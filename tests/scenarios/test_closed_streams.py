"""Every command with stdin, stdout or stderr closed, full, or with its reader gone.

Each ends with one of its exit codes and without a traceback, or goes on without the stream.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.sync.client import connect

from mdxdash.cli import COMMANDS
from tests.support.recorded import RECORDINGS
from tests.support.waiting import GUARD, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs /dev/full and `<&-`")

RECORDING = str(RECORDINGS / "messages.jsonl")

ARGUMENTS: dict[str, list[str]] = {
    "": [],
    "attach": [],
    "broker": ["--help"],
    "cert": ["--help"],
    "check": ["content.mdf"],
    "compare": [RECORDING, RECORDING],
    "config": ["show"],
    "events": [],
    "explain": [],
    "export": [RECORDING],
    "help": [],
    "hub": ["list"],
    "mdf": [],
    "new": ["test"],
    "open": [RECORDING],
    "remdis": ["--help"],
    "replay": [RECORDING, "--port", "0", "--wait-agent", "10ms"],
    "run": ["macros.toml", "--port", "0", "--wait-agent", "10ms"],
    "secret": [],
    "send": ["A"],
    "serve": [],
    "sessions": [],
    "simulate": ["--url", "ws://localhost:1/chat"],
    "speak": ["--help"],
    "stats": [RECORDING],
    "status": [],
    "trust": ["macros.toml"],
    "turns": [RECORDING],
    "web": ["--host", "0.0.0.0"],  # which needs a secret
}
"""Of each command: arguments with which it prints something and ends soon."""

STREAMS = ["<&-", ">&-", "2>&-", ">/dev/full 2>&1", "<&- >&- 2>&-"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files for the commands, which is the home too."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    Path("content.mdf").write_text("Plugin_Remote_Websocket_Host=elsewhere\n", encoding="utf-8")
    Path("macros.toml").write_text('[[macro]]\nname = "A"\nsend = "A"\n', encoding="utf-8")
    return tmp_path


def test_every_command_is_tried() -> None:
    assert set(ARGUMENTS) == {"", *COMMANDS}


def ended(command: str, streams: str) -> tuple[int, str]:
    """The exit code, and what stderr has; each open stream is a pipe or nothing."""
    words = [sys.executable, "-m", "mdxdash", *([command] if command else []), *ARGUMENTS[command]]
    if command == "serve":
        with socket_port() as port:
            words += ["--port", str(port)]
    with subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stderr is not None
        if command == "serve":  # it ends when it is told to
            until(lambda: program.poll() is not None or listens(f"ws://localhost:{port}/chat"))
            program.send_signal(signal.SIGTERM)
        said = program.stderr.read().decode()
        return program.wait(GUARD), said


@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("command", ARGUMENTS)
def test_no_stream_brings_a_traceback(command: str, streams: str) -> None:
    code, said = ended(command, streams)
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert code in (0, 1, 2, 3)


@pytest.mark.parametrize("command", ["explain", "export", "help", "stats", "mdf"])
def test_a_full_device_is_reported(command: str) -> None:
    assert ended(command, ">/dev/full") == (1, "mdxdash: stdout: No space left on device\n")


@pytest.mark.parametrize("command", ["explain", "export", "help"])
def test_a_reader_that_has_gone_is_no_news(command: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-m", "mdxdash", command, *ARGUMENTS[command]]
    program = subprocess.run(
        words, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=GUARD, check=False
    )
    os.close(writer)
    assert (program.returncode, program.stderr) == (1, "")


@contextmanager
def serving(streams: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`mdxdash serve` with a macro that fails, and its address."""
    with socket_port() as port:
        url = f"ws://localhost:{port}/chat"
    Path("mdxdash.toml").write_text(
        '[[macro]]\nname = "Fails"\non = "type:ASK"\n'
        'steps = [{ wait = "type:NEVER", timeout = "10ms" }]\n',
        encoding="utf-8",
    )
    words = ["serve", "--port", str(port), "--macro", "Fails", "--format", "jsonl"]
    with subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "mdxdash", *words]
    ) as program:
        try:
            yield program, url
        finally:
            program.kill()


@contextmanager
def socket_port() -> Iterator[int]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.mark.parametrize("streams", STREAMS)
def test_no_stream_costs_an_agent_its_hub(streams: str, folder: Path) -> None:
    """A macro that fails is reported; the recording shows that the hub goes on."""
    with serving(streams, folder) as (program, url):
        until(lambda: listens(url))
        with connect(url) as agent:
            for number in range(5):
                agent.send(f"ASK|{number}\n")
            agent.send("LAST|1\n")
            until(lambda: '"LAST"' in recorded(folder))
            assert agent.ping().wait(GUARD)
            assert program.poll() is None


def listens(url: str) -> bool:
    try:
        with connect(url):
            return True
    except OSError:
        return False


def recorded(folder: Path) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*T*.jsonl"))
