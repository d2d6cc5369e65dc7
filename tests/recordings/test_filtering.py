"""What of a recording passes a filter."""

from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from mdxdash.filters.filter import parse
from mdxdash.recordings.filtering import search, select, shows_echoes, without_echoes
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import Recording


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Ten events, a second apart: A and B by turns, the third marked, the last an echo."""
    log = EventLog()
    with Journal(tmp_path / "one.jsonl", log):
        for seq in range(1, 11):
            type_ = "A" if seq % 2 else "B"
            echo = 1 if seq == 10 else None
            log.append("received", "chat", type_, echo=echo, time=1e9 + seq)
        log.toggle_mark(3)
    return open_recording(tmp_path / "one.jsonl")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("type:A", [1, 3, 5, 7, 9]),
        ("last:3s", [7, 8, 9, 10]),
        ("is:marked", [3]),
        ("type:NEVER", []),
    ],
)
def test_what_passes(recording: Recording, text: str, expected: list[int]) -> None:
    chunks = select(recording, parse(text))
    assert [event.seq for chunk in chunks for event in chunk] == expected


def test_echoes_can_be_left_out(recording: Recording) -> None:
    [chunk] = without_echoes(select(recording, parse("type:B")))
    assert [event.seq for event in chunk] == [2, 4, 6, 8]


@pytest.mark.parametrize(
    ("format_", "text", "expected"),
    [("jsonl", "", True), ("csv", "type:A", True), ("html", "", False), ("html", "is:echo", True)],
)
def test_only_a_page_leaves_out_echoes(format_: str, text: str, expected: bool) -> None:
    assert shows_echoes(format_, parse(text)) is expected


def test_a_search_goes_through_several_recordings_in_slices(tmp_path: Path) -> None:
    paths = []
    for name in ("one", "two"):
        path, log = tmp_path / f"{name}.jsonl", EventLog()
        with Journal(path, log):
            log.append("received", "chat", "A", name)
            log.append("received", "chat", "B", name)
        paths.append(path)
    missing = tmp_path / "missing.jsonl"
    found = [
        each for part in search([paths[0], missing, paths[1]], parse("type:B")) for each in part
    ]
    assert [(each.path, each.event.seq, each.event.args) for each in found] == [
        (paths[0], 2, "one"),
        (paths[1], 2, "two"),
    ]
