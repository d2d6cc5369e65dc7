"""A recording that mdxdash 0.1.0 wrote opens, is listed and exported as that version did it.

It holds a full disk's gap, a lost echo, marks, a cut line, a refused message, hostile text and a
second run in the same file. Beside it lie the exports that 0.1.0 made of it in Japan (`JST-9`).
"""

import codecs
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Final

import pytest
from click.testing import CliRunner

from mdxdash.cli.commands import export, sessions, stats
from mdxdash.recordings.file_format import VERSION
from mdxdash.recordings.opening import open_recording
from mdxdash.version import __version__

OLDER: Final = Path(__file__).parents[1] / "support" / "older"
RECORDING: Final = OLDER / "2026-11-23T04-31-05.jsonl"


@pytest.fixture
def in_japan(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time zone in which the exports were made."""
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def as_now(older: Path) -> bytes:
    """An older export, with the version of today where it names the version that wrote it, or that
    of the format."""
    written = older.read_bytes().replace(b'"version":1,', b'"version":%d,' % VERSION)
    for named in (b'"mdxdash":"%s"', b'content="mdxdash %s"'):
        written = written.replace(named % b"0.1.0", named % __version__.encode())
    return written


def exported(*options: str) -> bytes:
    result = CliRunner().invoke(export.command, [str(RECORDING), *options], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout_bytes


def test_every_line_of_it_is_understood() -> None:
    recording = open_recording(RECORDING)
    events = [event for chunk in recording.read_chunks() for event in chunk]
    assert recording.damages == []
    assert [event.seq for event in events] == list(range(1, 30))
    assert [event.args for event in events if event.lost] == ["lost"]
    assert [event.args for event in events if event.round_trip and event.kind == "sent"] == [
        "first",
        "score|1",
        "mei|mei_voice_normal|こんにちは、世界",
        "score|10",
        "last",
        "second run",
    ]
    assert [event.args for event in events if event.seq in recording.marked] == [
        "\x1b[31mred\u202e"
    ]
    assert [event.text for event in events if event.kind == "fault"] == [
        "6 events were not recorded: No space left on device"
    ]


def test_its_json_lines_are_as_they_were() -> None:
    assert exported("--format", "jsonl") == as_now(OLDER / "exported.jsonl")


def test_what_a_filter_chooses_is_as_it_was() -> None:
    chosen = exported("--format", "jsonl", "--filter", "is:lost OR is:echo OR is:marked")
    assert chosen == as_now(OLDER / "filtered.jsonl")


@pytest.mark.skipif(
    sys.platform == "win32", reason="exports hold local times, and Windows has no tzset"
)
@pytest.mark.usefixtures("in_japan")
@pytest.mark.parametrize("format_", ["csv", "text", "html"])
def test_its_exports_for_readers_are_as_they_were(format_: str) -> None:
    # Standard output has no byte order mark any more.
    before = as_now(OLDER / f"exported.{format_}").removeprefix(codecs.BOM_UTF8)
    assert exported("--format", format_) == before


def test_its_statistics_are_as_they_were() -> None:
    result = CliRunner().invoke(stats.command, [str(RECORDING), "--json"], catch_exceptions=False)
    assert json.loads(result.stdout) == json.loads((OLDER / "stats.json").read_bytes())


def test_it_is_listed_among_the_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDXDASH_RECORDING_DIRECTORY", str(tmp_path))
    path = Path(copy(RECORDING, tmp_path))
    result = CliRunner().invoke(sessions.command, ["--json"], catch_exceptions=False)
    assert json.loads(result.stdout) == {
        "file": str(path),
        "started": "2026-11-25T21:16:10+09:00",
        "seconds": 11.436,
        "agents": ["chat", "chat#2"],
        "events": 28,
        "bytes": 7675,
        "running": False,
    }
