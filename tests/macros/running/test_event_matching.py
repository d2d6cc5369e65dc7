"""Which events count for waits and triggers."""

import pytest

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, parse
from mdxdash.macros.running.event_matching import event_matcher, is_about_connections, may_match

CONTEXT = Context(now=lambda: 0.0, marked=())

RECEIVED = Event(1, 0.0, "received", "chat", "A", "x")
ECHO = Event(2, 0.0, "received", "chat", "A", "x", echo=1, by="macro")
OF_A_PERSON = Event(10, 0.0, "received", "chat", "A", "x", echo=1)
OF_A_PROGRAM = Event(11, 0.0, "log", "chat", "A", "x", level="Sent", echo=1, by="program-p")
OF_SPEECH = Event(12, 0.0, "received", "chat", "A", "x", echo=1, by="speech")
SENT = Event(3, 0.0, "sent", "chat", "A", "x")
LOGGED = Event(4, 0.0, "log", "chat", "A", "x", level="Sent", module="M")
CAPTURED = Event(5, 0.0, "log", "chat", "A", "x", level="Captured", module="M")
CONNECTED = Event(6, 0.0, "connected", "chat")
SERVER_CONNECTED = Event(7, 0.0, "connected", "chat", via="server")
SERVER_DISCONNECTED = Event(8, 0.0, "disconnected", "chat", via="server")
AT_TAP = Event(10, 0.0, "connected", text="tap from 127.0.0.1:1", by="tap")
FROM_SERVER = Event(9, 0.0, "received", "chat", "A", "x", via="server")
ALL = (
    RECEIVED,
    ECHO,
    OF_A_PERSON,
    OF_A_PROGRAM,
    OF_SPEECH,
    SENT,
    LOGGED,
    CAPTURED,
    CONNECTED,
    SERVER_CONNECTED,
    SERVER_DISCONNECTED,
    FROM_SERVER,
    AT_TAP,
)


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("type:A", [RECEIVED, OF_A_PERSON, OF_A_PROGRAM, LOGGED, FROM_SERVER]),
        ("type:A args:x", [RECEIVED, OF_A_PERSON, OF_A_PROGRAM, LOGGED, FROM_SERVER]),
        ("type:A args:y", []),
        ("type:A is:echo", [ECHO, OF_A_PERSON, OF_A_PROGRAM, OF_SPEECH]),
        ("dir:out", [SENT]),
        ("kind:sent", [SENT]),
        ("kind:log", [OF_A_PROGRAM, LOGGED, CAPTURED]),
        ("module:M", [LOGGED, CAPTURED]),
        ("kind:connected", [CONNECTED]),
        ("kind:disconnected", []),
        ("via:server kind:connected,disconnected", [SERVER_CONNECTED, SERVER_DISCONNECTED]),
        ("-type:A", [CONNECTED]),
    ],
)
def test_what_a_filter_matches(text: str, matched: list[Event]) -> None:
    matches = event_matcher(parse(text), CONTEXT)
    assert [event for event in ALL if matches(event)] == matched


def test_a_program_gets_what_macros_send_and_not_what_it_sends_itself() -> None:
    matches = event_matcher(parse("type:A"), CONTEXT, "program-p")
    found = [event for event in ALL if event.echo is not None and matches(event)]
    assert found == [ECHO, OF_A_PERSON]


def test_captured_lines_count_for_a_filter_with_a_level() -> None:
    filter_ = parse("type:A level:error OR type:A")
    assert event_matcher(filter_, CONTEXT)(CAPTURED)
    assert not event_matcher(parse("type:A OR type:B"), CONTEXT)(CAPTURED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind:connected", True),
        ("kind:disconnected", True),
        ("kind:received,connected", True),
        ("type:A OR -kind:disconnected", True),
        ("kind:received", False),
        ("type:A", False),
    ],
)
def test_whether_a_filter_is_about_connections(text: str, expected: bool) -> None:
    assert is_about_connections(parse(text)) is expected


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("type:A", "A", True),
        ("type:A", "B", False),
        ("type:A hello", "A", True),
        ("type:A hello", "B", False),
        ("hello", "B", True),
        ("", "B", True),
    ],
)
def test_whether_a_type_can_pass_at_all(text: str, type_: str, expected: bool) -> None:
    assert may_match(parse(text), type_) is expected
