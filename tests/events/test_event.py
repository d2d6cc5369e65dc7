"""The event: its kinds, and its form as other programs read it."""

import gc

import msgspec
import pytest

from mdxdash.events.event import KINDS, Event


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
