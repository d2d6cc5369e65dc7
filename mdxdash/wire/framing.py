"""Encoding messages as lines that MMDAgent-EX survives, and the limits of its frames.

The agent's parser crashes, wedges or goes silent on input that looks harmless (an empty line, a
NUL, a line cut in two, too many frames a second). So what is encoded here is safe: whole lines in
valid UTF-8, one per message. What cannot be made safe raises `Unsendable` and is never sent.
Pure: no I/O, no clock.

The facts were observed on the real program (PROTOCOL.md); `WIRE_RULES` has what happens without
each rule.
"""

import re
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.wire.message import SEPARATOR, Message, format_message, parse_message

LINE_MAX_BYTES: Final = 2000
"""The longest line that is sent, in bytes without its newline. The agent cuts the type, and all
arguments together, at 2,047 bytes, and aborts from about 4,200 (PROTOCOL.md)."""

FRAME_MAX_BYTES: Final = 1400
"""The largest frame that several lines share, in bytes: one TCP segment, because a frame whose
parts arrive 50 ms apart loses the connection (PROTOCOL.md). A longer line is sent alone."""

FRAME_INTERVAL: Final = 0.020
"""Seconds between two frames to one agent. It writes only after 10 ms without input: at 200 frames
a second it sends nothing (PROTOCOL.md, *Pace*)."""

SHORT_S_LINE_BYTES: Final = 7
"""The agent keeps a line that begins with `S` until it has this many bytes, because it might be the
head of an audio block. Shorter lines are padded with newlines."""

AUDIO_CONTROLS: Final = frozenset({"SNDFILE", "SNDSTRM", "SNDBRKS"})
"""The only lines beginning with `SND` that the agent does not take for an audio block."""

ESCAPE: Final = "__AV_MESSAGE,"
"""Makes the agent issue the rest of the line as a message, even one that begins like an audio block
or an `__AV…` line. The echo comes back without it."""

WIRE_RULES: Final = {
    "W101": N_("An empty line crashes the agent (SIGSEGV), so a message needs a type."),
    "W102": (
        N_(
            "A message is one line: a newline or carriage return inside it would make two of it, "
            "or "
            "an empty one, which crashes or wedges the agent; after a NUL it receives nothing any "
            "more. Control characters other than tab are not sent."
        )
    ),
    "W103": (
        N_(
            "Bytes that are not valid UTF-8 make the agent swallow line ends or stop receiving, so "
            "text that has no UTF-8 form (a lone surrogate, half of a pasted character) is not "
            "sent."
        )
    ),
    "W104": (
        N_(
            "A line has at most {limit:,} bytes in UTF-8 (a Japanese character has "
            "three). "
            "The agent cuts longer ones for all listeners, and from about 4,200 bytes it aborts."
        ).format(limit=LINE_MAX_BYTES)
    ),
    "W105": (
        N_(
            "A line that begins with a bar loses it (`|A|b` becomes `A|b`), and a line of bars "
            "only "
            "vanishes, so a message begins with its type."
        )
    ),
}
"""Each rule's code, and what happens without it. The codes are stable."""

_BEFORE_TYPE: Final = (SEPARATOR, ESCAPE[0])
"""A line that begins otherwise has a type."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


class Unsendable(ValueError):
    """A message that cannot be sent without harm.

    `code` is one of `WIRE_RULES`; `reason` describes what is wrong with this message.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


def encode_line(message: Message) -> bytes:
    """Return the bytes of a message, newline included.

    A short line that begins with `S` is padded with newlines, a type that begins with `SND` is
    escaped.

    Raises:
        Unsendable: the agent would not survive the message, or would lose a part of it.
    """
    return encode_text(format_message(message))


def encode_text(text: str) -> bytes:
    """As `encode_line`, for a message that `format_message` has formatted."""
    if not text or text[0] in _BEFORE_TYPE:
        _refuse_missing_type(text)
    # What is printable has no such character, and to ask that is quicker.
    if not text.isprintable() and (found := _CONTROL.search(text)):
        raise Unsendable(
            "W102",
            N_("{text}: holds {group}").format(
                text=_excerpt(text), group=_character_name(found.group())
            ),
        )
    if text.startswith("SND") and text not in AUDIO_CONTROLS:
        text = ESCAPE + text
    try:
        line = text.encode("utf-8")
    except UnicodeEncodeError as error:
        what = f"U+{ord(text[error.start]):04X}"
        raise Unsendable(
            "W103", N_("{text}: {what} has no UTF-8 form").format(text=_excerpt(text), what=what)
        ) from None
    if len(line) > LINE_MAX_BYTES:
        raise Unsendable(
            "W104",
            N_("{text}: {count:,} bytes, at most {limit:,} are sent").format(
                text=_excerpt(text), count=len(line), limit=LINE_MAX_BYTES
            ),
        )
    line += b"\n"
    if len(line) < SHORT_S_LINE_BYTES and line.startswith(b"S"):
        return line.ljust(SHORT_S_LINE_BYTES, b"\n")
    return line


def expected_echo(message: Message) -> Message | None:
    """Return the message that comes back when the agent has accepted this one.

    None for `__AV…` lines and `AUDIO_CONTROLS`, which the agent does not echo.
    """
    if message.type.startswith("__AV"):
        text = format_message(message)
        return parse_message(text.removeprefix(ESCAPE)) if text.startswith(ESCAPE) else None
    if message.type in AUDIO_CONTROLS and not message.args:
        return None
    # A type that holds a bar comes back split where the agent splits it.
    return parse_message(format_message(message)) if SEPARATOR in message.type else message


def _refuse_missing_type(text: str) -> None:
    inner = text.removeprefix(ESCAPE)
    if not inner:
        raise Unsendable("W101", N_("the line is empty; a message is TYPE or TYPE|arg|arg"))
    if inner.startswith(SEPARATOR):
        raise Unsendable(
            "W105", N_("{inner}: no type before the first bar").format(inner=_excerpt(inner))
        )


def _excerpt(text: str) -> str:
    """Return the beginning of a line for an error text, with control characters escaped."""
    start = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text[:40])
    return start + ("…" if len(text) > 40 else "")


def _character_name(character: str) -> str:
    names = {
        "\n": N_("a newline"),
        "\r": N_("a carriage return"),
        "\0": N_("a NUL"),
        "\x1b": N_("an escape"),
    }
    return names.get(character, N_("the control character U+{ord:04X}").format(ord=ord(character)))


def text_frame(line: bytes) -> bytes:
    """Returns a text frame as a server sends it (RFC 6455, section 5.2); `websockets` would take
    five times as long."""
    size = len(line)
    if size < 126:
        return b"\x81%c%s" % (size, line)
    if size < 65_536:
        return b"\x81\x7e%s%s" % (size.to_bytes(2, "big"), line)
    return b"\x81\x7f%s%s" % (size.to_bytes(8, "big"), line)
