"""Lines come out whole and in order, in turns where there are thousands, and cut when they end."""

import asyncio
from collections.abc import Sequence
from unittest.mock import Mock

import pytest

from mdxdash.hub.traffic.received_lines import (
    FAIR_SHARE,
    UNFINISHED_LINE_TIMEOUT,
    ReceivedLines,
)
from mdxdash.wire.decoding import Line


class Taken:
    """Received lines, and what was done with them."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, bool]] = []
        self.reading = Mock()
        self.lines = ReceivedLines(
            self._take, self._take_together, self.reading.hold, self.reading.release
        )
        self.together = 0

    def _take(self, line: Line, now: float) -> None:
        self.texts.append((line.text, line.cut))

    def _take_together(self, texts: Sequence[str], frames: Sequence[bytes], now: float) -> None:
        self.together += len(texts)
        self.texts += [(text, False) for text in texts]


@pytest.fixture
def taken() -> Taken:
    return Taken()


def test_a_line_is_taken_when_its_newline_is_there(taken: Taken):
    taken.lines.feed(b"A|1", 1.0)
    assert taken.lines.unfinished == b"A|1" and taken.lines.unfinished_since is not None
    taken.lines.feed(b"2\nB\n", 2.0)
    assert taken.texts == [("A|12", False), ("B", False)]
    assert taken.lines.unfinished == b""


def test_a_line_that_stays_unfinished_is_cut(taken: Taken):
    taken.lines.feed(b"A|1", 1.0)
    since = taken.lines.unfinished_since
    assert since is not None
    taken.lines.expire(since + UNFINISHED_LINE_TIMEOUT)
    assert not taken.texts
    taken.lines.expire(since + UNFINISHED_LINE_TIMEOUT + 0.1)
    assert taken.texts == [("A|1", True)]


async def test_thousands_of_lines_are_taken_in_turns_while_reading_is_held(taken: Taken):
    count = 3 * FAIR_SHARE
    taken.lines.feed(b"".join(b"LINE|%d\n" % number for number in range(count)), 1.0)
    taken.lines.feed(b"LAST", 1.0)
    assert not taken.texts and not taken.lines.are_all_taken
    taken.reading.hold.assert_called_once_with()
    while not taken.lines.are_all_taken:
        before = len(taken.texts)
        await asyncio.sleep(0)
        assert len(taken.texts) - before <= FAIR_SHARE
    assert taken.texts == [(f"LINE|{number}", False) for number in range(count)]
    taken.reading.release.assert_called_once_with()
    assert taken.lines.unfinished_since is not None


async def test_what_waits_is_taken_at_the_end(taken: Taken):
    taken.lines.feed(b"LINE\n" * 1000 + b"CUT", 1.0)
    taken.lines.flush()
    assert taken.texts == [("LINE", False)] * 1000 + [("CUT", True)]
    await asyncio.sleep(0)
    taken.reading.release.assert_not_called()


def test_the_unfinished_line_of_another_process_gets_its_end(taken: Taken):
    taken.lines.restore(b"A|", 5.0)
    assert taken.lines.unfinished_since == 5.0
    taken.lines.feed(b"1\n", 6.0)
    assert taken.texts == [("A|1", False)]


def test_messages_of_one_read_are_taken_together(taken: Taken):
    taken.lines.feed_all([b"A|1\n", b"B\n"], 1.0)
    assert taken.texts == [("A|1", False), ("B", False)]
    assert taken.together == 2


def test_what_is_no_message_a_frame_is_taken_in_its_order(taken: Taken):
    taken.lines.feed_all([b"A|1", b"2\n", b"B\n"], 1.0)
    taken.lines.feed_all([b"C\n", b"D|\xff\n", b"E\nF\n"], 1.0)
    assert [text for text, _ in taken.texts] == ["A|12", "B", "C", "D|\ufffd", "E", "F"]
    assert taken.together == 0
