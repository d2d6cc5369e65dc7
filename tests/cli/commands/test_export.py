"""`mdxdash export`: a recording as a file for another program."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.programs import mdxdash
from tests.support.recorded import RECORDINGS
from tests.support.waiting import GUARD


@pytest.mark.parametrize(
    ("format_", "begin"),
    [
        ("jsonl", '{"format":"mdxdash"'),
        ("csv", "seq,"),
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


def test_standard_input_is_exported() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mdxdash", "export", "-", "--format", "text"],
        input="Received message: A|b\n\nno message\n",
        capture_output=True,
        encoding="utf-8",
        timeout=GUARD,
        check=False,
    )
    assert done.returncode == 0
    assert "← - A|b" in done.stdout
    assert done.stderr == "mdxdash: stdin:3: no message stands in the line\n"


def test_of_very_many_damaged_lines_the_first_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("< A\nodd line\n" * 100, encoding="utf-8")
    lines = mdxdash("export", path).stderr.splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"mdxdash: {path}: 100 lines in all could not be read"
