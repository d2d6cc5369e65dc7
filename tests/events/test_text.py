"""Events as lines of text."""

from datetime import datetime

import pytest

from mdxdash.events.event import Event
from mdxdash.events.text import (
    clock,
    local_time,
    log_prefix,
    marks,
    payload,
    relay_direction,
    text_line,
)


def test_a_text_line_has_time_agent_and_payload():
    event = Event(7, 0.0, "sent", "chat", "A", "b|c", round_trip=0.0124)
    assert text_line(event).endswith(" → chat A|b|c  [✓ 12 ms]")


@pytest.mark.parametrize(
    ("kind", "via", "shown"),
    [
        ("received", "", "←"),
        ("received", "server", "⇐"),
        ("sent", "", "→"),
        ("sent", "server", "⇒"),
        ("connected", "server", "◆"),
        ("disconnected", "server", "◇"),
        ("fault", "server", "!"),
    ],
)
def test_what_passed_through_a_relay_has_signs_of_its_own(kind: str, via: str, shown: str):
    event = Event(1, 0.0, kind, "chat", "A", via=via)  # type: ignore[arg-type]
    assert text_line(event).split()[2] == shown


def test_the_direction_through_a_relay_is_shown_in_words():
    assert relay_direction(Event(1, 0.0, "received", via="server")) == "agent → server"
    assert relay_direction(Event(1, 0.0, "sent", via="server")) == "server → agent"
    assert relay_direction(Event(1, 0.0, "sent")) == ""


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, ""),
        ({"round_trip": 0.0316}, "✓ 32 ms"),
        ({"lost": True}, "no echo"),
        ({"echo": 3, "round_trip": 0.1}, "echo"),
        ({"cut": True}, "cut"),
    ],
)
def test_marks_in_words(fields: dict[str, object], shown: str):
    assert marks(Event(1, 0.0, "sent", **fields)) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"type": "A"}, "A"),
        ({"type": "A", "args": "b|"}, "A|b|"),
        ({"kind": "refused", "type": "A", "args": "b", "text": "why"}, "A|b  (why)"),
        ({"kind": "fault", "text": "x\x1b"}, "x\x1b"),
        ({"kind": "log", "type": "A", "args": "b", "text": "A|b"}, "A|b"),
        ({"kind": "log", "text": "two\nlines"}, "two\nlines"),
    ],
)
def test_the_payload_is_the_message_or_the_text(fields: dict[str, object], shown: str):
    event = Event(**{"seq": 1, "time": 0.0, "kind": "received", **fields})  # type: ignore[arg-type]
    assert payload(event) == shown


def test_only_a_log_line_has_its_module_and_level():
    event = Event(1, 0.0, "log", module="VIManager", level="Captured")
    assert log_prefix(event) == "VIManager: Captured: "
    assert log_prefix(Event(1, 0.0, "fault", module="VIManager")) == ""


def test_the_time_of_day_has_milliseconds():
    at = datetime(2026, 11, 23, 4, 31, 5, 123_999)
    assert clock(at.timestamp()) == "04:31:05.123"


@pytest.mark.parametrize(("time", "nearest"), [(-1e300, 86_400.0), (1e300, 253_402_128_000.0)])
def test_a_time_that_no_calendar_has_becomes_the_nearest(time: float, nearest: float):
    assert local_time(time) == datetime.fromtimestamp(nearest)
