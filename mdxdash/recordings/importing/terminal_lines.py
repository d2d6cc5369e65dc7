"""Imports lines with a time, a direction, or both in front of the message, as programs print them.

* The sample server of MMDAgent-EX's documentation: `Received message: TYPE|args`, and an empty line
  where the message brought its own newline. Where a message is a log line, it is read as one.
* wscat, and the `websockets` command: `< TYPE|args` came in, `> TYPE|args` was typed. What they
  print otherwise (`Connected (press CTRL+C to quit)`) becomes `connected` or `disconnected`.
* Any of these, or a plain message line, behind a time: ISO 8601 (`2026-11-22T19:48:26.306+09:00`,
  also with a blank and without offset, then local) or `HH:MM:SS[.mmm]`, with or without brackets. A
  time without a date is of the day on which the file was last written, or the day before.

websocat prints messages as they are; `text_formats.MessageLines` reads them.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from mdxdash.events.event import Event
from mdxdash.events.text import local_time as shown_time
from mdxdash.language.translation import N_
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.importing.input_format import UNKNOWN_SEQ, Parsed, whole_lines
from mdxdash.recordings.importing.message_events import (
    decode,
    frame_events,
    local_time,
    sent_event,
)

_COLOURS: Final = re.compile(r"\x1b\[[0-9;?]{0,16}[A-Za-z]")
"""Escape sequences with which wscat colours and rewrites lines (ECMA-48, CSI). A terminal's record,
as `script` makes it, holds them."""

_TIME: Final = (
    r"\[?(?:(?P<date>\d{4}[-/]\d\d[-/]\d\d)[T ])?(?P<clock>\d\d:\d\d:\d\d)"
    r"(?:[.,](?P<fraction>\d{1,9}))?(?P<offset>Z|[+-]\d\d:?\d\d)?\]?"
)

_RECEIVED: Final = ("<", "<<", "←", "<-", "Received message:")
_SENT: Final = (">", ">>", "→", "->", "Sent message:")

_LINE: Final = re.compile(
    rf"(?:{_TIME}(?P<gap>[ \t]*[-:|]?[ \t]+|$))?"
    # wscat shows its prompt again in front of what comes in.
    r"(?:> (?=[<>]))?(?:(?P<sign>"
    + "|".join(re.escape(sign) for sign in sorted((*_RECEIVED, *_SENT), key=len, reverse=True))
    + r")(?:[ \t]|$))?(?P<rest>.*)",
    re.DOTALL,
)

_TYPE: Final = re.compile(r"[A-Z][A-Z0-9_]*(?:\|.*)?", re.DOTALL)
"""A message line that nothing else could be."""

_MESSAGE: Final = re.compile(r"[^\s|]+(?:\|.*)?", re.DOTALL)
"""What may be a message behind a time."""

_OPENED: Final = re.compile(r"(?:client )?connected\b.{0,80}", re.IGNORECASE)
_CLOSED: Final = re.compile(r"(?:client )?disconnected\b.{0,200}", re.IGNORECASE)
_STARTED: Final = re.compile(r"(?:listening on|connecting to)\b.{0,200}", re.IGNORECASE)


def is_terminal_line(text: str) -> bool:
    """Returns whether a line is a message with a time or a direction in front of it, and nothing
    that another format has."""
    found = _LINE.fullmatch(_plain(text))
    if found is None or not (found["clock"] or found["sign"]):
        return False
    rest = found["rest"]
    if found["sign"] in ("Received message:", "Sent message:"):
        return bool(rest)
    return _TYPE.fullmatch(rest) is not None


class TerminalLines:
    """Lines with something in front of the message."""

    header = Header()

    def __init__(self, encodings: tuple[str, ...], time: float) -> None:
        self._encodings = encodings
        self._time = time

    def whole(self, data: bytes | bytearray, looked: int = 0) -> int:
        return whole_lines(data, looked)

    def parse(self, data: bytes) -> Parsed:
        parsed = Parsed([], [])
        for number, line in enumerate(data.split(b"\n"), start=1):
            text = _plain(decode(line, self._encodings))
            if not text.strip():
                continue
            events = self._events(text)
            if events is None:
                parsed.add_damage(number, N_("no message stands in the line"))
            else:
                parsed.events.extend(events)
        return parsed

    def _events(self, text: str) -> list[Event] | None:
        """Returns the events of a line; None if it is no message."""
        found = _LINE.fullmatch(text)
        if found is None:
            return None
        time = _time_of(found, self._time) if found["clock"] else self._time
        sign, rest = found["sign"], found["rest"]
        if sign:
            if not rest.strip():
                return []  # an empty prompt
            return [sent_event(rest, time)] if sign in _SENT else _received(rest, time)
        if _TYPE.fullmatch(rest) or (found["clock"] and _MESSAGE.fullmatch(rest)):
            return _received(rest, time)
        if _OPENED.fullmatch(rest):
            return [Event(UNKNOWN_SEQ, time, "connected", text=rest)]
        if _CLOSED.fullmatch(rest):
            return [Event(UNKNOWN_SEQ, time, "disconnected", text=rest)]
        return [] if _STARTED.fullmatch(rest) else None


def _received(text: str, time: float) -> list[Event]:
    return frame_events(text + "\n", time)


def _plain(text: str) -> str:
    """Returns what a terminal shows of a line in the end."""
    shown = _COLOURS.sub("", text.rpartition("\x1b[2K")[2]).rstrip("\r")
    return shown.rpartition("\r")[2]


def _time_of(found: re.Match[str], file_time: float) -> float:
    fraction = (found["fraction"] or "0").ljust(6, "0")[:6]
    clock = f"{found['clock']}.{fraction}{found['offset'] or ''}"
    if found["date"]:
        return local_time(f"{found['date'].replace('/', '-')}T{clock}", file_time)
    day = shown_time(file_time)
    time = local_time(f"{day:%Y-%m-%d}T{clock}", file_time)
    # The file was written after its last line: a later time is that of the day before.
    if time > file_time + 60:
        before: datetime = day - timedelta(days=1)
        time = local_time(f"{before:%Y-%m-%d}T{clock}", file_time)
    return time
