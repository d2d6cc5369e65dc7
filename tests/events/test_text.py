"""Events as lines of text."""

import pytest

from mdxdash.events.event import Event
from mdxdash.events.text import marks, relay_direction, text_line


def test_a_text_line_says_when_who_and_what():
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


def test_a_way_through_a_relay_is_told_in_words():
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
