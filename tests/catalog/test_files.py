"""The files that commands name: which of them the agent reads, by their names."""

import pytest

from mdxdash.catalog.dissect import dissect
from mdxdash.catalog.files import named_files, unread_file

SOUNDS = (".wav", ".mp3", ".flac", ".ogg")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SPEAK_START|mei|a.WAV", [("audio file", "a.WAV", SOUNDS)]),
        ("SPEAK_START|mei|a.txt", [("audio file", "a.txt", SOUNDS)]),
        ("SPEAK_START|mei", []),
        ("WINDOWFRAME|NONE", []),
        ("MY_EVENT|a.txt", []),
    ],
)
def test_the_files_of_a_line_come_with_the_endings_that_are_read(
    line: str, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert list(named_files(dissect(line))) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SPEAK_START|mei|a.WAV", None),
        ("SPEAK_START|mei|a.wav.txt", ("a.wav.txt", SOUNDS)),
        ("SPEAK_START|mei|wav", ("wav", SOUNDS)),
    ],
)
def test_a_file_with_another_ending_is_found(
    line: str, expected: tuple[str, tuple[str, ...]] | None
) -> None:
    assert unread_file(dissect(line)) == expected
