"""`mdxdash turns`: the turns of a recording, in every format."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.programs import mdxdash
from tests.support.recorded import RECORDINGS
from tests.support.waiting import GUARD

DIALOGUE = RECORDINGS / "dialogue.jsonl"


def test_a_table_with_a_summary() -> None:
    lines = mdxdash("turns", DIALOGUE).stdout.splitlines()
    assert "31 ms    31 ms     0 ms    52 ms  こんにちは → gene: こんにちは。ジェネです" in lines[1]
    assert sum("(unasked)" in line for line in lines) == 8
    assert "19 turns, 2 unanswered, 1 interrupted; the agent spoke unasked 8 times" in lines
    assert "answer      17   33 ms  397 ms   397 ms" in lines


def test_json_lines_end_with_the_summary() -> None:
    *turns, last = map(
        json.loads, mdxdash("turns", DIALOGUE, "--format", "jsonl").stdout.splitlines()
    )
    assert len(turns) == 27
    assert last["summary"]["answer"]["count"] == 17
    assert last["summary"]["answer"]["p95"] == 0.3967


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("a.csv", "\ufeffturn,time,"),
        ("a.vtt", "WEBVTT"),
        ("a.txt", "TIME"),
        ("a.jsonl", '{"number"'),
    ],
)
def test_the_ending_of_the_name_says_the_format(tmp_path: Path, name: str, begin: str) -> None:
    assert mdxdash("turns", DIALOGUE, "-o", name).returncode == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begin)


def test_a_filter_leaves_the_turns_of_which_an_event_passes() -> None:
    lines = mdxdash("turns", DIALOGUE, "--filter", "type:RECOG_EVENT_STOP 私は").stdout.splitlines()
    assert len(lines[1 : lines.index("")]) == 3


@pytest.mark.parametrize("format_", ["table", "jsonl", "csv", "vtt"])
def test_anonymous_words_are_their_length(format_: str) -> None:
    shown = mdxdash("turns", DIALOGUE, "--format", format_, "--anonymous").stdout
    assert "(6 characters)" in shown
    assert "知らない言葉" not in shown


def test_standard_input_is_read() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mdxdash", "turns", "-"],
        input="Received message: RECOG_EVENT_STOP|はい\n\n",
        capture_output=True,
        encoding="utf-8",
        timeout=GUARD,
        check=False,
    )
    assert "はい (no answer)" in done.stdout


def test_the_recording_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("RECOG_EVENT_STOP|a\n", encoding="utf-8")
    assert mdxdash("turns", "mine.txt", "-o", "mine.txt").returncode == 2
