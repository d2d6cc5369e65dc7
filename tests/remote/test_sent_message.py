"""What becomes of a message that a command sent."""

from mdxdash.events.event import Event
from mdxdash.remote.sent_message import SentMessage
from mdxdash.wire.message import Message

EARLIER = Event(4, 0.0, "sent", "chat", "A", "1", by="send")
SENT = Event(5, 0.0, "sent", "chat", "A", "1", by="send")
ECHO = Event(7, 0.0, "received", "chat", "A", "1", echo=5, round_trip=0.003, by="send")
REPLY = Event(8, 0.0, "received", "chat", "B")


def test_events_count_once_it_has_left_and_its_echo_acknowledges_it() -> None:
    message = SentMessage(Message("A", "1"), ["chat"], 5)
    between = Event(6, 0.0, "received", "chat", "B")
    assert [message.take(e) for e in (EARLIER, SENT, between)] == [False, False, True]
    assert message.waits and not message.is_acknowledged("chat")
    assert message.take(ECHO) and message.is_echo(ECHO)
    assert (message.waits, message.round_trips) == (False, {"chat": 0.003})
    assert message.take(REPLY) and not message.is_echo(REPLY)


def test_what_others_send_and_what_others_say_is_none_of_its() -> None:
    message = SentMessage(Message("A", "1"), ["chat"], 1)
    assert not message.take(Event(2, 0.0, "sent", "chat", "A", "1", by="macro"))
    assert not message.take(Event(3, 0.0, "sent", "chat", "A", "2", by="send"))
    assert not message.take(REPLY)
    message.take(SENT)
    assert not message.take(Event(9, 0.0, "received", "chat-1", "B"))


def test_a_line_without_an_echo_is_done_when_it_has_left() -> None:
    message = SentMessage(Message("__AV_START"), ["chat"], 1)
    assert message.waits
    message.take(Event(2, 0.0, "sent", "chat", "__AV_START", by="send"))
    assert not message.waits and message.is_acknowledged("chat")
