"""Makes events from the texts that importers find: messages and log lines."""

from datetime import datetime

import msgspec

from mdxdash.events.event import Event, Kind
from mdxdash.recordings.importing.input_format import UNKNOWN_SEQ
from mdxdash.wire.decoding import LineDecoder
from mdxdash.wire.log_line import LogLine, parse_log_line
from mdxdash.wire.message import Message, parse_message


def decode(data: bytes, encodings: tuple[str, ...]) -> str:
    """Decodes in the first encoding that fits; if none does, with replacement characters."""
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(encodings[0], "replace")


def message_event(message: Message, time: float, kind: Kind, line: bytes, agent: str = "") -> Event:
    """Makes the event of a message that stood in `line`."""
    return Event(UNKNOWN_SEQ, time, kind, agent, message.type, message.args, size=len(line))


def log_event(line: LogLine, time: float, size: int, agent: str = "") -> Event:
    """Makes the event of a log line, at its own time; at `time` (Unix time) if it has none that a
    calendar knows. `size` is in bytes."""
    message = line.message or Message("")
    return Event(
        UNKNOWN_SEQ,
        local_time(line.time.replace("/", "-"), time),
        "log",
        agent,
        message.type,
        message.args,
        text=line.text,
        module=line.module,
        level=line.level,
        agent_time=line.time,
        ticks=line.ticks,
        size=size,
    )


def sent_event(text: str, time: float, agent: str = "") -> Event:
    """Makes the event of a message that was sent to an agent."""
    line = text.rstrip("\r\n")
    size = line.encode("utf-8", "replace") + b"\n"
    return message_event(parse_message(line), time, "sent", size, agent)


def frame_events(text: str, time: float, agent: str = "") -> list[Event]:
    """Makes the events of a frame that an agent sent at `time`."""
    decoder = LineDecoder()
    lines = decoder.feed(text.encode("utf-8", "replace")) + decoder.flush()
    events = []
    for line in lines:
        logged = parse_log_line(line.text)
        if logged is not None:
            event = log_event(logged, time, line.size, agent)
            event = msgspec.structs.replace(event, time=time, cut=line.cut)
        else:
            message = parse_message(line.text)
            event = Event(UNKNOWN_SEQ, time, "received", agent, message.type, message.args)
            event = msgspec.structs.replace(event, size=line.size, cut=line.cut)
        events.append(event)
    return events


def local_time(text: str, otherwise: float) -> float:
    """Returns the Unix time of a date and time in ISO 8601, local unless it has an offset;
    `otherwise` when there is no such date."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return otherwise
