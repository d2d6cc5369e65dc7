"""What an agent has announced follows the events of a log."""

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import Event
from mdxdash.events.following import follow


def motions(*events: Event) -> tuple[str, ...]:
    known = AnnouncedState()
    for event in events:
        follow(known, event)
    return known.names("motion", "0")


def event(kind: str, type_: str = "", args: str = "", **fields: object) -> Event:
    return Event(1, 0.0, kind, "chat", type_, args, **fields)  # type: ignore[arg-type]


ADDED = event("received", "MOTION_EVENT_ADD", "0|wave")


def test_what_was_received_or_logged_as_sent_exists():
    assert motions(ADDED) == ("wave",)
    assert motions(event("log", "MOTION_EVENT_ADD", "0|wave", level="Sent")) == ("wave",)
    assert motions(event("log", "MOTION_EVENT_ADD", "0|wave", level="Captured")) == ()


def test_what_was_sent_brings_about_its_reply_at_once():
    assert motions(event("sent", "MOTION_ADD", "0|wave|wave.vmd")) == ("wave",)


def test_what_the_upstream_sent_is_not_anticipated():
    assert motions(event("sent", "MOTION_ADD", "0|wave|wave.vmd", via="server")) == ()


def test_lines_of_programs_say_nothing_of_the_agent():
    line = event("log", "MOTION_EVENT_ADD", "0|wave", level="Sent", by="program")
    assert motions(line) == ()


def test_an_agent_that_connects_has_announced_nothing():
    assert motions(ADDED, event("connected", via="server")) == ("wave",)
    assert motions(ADDED, event("connected")) == ()
