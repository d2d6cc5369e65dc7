"""Opening files, compressed files, pipes and standard input."""

import gzip
import io
import os
import sys
import threading
from pathlib import Path

import pytest

from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import Recording
from tests.support.recorded import FOREIGN, RECORDINGS

CONTENT = (RECORDINGS / "messages.jsonl").read_bytes()


def messages(recording: Recording) -> list[tuple[str, str]]:
    return [(event.type, event.args) for chunk in recording.read_chunks() for event in chunk]


@pytest.fixture(scope="module")
def expected() -> list[tuple[str, str]]:
    return messages(open_recording(RECORDINGS / "messages.jsonl"))


def test_a_compressed_file_is_read_as_the_file_in_it(
    tmp_path: Path, expected: list[tuple[str, str]]
) -> None:
    path = tmp_path / "messages.jsonl.gz"
    path.write_bytes(gzip.compress(CONTENT))
    recording = open_recording(path)
    assert messages(recording) == expected
    assert len(recording.window(10, 20)) == 10
    assert (recording.path, recording.name) == (path, str(path))
    assert not recording.running


def test_what_is_missing_of_a_compressed_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(b'{"format":"mdxdash","version":1}\n' + CONTENT)[:-30])
    recording = open_recording(path)
    list(recording.read_chunks())
    assert recording.damages[-1].reason == "the compressed file ends too early"
    assert not recording.whole


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
@pytest.mark.parametrize("content", [CONTENT, gzip.compress(CONTENT)], ids=["plain", "gzip"])
def test_standard_input_is_read(
    name: str, content: bytes, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    recording = open_recording(Path(name))
    assert recording.name == "stdin"
    assert messages(recording) == messages(recording) == expected


def test_a_closed_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(RecordingError, match="stdin: standard input is closed"):
        open_recording(Path("-"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes")
def test_a_pipe_is_read_to_its_end(tmp_path: Path, expected: list[tuple[str, str]]) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(CONTENT,))
    writer.start()
    recording = open_recording(path)
    writer.join()
    assert messages(recording) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such device")
def test_a_device_is_refused() -> None:
    with pytest.raises(RecordingError, match="a device, not a regular file"):
        open_recording(Path("/dev/zero"))


def test_only_a_plain_file_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CONTENT)))
    packed = tmp_path / "one.gz"
    packed.write_bytes(gzip.compress(CONTENT))
    for path in (Path("-"), packed, FOREIGN / "browser.har"):
        with pytest.raises(RecordingError, match="cannot be followed"):
            open_recording(path, follow=True)


def test_a_file_that_vanishes_or_shrinks_while_it_is_read_raises_no_other_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.recordings.record_blocks.BLOCK", 500)
    path = tmp_path / "one.jsonl"
    path.write_bytes(CONTENT)
    recording = open_recording(path)
    chunks = recording.read_chunks()
    next(chunks)
    path.write_bytes(CONTENT[:700])
    list(chunks)
    assert recording.window(1, 1000)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        next(recording.read_chunks())
