"""The event: its kinds, and its form as other programs read it."""

import gc

import msgspec
import pytest

from mdxdash.events.event import KINDS, Event, is_line


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Event(1, 1e9, "fault").text = "x"  # type: ignore[misc]


def test_the_garbage_collector_does_not_look_at_events() -> None:
    assert not gc.is_tracked(Event(1, 1e9, "received", "chat", "A", "b"))


def test_fields_with_their_default_are_left_out() -> None:
    event = Event(1, 1.5, "received")
    assert msgspec.to_builtins(event) == {"seq": 1, "time": 1.5, "kind": "received"}


def test_the_number_comes_first_so_that_lines_of_events_are_recognized() -> None:
    assert msgspec.json.encode(Event(1, 1.5, "fault")).startswith(b'{"seq":1,"time":1.5,"kind"')


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_read(kind: str) -> None:
    assert msgspec.convert({"seq": 1, "time": 1, "kind": kind}, Event).kind == kind


@pytest.mark.parametrize(
    "wrong", [{"kind": "shown"}, {"via": "agent"}, {"by": "person"}, {"seq": "1"}, {"time": None}]
)
def test_an_event_of_another_form_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"seq": 1, "time": 1.5, "kind": "fault", **wrong}, Event)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Event(1, 1e9, "received", "chat", "A"), True),
        (Event(1, 1e9, "received", "chat"), True),
        (Event(1, 1e9, "sent", "chat", "A", by="macro"), True),
        (Event(1, 1e9, "log", "chat", text="x", level="Status"), True),
        (Event(2, 1e9, "log", "chat", "A", level="Sent", echo=1, by="macro"), True),
        (Event(1, 1e9, "sent", "chat", args="0|1", text="model 0 speaks: a", by="speech"), False),
        (Event(1, 1e9, "sent", "chat", text="audio: 3 blocks", size=99, via="server"), False),
        (Event(1, 1e9, "log", "chat", text="x", level="stderr", by="program"), False),
        (Event(1, 1e9, "log", "chat", "A", level="start", by="remdis"), False),
        (Event(1, 1e9, "refused", "chat", "A", text="x"), False),
        (Event(1, 1e9, "fault", text="x"), False),
    ],
)
def test_what_went_between_hub_and_agent_is_a_line(event: Event, expected: bool) -> None:
    assert is_line(event) is expected
