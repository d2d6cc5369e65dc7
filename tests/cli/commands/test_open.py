"""`mdxdash open`, in a terminal and without one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.recorded import RECORDINGS
from tests.support.terminal import mdxdash_terminal, shown_stream


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_recording_is_shown_and_q_ends_it(tmp_path: Path):
    with mdxdash_terminal(tmp_path, "open", str(RECORDINGS / "messages.jsonl")) as terminal:
        terminal.until("read-only")
        terminal.until("277 events")
        terminal.press("/")
        terminal.press("type:TEST_MESSAGE")
        terminal.until_so(lambda: "PLUGIN_EVENT" not in shown_stream(terminal), "a filtered stream")
        terminal.press("\rq")
        assert terminal.end() == 0


@pytest.mark.parametrize(
    ("name", "says"), [("messages.jsonl", "no terminal"), ("nothing.jsonl", "No such file")]
)
def test_what_cannot_be_shown_is_told(name: str, says: str):
    program = [sys.executable, "-m", "mdxdash", "open", str(RECORDINGS / name)]
    ended = subprocess.run(
        program, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert says in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_growing_file_is_followed_until_q(tmp_path: Path):
    log = tmp_path / "growing.txt"
    log.write_text("FIRST|1\n", encoding="utf-8")
    with mdxdash_terminal(tmp_path, "open", "-f", str(log)) as terminal:
        terminal.until("following the file")
        with log.open("a", encoding="utf-8") as file:
            file.write("SECOND_MESSAGE|2\n")
        terminal.until("SECOND_MESSAGE")
        terminal.press("q")
        assert terminal.end() == 0


def test_what_cannot_be_followed_is_told():
    program = [sys.executable, "-m", "mdxdash", "open", "-f", "-"]
    ended = subprocess.run(
        program, input="A|1\n", capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "stdin: it cannot be followed" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_without_a_file_the_sessions_are_shown_and_the_chosen_one_opened(tmp_path: Path):
    folder = tmp_path / "kept"
    folder.mkdir()
    for name in ("2026-11-22T10-00-00.jsonl", "2026-11-23T10-00-00.jsonl"):
        shutil.copy(RECORDINGS / "messages.jsonl", folder / name)
    config = tmp_path / "mine.toml"
    config.write_text(f"[recording]\ndirectory = '{folder}'\n", encoding="utf-8")
    with mdxdash_terminal(tmp_path, "open", "--config", str(config)) as terminal:
        terminal.until("Sessions: 2 in")
        terminal.press("\r")
        terminal.until("277 events")
        terminal.until("2026-11-23T10-00-00.jsonl")
        terminal.press("q")
        terminal.until("Sessions: 2 in")
        terminal.press("q")
        assert terminal.end() == 0
    assert (folder / "index.json").exists()


def test_latest_is_the_newest_session(tmp_path: Path):
    (tmp_path / "2026-11-22T10-00-00.jsonl").write_bytes(b"")
    shutil.copy(RECORDINGS / "messages.jsonl", tmp_path / "2026-11-23T10-00-00.jsonl")
    environment = {**os.environ, "MDXDASH_RECORDING_DIRECTORY": str(tmp_path)}
    program = [sys.executable, "-m", "mdxdash", "stats", "latest", "--json"]
    ended = subprocess.run(
        program, capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert ended.returncode == 0, ended.stderr
    assert '"events":277' in ended.stdout
