"""The circumstances of a loss."""

from mdxdash.alerts.circumstances import RECENT, UNANSWERED_WITHIN, circumstances
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import GONE_BEFORE_SENT


def test_the_last_events_of_the_agent_without_echoes() -> None:
    log = EventLog()
    for number in range(2 * RECENT):
        log.append("received", "chat", f"T{number}")
        log.append("received", "chat", "ECHO", echo=1)
        log.append("received", "chat-1", "OTHER")
    loss = circumstances(log, log.append("disconnected", "chat"), ())
    assert [event.type for event in loss.recent] == [
        *(f"T{number}" for number in range(RECENT + 1, 2 * RECENT)),
        "",
    ]


def test_unanswered_are_the_lost_and_the_unsent_of_the_last_seconds() -> None:
    log = EventLog()
    log.lose(log.append("sent", "chat", "OLD", time=100.0 - UNANSWERED_WITHIN - 1).seq)
    log.lose(log.append("sent", "chat", "LOST", time=99.0).seq)
    log.acknowledge(log.append("sent", "chat", "HEARD", time=99.0).seq, 0.1)
    log.append("refused", "chat", "QUEUED", text=GONE_BEFORE_SENT, time=100.0)
    log.append("refused", "chat", "BAD", text="W101 …", time=100.0)
    loss = circumstances(log, log.append("disconnected", "chat", time=100.0), ("M", "M"))
    assert (loss.unanswered, loss.macros) == (2, ("M",))
    assert loss.after is not None and loss.after.type == "HEARD"


def test_an_agent_without_events() -> None:
    log = EventLog()
    loss = circumstances(log, log.append("disconnected", "chat"), ())
    assert loss.after is None
    assert len(loss.recent) == 1
