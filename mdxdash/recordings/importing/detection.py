"""Detects the format of a file from its beginning, whatever its name is."""

import re
from typing import Any, Final

import msgspec

from mdxdash.events.encoding import EVENT_START
from mdxdash.language.translation import N_
from mdxdash.recordings.file_format import OLDEST_VERSION, VERSION, Header
from mdxdash.recordings.importing.input_format import UNREADABLE, InputFormat
from mdxdash.recordings.importing.json_lines import JsonLines
from mdxdash.recordings.importing.message_events import decode
from mdxdash.recordings.importing.terminal_lines import TerminalLines, is_terminal_line
from mdxdash.recordings.importing.text_formats import (
    LOG_HEAD,
    TEXT_LINE,
    AgentLog,
    MessageLines,
    TextLines,
    TimedFrames,
)

_LINES: Final = 50
"""Lines that are examined: the first may be incomplete, or printed by something else."""

_LONG: Final = 32_768
"""A line of so many bytes may go on behind what is looked at."""

_MESSAGE: Final = re.compile(r"[A-Z][A-Z0-9_]*(?:\|.*)?", re.DOTALL)


class RecordingError(Exception):
    """A file cannot be opened as events. `str()` gives the reason."""


def detect(head: bytes, time: float) -> InputFormat:
    """Detects the format of a file that begins with `head`. `time`, Unix time, is given to events
    that were written without their time. Raises `RecordingError`."""
    if not head.strip():
        raise RecordingError(N_("there is nothing in it (yet)"))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RecordingError(N_("it is written in UTF-16; save it as UTF-8 first"))
    if b"\0" in head:
        raise RecordingError(N_("it is no text"))
    encodings = _encodings(head)
    lines = [line.rstrip(b"\r") for line in head.split(b"\n")[:_LINES]]
    for line in lines:
        if line.startswith(b"{"):
            format_ = _json_format(line, time, cut=len(line) >= _LONG)
            if format_ is not None:
                return format_
        elif LOG_HEAD.match(line):
            return AgentLog(encodings, time)
        elif TEXT_LINE.fullmatch(decode(line, encodings)):
            return TextLines(encodings, time)
        elif is_terminal_line(decode(line, encodings)):
            return TerminalLines(encodings, time)
    if any(_MESSAGE.fullmatch(decode(line, encodings)) for line in lines):
        return MessageLines(encodings, time)
    raise RecordingError(
        N_(
            "it is neither a recording, nor message lines (TYPE|args, also with a time or a "
            "direction "
            "in front), nor a log of MMDAgent-EX, nor what `mdxdash serve` prints, nor a HAR file"
        )
    )


def _json_format(line: bytes, time: float, *, cut: bool) -> InputFormat | None:
    try:
        found: Any = msgspec.json.decode(line)
        if found.get("format") == "mdxdash":
            version = found.get("version")
            if not isinstance(version, int) or not OLDEST_VERSION <= version <= VERSION:
                raise RecordingError(
                    N_(
                        "its format is version {version}, and this mdxdash reads version "
                        "{own}; "
                        "a newer mdxdash opens it"
                    ).format(version=version, own=VERSION)
                )
            return JsonLines(msgspec.convert(found, Header))
    except UNREADABLE:
        # A line that is longer than what is looked at.
        return JsonLines(Header()) if cut and line.startswith(EVENT_START) else None
    if {"seq", "time", "kind"} <= found.keys():
        return JsonLines(Header())
    if "t" in found and ("text" in found or "sent" in found):
        return TimedFrames(("utf-8",), time)
    return None


def _encodings(head: bytes) -> tuple[str, ...]:
    """Returns the encodings to try: UTF-8, Shift_JIS in the variant of Windows (cp932), or both if
    the head is ASCII."""
    whole = head[: head.rfind(b"\n") + 1] or head
    if whole.isascii():
        return ("utf-8", "cp932")
    for encoding in ("utf-8", "cp932"):
        try:
            whole.decode(encoding)
        except UnicodeDecodeError:
            continue
        return (encoding,)
    return ("utf-8",)
