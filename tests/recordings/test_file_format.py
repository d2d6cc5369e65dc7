"""The lines of a recording beside its events, byte for byte as older versions wrote them."""

from mdxdash.recordings.file_format import (
    HEADER_START,
    Gap,
    Header,
    Mark,
    gap_line,
    header_line,
    mark_line,
)


def test_the_header_of_a_recording() -> None:
    header = Header("mdxdash", 1, "ws://localhost:9001/chat", "2026-11-23T04:31:05+09:00", "0.1.0")
    assert header_line(header) == (
        b'{"format":"mdxdash","version":1,"address":"ws://localhost:9001/chat",'
        b'"started":"2026-11-23T04:31:05+09:00","mdxdash":"0.1.0"}\n'
    )
    assert header_line(header).startswith(HEADER_START)


def test_the_header_of_a_part_of_a_recording_shows_it() -> None:
    header = Header("mdxdash", 1, partial=True)
    assert header_line(header) == b'{"format":"mdxdash","version":1,"partial":true}\n'


def test_the_line_of_a_gap() -> None:
    line = gap_line(Gap(100, 199, "No space left on device"))
    assert line == b'{"gap":{"from":100,"to":199,"reason":"No space left on device"}}\n'


def test_the_line_of_a_mark() -> None:
    assert mark_line(Mark(12, True)) == b'{"mark":{"seq":12,"on":true}}\n'
    assert mark_line(Mark(12, False)) == b'{"mark":{"seq":12,"on":false}}\n'
