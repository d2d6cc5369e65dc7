"""Lines of an agent's log."""

import pytest

from mdxdash.wire.log_line import parse_log_line
from mdxdash.wire.message import Message


def test_the_parts_of_a_log_line():
    line = parse_log_line("[2026/11/22 19:48:26.306] [8303071] VIManager: Captured: A|b: c")
    assert line is not None
    assert (line.time, line.ticks) == ("2026/11/22 19:48:26.306", 8303071)
    assert (line.module, line.level, line.text) == ("VIManager", "Captured", "A|b: c")
    assert line.message == Message("A", "b: c")


def test_a_status_speaks_of_no_message():
    line = parse_log_line("[2026/11/22 19:48:26.306] [0] Remote: Status: two\nlines")
    assert line is not None
    assert line.message is None
    assert line.text == "two\nlines"


@pytest.mark.parametrize("text", ["TEST_MESSAGE", "[x] y", "", "[2026/11/22 19:48:26.306] [0] x"])
def test_what_is_no_log_line(text: str):
    assert parse_log_line(text) is None
