"""Lines of received messages as columns: they are taken only where nothing is lost by it."""

from typing import Any

import msgspec
import pytest

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.recordings.importing.received_lines import ReceivedLines

EVENTS = [
    Event(seq, seq / 1000, "received", "chat", f"T{seq % 3}", f"{seq}|あ\n\\", size=seq)
    for seq in range(1, 100)
]


def learnt() -> ReceivedLines:
    lines = ReceivedLines()
    lines.learn(EVENTS)
    return lines


def test_received_messages_are_taken_once_such_lines_have_come() -> None:
    lines = ReceivedLines()
    assert lines.decode(json_lines(EVENTS)) is None
    lines.learn(EVENTS)
    found = lines.decode(json_lines(EVENTS))
    assert found is not None and list(found) == EVENTS


@pytest.mark.parametrize(
    "line",
    [
        b'{"seq":100,"time":1,"kind":"sent"}\n',
        b'{"seq":100,"time":1,"kind":"received","type":"NEW"}\n',
        b'{"seq":100,"time":1,"kind":"received","agent":"new"}\n',
        b'{"seq":100,"time":1,"kind":"received","cut":true}\n',
        b'{"seq":100,"time":1,"kind":"received","unknown":1}\n',
        b'{"seq":101,"time":1,"kind":"received"}\n',
        b'{"seq":100,"time":1}\n',
        b'{"seq":100,"time":1,"kind":"received","args":"\xff"}\n',
        b'{"seq":100,"ti',
        b'{"mark":{"seq":1,"on":true}}\n',
    ],
)
def test_any_other_line_is_left_to_the_usual_way(line: bytes) -> None:
    lines = learnt()
    assert lines.decode(json_lines(EVENTS) + line) is None
    assert lines.decode(json_lines(EVENTS)) is not None


def test_names_that_come_are_learnt() -> None:
    lines = learnt()
    new = [Event(1, 1.0, "received", "chat#2", "NEW")]
    assert lines.decode(json_lines(new)) is None
    lines.learn(new)
    assert lines.decode(json_lines(new)) is not None
    assert lines.decode(json_lines(EVENTS)) is not None


def test_after_other_lines_nothing_is_tried() -> None:
    lines = learnt()
    lines.learn([*EVENTS, Event(100, 1.0, "sent", "chat", "T1")])
    assert lines.decode(json_lines(EVENTS)) is None
    lines.learn(EVENTS)
    assert lines.decode(json_lines(EVENTS)) is not None


def test_an_agent_that_makes_up_types_is_left_to_the_usual_way() -> None:
    lines = learnt()
    lines.learn([Event(seq, 1.0, "received", "chat", f"NEW{seq}") for seq in range(1, 1000)])
    assert lines.decode(json_lines(EVENTS)) is None


def test_types_that_are_too_many_leave_what_was_learnt_and_are_not_kept() -> None:
    lines = learnt()
    for start in range(0, 100_000, 1000):
        made_up = [Event(1, 1.0, "received", f"a{i}", f"T{i}") for i in range(start, start + 1000)]
        lines.learn(made_up)
    assert len(lines._agents) + len(lines._types) < 10
    lines.learn(EVENTS)
    assert lines.decode(json_lines(EVENTS)) is not None


@pytest.mark.parametrize(
    "field",
    [
        *({"text": "x"}, {"module": "x"}, {"level": "x"}, {"agent_time": "x"}, {"ticks": 1}),
        *({"cut": True}, {"echo": 0}, {"round_trip": 0.0}, {"lost": True}, {"via": "server"}),
        *({"by": "macro"}, {"undecoded": "x"}, {"kind": "sent"}),
    ],
)
def test_an_event_with_any_other_field_is_none_of_a_block(field: dict[str, Any]) -> None:
    lines = ReceivedLines()
    lines.learn([*EVENTS, msgspec.structs.replace(EVENTS[0], **field)])
    assert lines.decode(json_lines(EVENTS)) is None


def test_no_lines_are_no_block() -> None:
    assert learnt().decode(b"") is None
    assert learnt().decode(b"\n") is None
