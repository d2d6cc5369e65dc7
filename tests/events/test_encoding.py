"""Events as lines of JSON."""

import json

import msgspec
import pytest

from mdxdash.events.encoding import EVENT_START, json_line, json_lines
from mdxdash.events.event import Event


def test_the_json_keys_are_the_field_names_and_defaults_are_left_out():
    event = Event(1, 1.5, "received", "chat", "A", "日本", size=9)
    assert msgspec.json.decode(json_line(event)) == {
        "seq": 1,
        "time": 1.5,
        "kind": "received",
        "agent": "chat",
        "type": "A",
        "args": "日本",
        "size": 9,
    }
    assert msgspec.json.decode(json_line(event), type=Event) == event


def test_the_line_of_an_event_is_known_by_its_start():
    assert json_line(Event(1, 1.5, "fault")).startswith(EVENT_START)


def test_lines_are_the_events_one_after_the_other():
    events = [Event(1, 1.5, "received", "chat", "A"), Event(2, 2.5, "fault", text="two\nlines")]
    assert json_lines(events) == json_line(events[0]) + json_line(events[1])
    assert json_lines(events).count(b"\n") == 2
    assert json_lines([]) == b""


@pytest.mark.parametrize("field", ["agent", "type", "args", "text", "module", "level"])
def test_half_a_surrogate_pair_is_escaped_and_costs_no_other_event(field: str):
    broken = msgspec.structs.replace(Event(2, 1.5, "fault"), **{field: "あ\ud800"})
    good = Event(1, 1.5, "received", "chat", "日本", size=9)
    first, second = json_lines([good, broken]).splitlines(keepends=True)
    assert first == json_line(good)
    assert second == json_line(broken)
    assert json.loads(second)[field] == "あ\\ud800"
