"""Ending what has no screen: by ctrl-C, by SIGTERM, and in the background of a shell."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.support.programs import Program
from tests.support.waiting import GUARD

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no signals for another process"
)

NEVER = '[[macro]]\nname = "M"\nsteps = [{ send = "A" }, { wait = "type:NEVER", timeout = "1h" }]\n'

SENT = '{"format":"mdxdash","version":1}\n' + "".join(
    f'{{"seq":{seq},"time":{seq * 1000},"kind":"sent","agent":"chat","type":"A"}}\n'
    for seq in (1, 2)
)


@contextmanager
def without_ctrl_c() -> Iterator[None]:
    """What is started here ignores SIGINT, as what a shell starts with `&` does."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end(program: Program, with_: signal.Signals) -> int:
    """Signals it once an agent has got a command; gives the exit code."""
    url = program.diagnostic().removeprefix("listening on ")
    with connect(url, compression=None) as agent:
        if program.process.args[3] == "serve":
            program.write("A")
        agent.recv(timeout=GUARD)
        program.process.send_signal(with_)
        return program.end()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGTERM in the background"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["serve"], 0), (["run", "never.toml"], 130), (["replay", "sent.jsonl"], 130)],
)
def test_it_ends_cleanly(
    arguments: list[str], code: int, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("never.toml").write_text(NEVER, encoding="utf-8")
    Path("sent.jsonl").write_text(SENT, encoding="utf-8")
    signal_, _, background = name.partition(" ")
    with without_ctrl_c() if background else nullcontext():
        program = Program(*arguments, "--port", "0", "--record", "out.jsonl")
    try:
        assert end(program, signal.Signals[signal_]) == code
        # The hub has ended the connection as it should, and not the system.
        assert '"kind":"disconnected"' in Path("out.jsonl").read_text(encoding="utf-8")
    finally:
        program.process.kill()
        program.process.wait()
