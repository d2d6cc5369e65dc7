"""Events from the texts that importers find: their times, sizes and kinds."""

from datetime import UTC, datetime

import pytest

from mdxdash.recordings.importing.input_format import UNKNOWN_SEQ
from mdxdash.recordings.importing.message_events import (
    decode,
    frame_events,
    local_time,
    log_event,
    message_event,
    sent_event,
)
from mdxdash.wire.log_line import parse_log_line
from mdxdash.wire.message import Message

LOG_LINE = "[2026/11/22 19:48:26.306] [8303071] VIManager: Captured: TEST_MESSAGE|1"


@pytest.mark.parametrize(
    ("data", "encodings", "text"),
    [
        ("音声".encode(), ("utf-8", "cp932"), "音声"),
        ("音声".encode("cp932"), ("utf-8", "cp932"), "音声"),
        (b"a\xff", ("utf-8",), "a\ufffd"),
    ],
)
def test_bytes_are_decoded_in_the_first_encoding_that_fits(
    data: bytes, encodings: tuple[str, ...], text: str
) -> None:
    assert decode(data, encodings) == text


def test_a_message_has_the_size_of_its_line() -> None:
    event = message_event(Message("A", "あ"), 5.0, "received", "A|あ\n".encode(), "chat")
    assert (event.seq, event.time, event.kind, event.agent) == (
        UNKNOWN_SEQ,
        5.0,
        "received",
        "chat",
    )
    assert (event.type, event.args, event.size) == ("A", "あ", 6)


@pytest.mark.parametrize("text", ["A|あ", "A|あ\r\n", "A|あ\n"])
def test_a_sent_line_counts_one_newline(text: str) -> None:
    event = sent_event(text, 5.0, "chat")
    assert (event.kind, event.type, event.args, event.size) == ("sent", "A", "あ", 6)


def test_a_log_line_has_its_own_time_and_the_message_in_it() -> None:
    line = parse_log_line(LOG_LINE)
    assert line is not None
    event = log_event(line, 5.0, 80)
    own = datetime(2026, 11, 22, 19, 48, 26, 306_000).timestamp()
    assert (event.kind, event.time, event.size) == ("log", own, 80)
    assert (event.module, event.level, event.ticks) == ("VIManager", "Captured", 8303071)
    assert (event.type, event.args) == ("TEST_MESSAGE", "1")
    assert event.agent_time == "2026/11/22 19:48:26.306"


def test_a_log_line_of_a_day_that_does_not_exist_has_the_given_time() -> None:
    line = parse_log_line(LOG_LINE.replace("11/22", "13/45"))
    assert line is not None
    assert log_event(line, 5.0, 80).time == 5.0


def test_each_line_of_a_frame_is_an_event_at_the_time_of_the_frame() -> None:
    first, second = frame_events(f"A|1\n{LOG_LINE}\n", 5.0, "chat")
    assert (first.kind, first.type, first.args, first.size) == ("received", "A", "1", 4)
    assert (second.kind, second.level, second.agent) == ("log", "Captured", "chat")
    assert (first.time, second.time) == (5.0, 5.0)
    assert not first.cut


def test_a_line_without_its_newline_is_cut() -> None:
    (event,) = frame_events("A|1", 5.0)
    assert event.cut


def test_a_time_with_an_offset_is_that_time_and_others_are_local() -> None:
    moment = datetime(2026, 11, 22, 10, 48, 26, tzinfo=UTC).timestamp()
    assert local_time("2026-11-22T19:48:26+09:00", 0.0) == moment
    assert local_time("2026-11-22T19:48:26", 0.0) == datetime(2026, 11, 22, 19, 48, 26).timestamp()


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30T00:00:00"])
def test_a_text_that_is_no_time_gives_the_other(text: str) -> None:
    assert local_time(text, 7.0) == 7.0
