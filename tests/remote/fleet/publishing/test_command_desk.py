"""Commands: once each, not too late, by somebody; and what comes of their messages."""

import msgspec

from mdxdash.events.event import Event
from mdxdash.remote.fleet.messages import Acknowledged, Command
from mdxdash.remote.fleet.publishing.command_desk import ECHO_WITHIN, WATCHED_MAX, CommandDesk
from mdxdash.remote.protocol import Changed
from mdxdash.wire.message import parse_message

COMMAND = Command("1", "here", expires_at=100.0, agents=("chat",), line="A|1")


def test_a_command_is_carried_out_once():
    desk = CommandDesk("room-3")
    assert not desk.is_known(COMMAND)
    assert desk.admit(COMMAND, "ken", 95.0) == ""
    assert desk.is_known(COMMAND)
    assert desk.admit(msgspec.structs.replace(COMMAND, id="2"), "ken", 95.0) == ""


def test_it_expires_and_is_somebodys_and_is_not_valid_for_ever():
    desk = CommandDesk("room-3")
    assert desk.admit(COMMAND, "ken", 101.5) == "it has expired 1.5 s ago"
    assert "who sends it" in desk.admit(COMMAND, "", 95.0)
    assert "too long" in desk.admit(COMMAND, "ken", 1.0)


def sent(seq: int, agent: str = "chat", **fields: object) -> Event:
    return Event(seq, 1.0, "sent", agent, "A", "1", by="fleet", **fields)  # type: ignore[arg-type]


def expecting(**kwargs: object) -> CommandDesk:
    desk = CommandDesk("room-3")
    desk.expect(COMMAND, "chat", parse_message("A|1"), 10, 0.0)
    return desk


def test_an_echo_that_comes_later_is_answered():
    desk = expecting()
    assert list(desk.take_event(sent(11))) == []
    answers = list(desk.take_change(Changed(11, 0.003)))
    assert answers == [(COMMAND, Acknowledged("room-3", "1", "chat", 0.003))]
    assert not desk.waits


def test_an_echo_that_came_with_the_event_is_answered():
    assert [answer.round_trip for _, answer in expecting().take_event(sent(11, round_trip=0.002))]


def test_a_lost_echo_and_one_that_nobody_tells_of_are_answered():
    desk = expecting()
    list(desk.take_event(sent(11)))
    assert [answer.round_trip for _, answer in desk.take_change(Changed(11, None, True))] == [None]
    desk = expecting()
    assert list(desk.expire(ECHO_WITHIN)) == []
    assert len(list(desk.expire(ECHO_WITHIN + 0.1))) == 1


def test_other_events_are_not_taken_for_it():
    desk = expecting()
    for event in (sent(9), sent(11, "other"), Event(11, 1.0, "received", "chat", "A", "1")):
        assert list(desk.take_event(event)) == []
    assert list(desk.take_change(Changed(11, 0.1))) == []
    desk.withdraw(COMMAND, "chat")
    assert not desk.waits


def test_no_more_echoes_are_waited_for_than_may_be():
    desk = CommandDesk("room-3")
    message = parse_message("A|1")
    assert all(desk.expect(COMMAND, str(n), message, 10, 0.0) for n in range(WATCHED_MAX))
    assert not desk.expect(COMMAND, "chat", message, 10, 0.0)
    desk.withdraw(COMMAND, "0")
    assert desk.expect(COMMAND, "chat", message, 10, 0.0)
    assert len(list(desk.expire(ECHO_WITHIN + 1))) == WATCHED_MAX
    assert not desk.waits
