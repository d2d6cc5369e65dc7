"""The agent's side of a recording, as the frames that it sent and when."""

from collections.abc import Iterable, Iterator

from mdxdash.events.event import Event
from mdxdash.wire.decoding import AGENT_FRAME_BYTES
from mdxdash.wire.message import Message, format_message


def agent_frames(chunks: Iterable[list[Event]]) -> Iterator[tuple[float, bytes]]:
    """Pairs of seconds and a frame's payload, from the first agent's first event on.

    Echoes are left out: whoever plays this makes them itself when it is sent to.
    """
    agent: str | None = None
    start = 0.0
    at = 0.0
    for chunk in chunks:
        for event in chunk:
            if event.kind not in ("connected", "received", "log"):
                continue
            if agent is None:
                agent, start = event.agent, event.time
            if event.agent != agent or event.echo is not None:
                continue
            # A clock that was set back meanwhile counts as one that stood still.
            at = max(at, event.time - start)
            if event.kind != "connected":
                yield at, _frame(event)


def _frame(event: Event) -> bytes:
    if event.kind == "log":
        time = event.agent_time
        line = f"[{time}] [{event.ticks}] {event.module}: {event.level}: {event.text}\n\n"
    else:
        line = format_message(Message(event.type, event.args)) + "\n"
    data = line.encode("utf-8", "replace")
    # A line that the agent cut came in a full frame, and without its end.
    full = event.cut and event.size >= AGENT_FRAME_BYTES
    return data.rstrip(b"\n")[:AGENT_FRAME_BYTES] if full else data
