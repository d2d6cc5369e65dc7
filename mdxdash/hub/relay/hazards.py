"""Finds what the agent's parser takes from its buffer: lines, audio blocks, and their hazards.

It follows the parser of MMDAgent-EX (PROTOCOL.md, To the agent), which has one buffer for the
connection. Pure: no I/O, no clock.

Only what surely harms (`refused` in the catalog) is a hazard. What is only asked about is none
here: the server cannot be asked, it may know what mdxdash does not (the agent's files), and a
command held back would break a server that works.
"""

import re
from codecs import utf_8_decode
from contextlib import suppress
from typing import Final, Literal

import msgspec

from mdxdash.catalog.check import Finding, dangers, harms
from mdxdash.catalog.dissect import dissect_command
from mdxdash.hub.relay.frame_rate import FRAMES_A_SECOND
from mdxdash.language.translation import N_
from mdxdash.wire.decoding import AGENT_FRAME_BYTES
from mdxdash.wire.framing import AUDIO_CONTROLS, ESCAPE, SHORT_S_LINE_BYTES
from mdxdash.wire.message import parse_message

AGENT_BUFFER_BYTES: Final = 8191
"""The size of the agent's buffer; a frame that does not fit costs the connection (PROTOCOL.md)."""

AUDIO_HEAD: Final = 7
"""Bytes of an audio block before its sound: `SND` and four digits (PROTOCOL.md, Audio)."""

_CONTROLS: Final = frozenset(name.encode() for name in AUDIO_CONTROLS)
_LINE: Final = re.compile(rb"([^\r\n]+)[\r\n]+")
_NEWLINES: Final = re.compile(rb"[\r\n]+")
_NUMBER: Final = re.compile(rb"[ \t\n\v\f\r]*([+-]?[0-9]+)")
"""What C's `atoi` reads."""

HAZARDS: Final = {
    "R101": N_("An empty frame costs the agent the connection."),
    "R102": N_("A frame that is only newlines crashes the agent."),
    "R103": (
        N_(
            "A newline where a line should begin wedges the agent: it never takes in anything "
            "again. "
            "Right after an audio block it crashes."
        )
    ),
    "R104": N_("After a NUL the agent receives nothing any more."),
    "R105": N_("Bytes that are not UTF-8 make the agent swallow line ends or stop receiving."),
    "R106": (
        N_(
            "A type or arguments over {limit:,} bytes are cut; from about 4,200 bytes "
            "the agent aborts."
        ).format(limit=AGENT_FRAME_BYTES)
    ),
    "R107": N_("A line that begins with SND is taken for audio, and swallows what follows."),
    "R108": (
        N_("A line that begins with S and is shorter than 7 bytes is held back until more comes.")
    ),
    "R109": N_("More than {limit:,} bytes at once cost the agent the connection.").format(
        limit=AGENT_BUFFER_BYTES
    ),
    "R110": N_("The agent takes each fragment of a message for a frame of its own."),
    "R111": (
        N_(
            "An audio block longer than the {limit:,} bytes of the agent's buffer "
            "costs "
            "the connection."
        ).format(limit=AGENT_BUFFER_BYTES)
    ),
    "R112": (
        N_(
            "More than about {most} frames a second, and the agent falls silent. "
            "A guard does not slow a server down."
        ).format(most=FRAMES_A_SECOND)
    ),
    "R113": (
        N_(
            "A carriage return alone after SNDSTRM, SNDFILE or SNDBRKS crashes the agent; a "
            "newline, "
            "or both, is fine."
        )
    ),
    "R114": (
        N_(
            "A message without a newline at its end: the agent waits for the rest, and glues the "
            "next "
            'message to it. Send "TYPE|args\\n".'
        )
    ),
    "R115": (
        N_(
            "A block whose length is no four digits is read as far as it is a number, and takes "
            "what "
            "is missing from the next line."
        )
    ),
}
"""Each hazard's code, which is stable, and what happens without a guard."""

ItemKind = Literal["line", "audio", "control", "newlines"]


class Item(msgspec.Struct, frozen=True):
    """What the agent's parser takes from its buffer in one step."""

    kind: ItemKind
    data: bytes
    """As it came, with its end."""
    hazard: str = ""
    """The code of its hazard, one of HAZARDS or of the catalog; empty if it is harmless."""
    reason: str = ""
    """The catalog's text for the hazard; empty for one of HAZARDS."""

    @property
    def warning(self) -> str:
        """The code and the text of the hazard."""
        return f"{self.hazard} {self.reason or HAZARDS[self.hazard]}"


def line_text(item: Item) -> str:
    """Returns a line as text, without its newlines."""
    return item.data.rstrip(b"\r\n").decode("utf-8", "replace")


def next_item(buffer: bytes, position: int) -> Item | None:
    """Returns what the agent's parser takes next; None while it waits for more bytes."""
    left = len(buffer) - position
    if not left:
        return None
    if found := _NEWLINES.match(buffer, position):
        alone = position == 0 and found.end() == len(buffer)
        return Item("newlines", found.group(), "R102" if alone else "R103")
    head = buffer[position : position + AUDIO_HEAD]
    if head.startswith(b"S"):
        if left < SHORT_S_LINE_BYTES:
            short = _LINE.match(buffer, position)
            return None if short is None else Item("line", short.group(), "R108")
        if head in _CONTROLS:
            return _control(buffer, position)
        if head.startswith(b"SND") and head[3:].isdigit():
            size = audio_bytes(head)
            if size > AGENT_BUFFER_BYTES and left > AUDIO_HEAD:
                line = _LINE.match(buffer, position)
                if line is not None and line.end(1) == position + AUDIO_HEAD:
                    return Item("line", line.group(), "R107")  # not audio: no block is so long
                return Item("audio", buffer[position : position + size], "R111")
            return Item("audio", buffer[position : position + size]) if left >= size else None
    found = _LINE.match(buffer, position)
    if found is None:
        return None
    hazard = _line_hazard(found[1])
    if not hazard and (finding := _refused(found[1])) is not None:
        return Item("line", found.group(), finding.code, finding.text)
    return Item("line", found.group(), hazard)


def is_block_head(head: bytes) -> bool:
    """Returns whether the first `AUDIO_HEAD` bytes of a block are a control or have a length."""
    return head in _CONTROLS or head[3:].isdigit()


def misread_block(buffer: bytes, position: int) -> Item | None:
    """Returns what the agent takes for an audio block though its length is no four digits; None
    while it waits for more bytes."""
    number = _NUMBER.match(buffer, position + 3, position + AUDIO_HEAD)
    size = int(number[1]) if number else 0
    if size < 0:
        return Item("audio", buffer[position:], "R115")  # it crashes at once
    end = position + AUDIO_HEAD + size
    if len(buffer) < end:
        return None
    return Item("audio", buffer[position:end], "R115" if size else "R107")


def _control(buffer: bytes, position: int) -> Item:
    """Returns `SNDSTRM`, `SNDFILE` or `SNDBRKS` with its newline, if it has one."""
    stop = position + AUDIO_HEAD
    if buffer.startswith(b"\r\n", stop):
        return Item("control", buffer[position : stop + 2])
    if buffer.startswith(b"\r", stop):
        return Item("control", buffer[position : stop + 1], "R113")
    return Item("control", buffer[position : stop + buffer.startswith(b"\n", stop)])


def audio_bytes(block: bytes) -> int:
    """Returns the length of an audio block, head included, as its head gives it."""
    return AUDIO_HEAD + int(block[3:AUDIO_HEAD])


def completion(pending: bytes) -> bytes | None:
    """Returns what ends a part of a line or block without harm; None if nothing does."""
    if not pending:
        return b""
    if pending.startswith(b"SND"):
        return _block_completion(pending)
    if pending_hazard(pending):
        return None  # with a newline behind it, it would still stop or abort the agent
    newlines = b"\n"
    if pending.startswith(b"S"):
        newlines *= max(1, SHORT_S_LINE_BYTES - len(pending))
    # A part of a UTF-8 character would swallow the newline.
    fills = (fill * count for count in (1, 2, 3) for fill in (b"\x80", b"\xa0", b"\x90"))
    for rest in (b"", *fills):
        with suppress(UnicodeDecodeError):
            (pending + rest).decode("utf-8")
            return rest + newlines
    return None


def _block_completion(pending: bytes) -> bytes | None:
    """The missing digits of an audio block's length, then silence. None if the length is no number,
    or the block does not fit the agent's buffer."""
    for control in _CONTROLS:
        if len(pending) > len(b"SND") and control.startswith(pending):
            return control[len(pending) :]
    head = pending[:AUDIO_HEAD].ljust(AUDIO_HEAD, b"0")
    if not head[3:].isdigit() or audio_bytes(head) > AGENT_BUFFER_BYTES:
        return None
    return head[len(pending) :] + bytes(audio_bytes(head) - max(AUDIO_HEAD, len(pending)))


def _refused(line: bytes) -> Finding | None:
    """Returns why the hub itself would refuse to send this line, if it would."""
    text = line.decode("utf-8")
    escaped = text.startswith(ESCAPE)
    # The agent strips leading bars before it looks at the type (PROTOCOL.md, To the agent).
    found = dangers(parse_message(text)) if escaped else harms(dissect_command(text.lstrip("|")))
    return next((finding for finding in found if finding.severity == "refused"), None)


def _line_hazard(line: bytes) -> str:
    if line.startswith(b"SND"):
        number = _NUMBER.match(line, 3, AUDIO_HEAD)
        return "R115" if number and int(number[1]) else "R107"
    if b"\0" in line:
        return "R104"
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "R105"
    type_, _, args = line.partition(b"|")
    return "R106" if max(len(type_), len(args)) > AGENT_FRAME_BYTES else ""


def pending_hazard(pending: bytes) -> str:
    """Returns the code of what is wrong with a part of a line or block before its rest has come."""
    if pending.startswith(b"SND"):
        head = pending[:AUDIO_HEAD]
        return "R115" if len(head) == AUDIO_HEAD and not is_block_head(head) else ""
    if b"\0" in pending:
        return "R104"
    try:
        whole = utf_8_decode(pending, "strict", False)[1]  # the last character may be cut
    except UnicodeDecodeError:
        return "R105"
    return _line_hazard(pending[:whole])


def frame_hazards(frame: bytes, kept: int, pending: int) -> list[str]:
    """Returns the codes of what is wrong with a frame as a whole: `kept` bytes were in the agent's
    buffer before it, `pending` are left in it afterwards."""
    codes = [] if frame else ["R101"]
    if kept + len(frame) > AGENT_BUFFER_BYTES or pending > AGENT_BUFFER_BYTES:
        codes.append("R109")
    return codes
