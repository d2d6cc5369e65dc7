"""Tells from a file's beginning how it is written, whatever its name is."""

import re
from typing import Any, Final

import msgspec

from mdxdash.recordings.file_format import VERSION, Header
from mdxdash.recordings.importing.input_format import InputFormat
from mdxdash.recordings.importing.json_lines import JsonLines
from mdxdash.recordings.importing.text_formats import (
    LOG_HEAD,
    TEXT_LINE,
    AgentLog,
    MessageLines,
    TextLines,
    TimedFrames,
    decode,
)

_LINES: Final = 50
"""Lines that are looked at: the first ones may be torn, or something that was printed before."""

_MESSAGE: Final = re.compile(r"[A-Z][A-Z0-9_]*(?:\|.*)?", re.DOTALL)


class RecordingError(Exception):
    """A file that cannot be opened as events; the text says why."""


def detect(head: bytes, time: float) -> InputFormat:
    """The form of a file that begins with `head`; `time` is for events whose time nobody wrote
    down. Raises `RecordingError`."""
    if not head.strip():
        raise RecordingError("there is nothing in it (yet)")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RecordingError("it is written in UTF-16; save it as UTF-8 first")
    if b"\0" in head:
        raise RecordingError("it is no text")
    encodings = _encodings(head)
    lines = [line.rstrip(b"\r") for line in head.split(b"\n")[:_LINES]]
    for line in lines:
        if line.startswith(b"{"):
            form = _json_form(line, time)
            if form is not None:
                return form
        elif LOG_HEAD.match(line):
            return AgentLog(encodings, time)
        elif TEXT_LINE.fullmatch(decode(line, encodings)):
            return TextLines(encodings, time)
    if any(_MESSAGE.fullmatch(decode(line, encodings)) for line in lines):
        return MessageLines(encodings, time)
    raise RecordingError(
        "it is neither a recording, nor message lines (TYPE|args), nor a log of MMDAgent-EX, "
        "nor what `mdxdash serve` prints"
    )


def _json_form(line: bytes, time: float) -> InputFormat | None:
    try:
        found: Any = msgspec.json.decode(line)
        if found.get("format") == "mdxdash":
            if (version := found.get("version")) != VERSION:
                raise RecordingError(
                    f"its format is version {version}, and this mdxdash reads version {VERSION}; "
                    "a newer mdxdash opens it"
                )
            return JsonLines(msgspec.convert(found, Header))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if {"seq", "time", "kind"} <= found.keys():
        return JsonLines(Header())
    if "t" in found and ("text" in found or "sent" in found):
        return TimedFrames(("utf-8",), time)
    return None


def _encodings(head: bytes) -> tuple[str, ...]:
    """UTF-8, or Shift_JIS as Windows has it; both are tried where the head is plain ASCII."""
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
