"""Detecting the format of a file by its content."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

import pytest

from mdxdash.recordings.file_format import VERSION, Header
from mdxdash.recordings.importing.detection import RecordingError, detect
from mdxdash.recordings.importing.json_lines import JsonLines
from mdxdash.recordings.importing.text_formats import (
    AgentLog,
    MessageLines,
    TextLines,
    TimedFrames,
)

LOG_LINE = b"[2026/11/22 19:48:26.306] [8303071] VIManager: Captured: TEST_MESSAGE\n"
TEXT_LINE = "2026-11-22 19:48:26.306 ← chat A|b\n".encode()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"format":"mdxdash","version":1}\n', JsonLines),
        (b'{"format":"mdxdash","version":2}\n', JsonLines),
        (b'{"seq":1,"time":1.0,"kind":"fault"}\n', JsonLines),
        (b'{"t":0.5,"text":"A|b\\n"}\n', TimedFrames),
        (b'{"t":0.5,"sent":"A|b"}\n', TimedFrames),
        (LOG_LINE, AgentLog),
        (TEXT_LINE, TextLines),
        (b"TEST_MESSAGE\n", MessageLines),
        ("RECOG_EVENT_STOP|こんにちは\r\n".encode(), MessageLines),
        (b"A|b", MessageLines),
        (b"torn off\n" + LOG_LINE, AgentLog),
        (b"listening on ws://localhost:9001/chat\n" + TEXT_LINE, TextLines),
        (b"{torn off\n" + b'{"seq":1,"time":1.0,"kind":"fault"}\n', JsonLines),
        (b'{"name":"package"}\nA|b\n', MessageLines),
        (b"A|b\n" + LOG_LINE, AgentLog),
    ],
)
def test_a_format_is_detected(head: bytes, expected: type) -> None:
    assert type(detect(head, 1e9)) is expected


def test_the_header_of_a_recording_is_read() -> None:
    line = b'{"format":"mdxdash","version":1,"address":"ws://localhost:9001/chat"}\n'
    assert detect(line, 1e9).header == Header("mdxdash", 1, "ws://localhost:9001/chat")
    assert detect(b'{"seq":1,"time":1.0,"kind":"fault"}\n', 1e9).header == Header()


@pytest.mark.parametrize("version", [VERSION + 1, 0])
def test_another_version_of_the_format_is_refused(version: int) -> None:
    with pytest.raises(RecordingError, match=rf"version {version}, .*newer mdxdash"):
        detect(b'{"format":"mdxdash","version":%d}\n' % version, 1e9)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"", "nothing in it"),
        (b" \n\n", "nothing in it"),
        (BOM_UTF16_LE + b"A\0", "UTF-16"),
        (BOM_UTF16_BE + b"\0A", "UTF-16"),
        (b"A|b\n\0", "no text"),
        (b"Dear diary,\n", "neither a recording"),
        (b"{}\n", "neither a recording"),
        (b'{"format":"other"}\n', "neither a recording"),
        (b'{"seq":1,"time":1.0}\n', "neither a recording"),
        (b'{"t":0.5}\n', "neither a recording"),
        (b"[]\n", "neither a recording"),
        (b"lower|case\n", "neither a recording"),
    ],
)
def test_a_file_in_no_known_format_is_refused_with_the_reason(head: bytes, reason: str) -> None:
    with pytest.raises(RecordingError, match=reason):
        detect(head, 1e9)


def test_only_the_first_lines_are_examined() -> None:
    with pytest.raises(RecordingError):
        detect(b"prose\n" * 50 + LOG_LINE, 1e9)
    assert isinstance(detect(b"prose\n" * 49 + LOG_LINE, 1e9), AgentLog)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("A|日本\n".encode(), "日本"),
        ("A|日本\n".encode("cp932"), "日本"),
        ("A|日本\nB|".encode("cp932") + "語".encode("cp932")[:1], "日本"),
        (b"A|\x81\n", "\ufffd"),
    ],
)
def test_the_encoding_is_detected(head: bytes, expected: str) -> None:
    line = head.split(b"\n")[0] + b"\n"
    assert detect(head, 1e9).parse(line).events[0].args == expected


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_after_an_ascii_head_either_encoding_may_follow(encoding: str) -> None:
    format_ = detect(b"A|b\n", 1e9)
    assert format_.parse("A|日本\n".encode(encoding)).events[0].args == "日本"


def test_events_without_a_time_get_that_of_the_file() -> None:
    assert detect(b"A|b\n", 1e9).parse(b"A|b\n").events[0].time == 1e9
