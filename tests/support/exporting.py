"""Events of every kind, harmless and hostile, and their exports."""

from mdxdash.events.event import Event
from mdxdash.recordings.exporting.formats import EXPORTS
from mdxdash.recordings.file_format import Header
from tests.support.hostile_text import HOSTILE

HEADER = Header("mdxdash", 1, "ws://localhost:9001/chat", "2026-11-23T04:31:05+09:00")
EVENTS = [
    Event(1, 1e9, "connected", "chat", text="127.0.0.1:5000 /chat"),
    Event(2, 1e9 + 1, "received", "chat", "RECOG_EVENT_STOP", "こんにちは", size=40),
    Event(3, 1e9 + 2, "sent", "chat", "TEST", "<b>&amp;</b>", round_trip=0.0123),
    Event(4, 1e9 + 2, "received", "chat", "TEST", "<b>&amp;</b>", echo=3, round_trip=0.0123),
    Event(5, 1e9 + 3, "sent", "chat", "TEST", "=1+1", lost=True),
    Event(6, 1e9 + 4, "log", "chat", text="two\nlines\x1b[31m", module="MMDAgent", level="Error"),
    Event(7, 1e9 + 5, "refused", "chat", "A", "b", text="W102 holds a newline"),
    Event(8, 1e9 + 86_400, "fault", "chat", text="\u202egone", cut=True),
]


HOSTILE_EVENTS = [
    Event(1, 1e9, "received", HOSTILE, HOSTILE, HOSTILE, size=9),
    Event(2, 1e9, "sent", HOSTILE, HOSTILE, HOSTILE, via="server"),
    Event(3, 1e9, "refused", HOSTILE, HOSTILE, HOSTILE, text=HOSTILE),
    Event(4, 1e9, "fault", HOSTILE, text=HOSTILE),
    Event(
        5,
        1e9,
        "log",
        HOSTILE,
        text=HOSTILE,
        module=HOSTILE,
        level=HOSTILE,
        agent_time=HOSTILE,
    ),
]


def exported(form: str, events: list[Event] = EVENTS) -> bytes:
    """The file, from chunks of two events."""
    chunks = [events[start : start + 2] for start in range(0, len(events), 2)]
    return b"".join(EXPORTS[form](chunks, HEADER))
