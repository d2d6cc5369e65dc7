"""Lines into and out of a program."""

from mdxdash.events.event import Event
from mdxdash.programs.lines import LINE_BYTES, Feed, LineReader, event_line


def test_an_event_is_a_line_as_the_agent_s_own_plugin_writes_it() -> None:
    assert event_line(Event(1, 0.0, "received", "chat", "A", "x|こ")) == "A|x|こ\n".encode()
    assert event_line(Event(1, 0.0, "received", "chat", "A")) == b"A\n"
    assert event_line(Event(1, 0.0, "connected", "chat", text="x")) == b""


def test_lines_come_whole_however_they_are_cut() -> None:
    reader = LineReader()
    whole = "A|こんにちは\r\n\n  \nB\nC".encode()
    lines = [line for byte in whole for line in reader.feed(bytes([byte]))]
    assert lines + reader.end() == ["A|こんにちは", "B", "C"]


def test_a_line_without_an_end_is_bounded() -> None:
    reader = LineReader()
    lines = [line for _ in range(10) for line in reader.feed(b"x" * 40_000)]
    assert [len(line) for line in lines] == [LINE_BYTES]
    assert reader.feed(b"yy\nA\n") == ["A"]


def test_the_oldest_are_dropped_for_who_does_not_read() -> None:
    feed = Feed(3)
    for number in range(5):
        feed.put(b"%d\n" % number)
    assert (feed.take(), feed.take_dropped(), feed.take_dropped()) == (b"2\n3\n4\n", 2, 0)
