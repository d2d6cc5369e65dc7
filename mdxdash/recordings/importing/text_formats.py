"""Imports text: message lines, an agent's log file, the output of `serve --format text`, and
frames with their times.

Fields that the text does not hold stay empty: names, sizes, often the time.
"""

import re
from itertools import pairwise
from typing import Final

import msgspec

from mdxdash.events.event import Event, Seconds
from mdxdash.events.text import SERVER_SIGNS, SIGNS
from mdxdash.language.translation import N_
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.importing.input_format import (
    UNKNOWN_SEQ,
    UNREADABLE,
    Parsed,
    whole_lines,
)
from mdxdash.recordings.importing.message_events import (
    decode,
    frame_events,
    local_time,
    log_event,
    message_event,
    sent_event,
)
from mdxdash.wire.log_line import parse_log_line
from mdxdash.wire.message import Message, parse_message

LOG_HEAD: Final = re.compile(rb"\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}\] \[\d+\] ")
"""The beginning of each record of an agent's log."""

TEXT_LINE: Final = re.compile(
    r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) (["
    + "".join((*SIGNS.values(), *SERVER_SIGNS.values()))
    + r"]) (\S+) (.*)"
)
"""A line as `events.text.text_line` makes it."""

_NEXT_RECORD: Final = re.compile(rb"\n(?=" + LOG_HEAD.pattern + rb")")

_HEAD_MAX: Final = 64
"""Bytes of a record's head. A longer one is found when the file is parsed, only later."""

_MARKS: Final = re.compile(r"  \[((?:echo|✓ \d{1,9} ms|no echo|cut)(?: (?:no echo|cut))*)\]\Z")
_REASON: Final = re.compile(r"(.*?)  \((.*)\)\Z", re.DOTALL)
_KINDS: Final[dict[str, str]] = {
    sign: kind for signs in (SIGNS, SERVER_SIGNS) for kind, sign in signs.items()
}
_OF_SERVER: Final = frozenset(SERVER_SIGNS.values())


class MessageLines:
    """A message (`TYPE|args`) for each line, without times: all events get the file's time."""

    header = Header()

    def __init__(self, encodings: tuple[str, ...], time: float) -> None:
        self._encodings = encodings
        self._time = time

    def whole(self, data: bytes | bytearray, looked: int = 0) -> int:
        return whole_lines(data, looked)

    def parse(self, data: bytes) -> Parsed:
        lines = (line.rstrip(b"\r") for line in data.split(b"\n"))
        events = [
            message_event(
                parse_message(decode(line, self._encodings)), self._time, "received", line
            )
            for line in lines
            if line
        ]
        return Parsed(events, [])


class AgentLog:
    """The `log_file` of MMDAgent-EX. A record may have several lines."""

    header = Header()

    def __init__(self, encodings: tuple[str, ...], time: float) -> None:
        self._encodings = encodings
        self._time = time

    def whole(self, data: bytes | bytearray, looked: int = 0) -> int:
        last = 0
        # A head may have begun in the bytes before.
        for found in _NEXT_RECORD.finditer(data, max(0, looked - _HEAD_MAX)):
            last = found.start() + 1
        return last

    def parse(self, data: bytes) -> Parsed:
        parsed = Parsed([], [])
        starts = [found.start() for found in LOG_HEAD.finditer(data) if _begins(data, found)]
        if data[: starts[0] if starts else None].strip():
            parsed.add_damage(1, N_("a line without the time in front of it"))
        number, counted = 1, 0
        for start, end in pairwise([*starts, len(data)]):
            record = data[start:end]
            text = decode(record, self._encodings).replace("\r\n", "\n").rstrip("\n")
            line = parse_log_line(text)
            if line is None:
                number += data.count(b"\n", counted, start)
                counted = start
                parsed.add_damage(number, N_("no line of a log"))
            else:
                parsed.events.append(log_event(line, self._time, len(record)))
        return parsed


class TextLines:
    """The output of `serve --format text`. Characters that were made printable stay so, except the
    newlines in log lines."""

    header = Header()

    def __init__(self, encodings: tuple[str, ...], time: float) -> None:
        self._encodings = encodings
        self._time = time

    def whole(self, data: bytes | bytearray, looked: int = 0) -> int:
        return whole_lines(data, looked)

    def parse(self, data: bytes) -> Parsed:
        parsed = Parsed([], [])
        for number, line in enumerate(data.split(b"\n"), start=1):
            text = decode(line, self._encodings).rstrip("\r")
            found = TEXT_LINE.fullmatch(text)
            if found is not None:
                parsed.events.append(_shown_event(found, self._time))
            elif text:
                parsed.add_damage(number, N_("no line that `serve --format text` prints"))
        return parsed


class _Frame(msgspec.Struct, frozen=True, gc=False):
    t: Seconds
    text: str = ""
    sent: str = ""


class TimedFrames:
    """`{"t": seconds, "text": frame}` or `{"t": seconds, "sent": line}` for each line.

    The seconds count from an unknown time, for which the file's time is used.
    """

    header = Header()

    def __init__(self, encodings: tuple[str, ...], time: float) -> None:
        self._begin = time
        self._decoder = msgspec.json.Decoder(_Frame)

    def whole(self, data: bytes | bytearray, looked: int = 0) -> int:
        return whole_lines(data, looked)

    def parse(self, data: bytes) -> Parsed:
        parsed = Parsed([], [])
        for number, line in enumerate(data.split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                frame = self._decoder.decode(line)
            except UNREADABLE as error:
                parsed.add_damage(number, str(error))
            else:
                parsed.events.extend(_frame_events(frame, self._begin + frame.t))
        return parsed


def _frame_events(frame: _Frame, time: float) -> list[Event]:
    return [sent_event(frame.sent, time)] if frame.sent else frame_events(frame.text, time)


def _begins(data: bytes, found: re.Match[bytes]) -> bool:
    """Returns whether the match is at the beginning of a line."""
    return found.start() == 0 or data[found.start() - 1] == 0x0A


def _shown_event(found: re.Match[str], otherwise: float) -> Event:
    when, sign, agent, shown = found.groups()
    kind = _KINDS[sign]
    noted = _MARKS.search(shown)
    marks = noted[1] if noted else ""
    shown = shown[: noted.start()] if noted else shown
    fields: dict[str, object] = {
        "time": local_time(when, otherwise),
        "kind": kind,
        "agent": "" if agent == "-" else agent,
        "echo": UNKNOWN_SEQ if marks.startswith("echo") else None,
        "lost": "no echo" in marks,
        "cut": marks.endswith("cut"),
        "via": "server" if sign in _OF_SERVER else "",
        **_payload_fields(kind, shown),
    }
    if trip := re.match(r"✓ (\d+) ms", marks):
        fields["round_trip"] = int(trip[1]) / 1000
    return msgspec.convert({"seq": UNKNOWN_SEQ, **fields}, Event)


def _payload_fields(kind: str, shown: str) -> dict[str, object]:
    """Parses the fields of an event from its payload as it was shown."""
    if kind == "log":
        module, level, text = (*shown.split(": ", 2), "", "")[:3]
        text = text.replace("␊", "\n")
        message = parse_message(text) if level in ("Sent", "Captured") else Message("")
        return {
            "module": module,
            "level": level,
            "text": text,
            "type": message.type,
            "args": message.args,
        }
    if kind in ("received", "sent"):
        message = parse_message(shown)
        return {"type": message.type, "args": message.args}
    if kind == "refused" and (reason := _REASON.fullmatch(shown)):
        message = parse_message(reason[1])
        return {"type": message.type, "args": message.args, "text": reason[2]}
    return {"text": shown}
