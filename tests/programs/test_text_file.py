"""A text in a private file for a program of the user."""

import os
import stat

import pytest

from mdxdash.programs.text_file import MAX_BYTES, TextFile


def test_the_text_comes_back_as_it_was_written() -> None:
    file = TextFile("SYNTH_START|0|mei|こんにちは\nB|", ".txt")
    try:
        assert file.path.suffix == ".txt"
        assert os.name != "posix" or stat.S_IMODE(file.path.stat().st_mode) == 0o600
        assert file.read() == "SYNTH_START|0|mei|こんにちは\nB|"
        assert not file.was_changed()
        file.path.write_bytes("\ufeffA\r\nB\r\n".encode())
        assert file.was_changed()
        assert file.read() == "A\nB"
    finally:
        file.delete()
    assert not file.path.exists()
    assert not file.was_changed()


@pytest.mark.parametrize(
    ("content", "error", "problem"),
    [
        (b"caf\xe9", ValueError, "no UTF-8"),
        (b"x" * (MAX_BYTES + 1), OSError, "more than 1,048,576 bytes"),
    ],
    ids=["no text", "too long"],
)
def test_what_cannot_be_taken_back_is_told(
    content: bytes, error: type[Exception], problem: str
) -> None:
    file = TextFile("", ".txt")
    try:
        file.path.write_bytes(content)
        assert file.was_changed()
        with pytest.raises(error, match=problem):
            file.read()
    finally:
        file.delete()
