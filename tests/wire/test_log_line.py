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


HEAD = "[2026/11/22 19:48:26.306] [12] "


@pytest.mark.parametrize("level", ["Error", "Warning", "Status", "Debug", "Sent", "Captured"])
def test_only_what_was_sent_or_captured_is_a_message(level: str):
    line = parse_log_line(f"{HEAD}Plugin: {level}: A|b")
    assert line is not None
    assert (line.module, line.level, line.text) == ("Plugin", level, "A|b")
    assert line.message == (Message("A", "b") if level in ("Sent", "Captured") else None)


def test_the_text_may_be_empty_or_follow_without_a_space():
    for text in ("Remote: Status:", "Remote: Status: ", "Remote: Status:x"):
        line = parse_log_line(HEAD + text)
        assert line is not None
        assert line.text == ("x" if text.endswith("x") else "")


@pytest.mark.parametrize(
    "text",
    [
        "TEST_MESSAGE",
        "[x] y",
        "",
        "[2026/11/22 19:48:26.306] [0] x",
        "x[2026/11/22 19:48:26.306] [0] Remote: Status: x",
        "[2026/11/22 19:48:26.306] [x] Remote: Status: x",
        "[2026/11/22 19:48:26] [0] Remote: Status: x",
        HEAD + "Remote: Info: x",
        HEAD + "two\nlines: Status: x",
    ],
)
def test_what_is_no_log_line(text: str):
    assert parse_log_line(text) is None


@pytest.mark.parametrize("digits", [19, 5_000, 100_000])
def test_a_number_that_no_tick_count_can_be_makes_no_log_line(digits: int):
    assert parse_log_line(f"[2026/11/22 19:48:26.306] [{'9' * digits}] A: Sent: B") is None


def test_the_largest_tick_count_fits_into_64_bits():
    line = parse_log_line(f"[2026/11/22 19:48:26.306] [{'9' * 18}] A: Sent: B")
    assert line is not None
    assert line.ticks < 2**63
