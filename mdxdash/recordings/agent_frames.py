"""The frames that the agent of a recording sent, for a simulator that plays them."""

from collections.abc import Iterable, Iterator, Sequence

from mdxdash.events.event import Event, is_line
from mdxdash.wire.decoding import AGENT_FRAME_BYTES
from mdxdash.wire.message import Message, format_message


def agent_frames(chunks: Iterable[Sequence[Event]]) -> Iterator[tuple[float, bytes]]:
    """Yields the frames of the first agent in the recording: seconds since its first event, and
    the payload.

    Echoes are left out, since the simulator echoes by itself.
    """
    agent: str | None = None
    start = 0.0
    at = 0.0
    for chunk in chunks:
        for event in chunk:
            if event.kind != "connected" and (event.kind == "sent" or not is_line(event)):
                continue
            if agent is None:
                agent, start = event.agent, event.time
            if event.agent != agent or event.echo is not None:
                continue
            # If the clock was set back meanwhile, frames follow without delay.
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
    if event.undecoded:
        data = bytes.fromhex(event.undecoded) + (b"\n\n" if event.kind == "log" else b"\n")
    # A line that the agent cut filled its frame and came without its end.
    full = event.cut and event.size >= AGENT_FRAME_BYTES
    return data.rstrip(b"\n")[:AGENT_FRAME_BYTES] if full else data
