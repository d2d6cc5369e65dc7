"""Who came and went, apart from the flood of messages."""

from mdxdash.events.connection_history import AGENTS_KEPT, KEPT, ConnectionHistory
from mdxdash.events.event import Kind
from mdxdash.events.log import EventLog


def happen(log: EventLog, kind: Kind, agent: str = "", type: str = "", text: str = "") -> None:
    log.append(kind, agent, type, text=text, time=0.0)


def test_the_causes_stay_when_the_log_has_forgotten_them() -> None:
    log = EventLog(limit=10)
    history = ConnectionHistory(log)
    happen(log, "connected", "chat")
    happen(log, "disconnected", "chat", text="closed by the agent")
    for _ in range(100):
        happen(log, "received", "chat", "A")
    assert [event.text for event in history.of("chat")] == ["", "closed by the agent"]


def test_a_refused_connection_is_not_a_refused_message() -> None:
    log = EventLog()
    history = ConnectionHistory(log)
    happen(log, "refused", "chat", "A", "too long")
    happen(log, "refused", text="connection from 10.0.0.1:5: plain HTTP")
    assert [event.seq for event in history.refused] == [2]


def test_neither_visitors_nor_agents_fill_the_memory() -> None:
    log = EventLog()
    history = ConnectionHistory(log)
    for number in range(2 * AGENTS_KEPT):
        happen(log, "refused", text="again")
        happen(log, "connected", f"chat-{number}")
    assert len(history.refused) == KEPT
    assert (len(history.of("chat-0")), len(history.of(f"chat-{2 * AGENTS_KEPT - 1}"))) == (0, 1)


def test_what_is_in_the_log_already_is_taken_too() -> None:
    log = EventLog()
    happen(log, "connected", "chat")
    history = ConnectionHistory(log)
    happen(log, "disconnected", "chat")
    assert [event.kind for event in history.of("chat")] == ["connected", "disconnected"]


def test_the_agent_that_came_first_is_forgotten_first() -> None:
    log = EventLog()
    history = ConnectionHistory(log)
    for number in range(AGENTS_KEPT):
        happen(log, "connected", f"chat-{number}")
    happen(log, "disconnected", "chat-0")
    assert len(history.of("chat-0")) == 2
    happen(log, "connected", "another")
    assert (len(history.of("chat-0")), len(history.of("chat-1"))) == (0, 1)
