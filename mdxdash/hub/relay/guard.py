"""Finds what the frames of an upstream mean to an agent: lines, audio blocks, hazards.

It follows the agent's parser (PROTOCOL.md, To the agent), which has one buffer for the connection,
so a frame is judged together with what came before it. A guard repairs or holds back what would
harm the agent, line by line, and never changes a harmless frame. Pure: no I/O, no clock.

Only what surely harms (`refused` in the catalog) is held back. What is only asked about passes, and
is no hazard here: the server cannot be asked, it may know what mdxdash does not (the agent's
files), and a command held back would break a server that works.
"""

import re
from codecs import utf_8_decode
from contextlib import suppress
from typing import Final, Literal

import msgspec

from mdxdash.catalog.check import Finding, dangers, harms
from mdxdash.catalog.dissect import dissect_command
from mdxdash.hub.relay.frame_rate import FRAMES_A_SECOND
from mdxdash.wire.decoding import AGENT_FRAME_BYTES
from mdxdash.wire.framing import (
    AUDIO_CONTROLS,
    ESCAPE,
    FRAME_MAX_BYTES,
    SHORT_S_LINE_BYTES,
    Unsendable,
    encode_line,
)
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
_MESSAGE: Final = re.compile(rb"[A-Z][A-Z0-9_]+(?:\|[^\r\n]*)?")
_MESSAGE_START: Final = re.compile(rb"[A-Z][A-Z0-9_]{2,}(?:\||[\r\n]|\Z)")

HAZARDS: Final = {
    "R101": "An empty frame costs the agent the connection.",
    "R102": "A frame that is only newlines crashes the agent.",
    "R103": (
        "A newline where a line should begin wedges the agent: it never takes in anything again. "
        "Right after an audio block it crashes."
    ),
    "R104": "After a NUL the agent receives nothing any more.",
    "R105": "Bytes that are not UTF-8 make the agent swallow line ends or stop receiving.",
    "R106": (
        f"A type or arguments over {AGENT_FRAME_BYTES:,} bytes are cut; from about 4,200 bytes "
        "the agent aborts."
    ),
    "R107": "A line that begins with SND is taken for audio, and swallows what follows.",
    "R108": (
        "A line that begins with S and is shorter than 7 bytes is held back until more comes."
    ),
    "R109": f"More than {AGENT_BUFFER_BYTES:,} bytes at once cost the agent the connection.",
    "R110": "The agent takes each fragment of a message for a frame of its own.",
    "R111": (
        f"An audio block longer than the {AGENT_BUFFER_BYTES:,} bytes of the agent's buffer costs "
        "the connection."
    ),
    "R112": (
        f"More than about {FRAMES_A_SECOND} frames a second, and the agent falls silent. "
        "A guard does not slow a server down."
    ),
    "R113": (
        "A carriage return alone after SNDSTRM, SNDFILE or SNDBRKS crashes the agent; a newline, "
        "or both, is fine."
    ),
    "R114": (
        "A message without a newline at its end: the agent waits for the rest, and glues the next "
        'message to it. Send "TYPE|args\\n".'
    ),
    "R115": (
        "A block whose length is no four digits is read as far as it is a number, and takes what "
        "is missing from the next line."
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


class Relayed(msgspec.Struct, frozen=True):
    """What one frame of the upstream became."""

    frames: tuple[bytes, ...]
    """What is sent to the agent."""
    items: tuple[Item, ...]
    """What the agent takes from it."""
    warnings: tuple[str, ...]
    """The hazards, and with a guard what was done about each."""


class RelayedStream:
    """The frames of one upstream for one agent, in order. Sends all of them as they are."""

    def __init__(self) -> None:
        self._pending = b""
        self._skip = 0
        """Bytes still to come of an audio block that is too long for the agent's buffer."""

    @property
    def mid_message(self) -> bool:
        """Whether the agent has only a part of a line or audio block, so that nothing else may be
        sent to it now."""
        return bool(self._pending)

    @property
    def unfinished_line(self) -> str:
        """The beginning of the line that has no newline yet, as it may be shown; else empty."""
        if self._pending.startswith(b"SND"):
            return ""
        return self._pending[:80].decode("utf-8", "replace")

    def feed(self, frame: bytes, *, continues: bool = False) -> Relayed:
        """Judges the next frame, which is sent to the agent as it is. `continues` means that it is
        no message of its own, but goes on with the one before."""
        kept = len(self._pending)
        if kept + len(frame) > AGENT_BUFFER_BYTES:
            # The agent processes nothing of it, and loses the connection.
            self._pending, self._skip = b"", 0
            return Relayed((frame,), (), (f"R109 {HAZARDS['R109']}",))
        items = self._take(frame)
        warnings = [item.warning for item in items if item.hazard]
        # The agent looks at what it has at once, also before the newline has come.
        if code := _pending_hazard(self._pending):
            warnings.append(f"{code} {HAZARDS[code]}")
        hazards = _frame_hazards(frame, kept, len(self._pending))
        warnings += [f"{code} {HAZARDS[code]}" for code in hazards]
        return Relayed((frame,), tuple(items), tuple(dict.fromkeys(warnings)))

    def flush(self) -> bytes | None:
        """Forgets what came. Returns the bytes that end, without harm, the line or audio block that
        the agent has only a part of, so that the next line is not glued to it. None where no bytes
        can do that: the agent has still only a part of it."""
        rest = _completion(self._pending)
        if rest is not None:
            self._pending, self._skip = b"", 0
        return rest

    def _take(self, frame: bytes) -> list[Item]:
        if self._pending and self._pending[:1] != b"S" and not _NEWLINES.search(frame):
            self._pending += frame  # the line that it continues need not be searched again
            return []
        skipped = min(self._skip, len(frame))
        self._skip -= skipped
        buffer = self._pending + frame[skipped:]
        items = []
        position = 0
        while (item := self._next(buffer, position)) is not None:
            items.append(item)
            position += len(item.data)
            if item.hazard == "R111":
                self._skip = _audio_bytes(item.data) - len(item.data)
        self._pending = buffer[position:]
        return items

    def _next(self, buffer: bytes, position: int) -> Item | None:
        head = buffer[position : position + AUDIO_HEAD]
        if len(head) == AUDIO_HEAD and head.startswith(b"SND") and not _is_block_head(head):
            return _misread_block(buffer, position)
        return _next_item(buffer, position)


class GuardedStream(RelayedStream):
    """As `RelayedStream`, but repairs or holds back what would harm the agent.

    What is not complete is held until it is, so that the agent never has a part of anything.
    """

    mid_message = False

    def _next(self, buffer: bytes, position: int) -> Item | None:
        return _next_item(buffer, position)

    def flush(self) -> bytes:
        """Forgets what is held. Returns no bytes, since the agent has no part of it."""
        self._pending, self._skip = b"", 0
        return b""

    def finish_line(self) -> Relayed:
        """Ends the line that has no newline yet, and whose rest has not come for a while."""
        if not self.unfinished_line:
            return Relayed((), (), ())
        relayed = self.feed(b"\n")
        warning = f"R114 {HAZARDS['R114']} (newline added)"
        return Relayed(relayed.frames, relayed.items, (warning, *relayed.warnings))

    def feed(self, frame: bytes, *, continues: bool = False) -> Relayed:
        """Judges the next frame, and repairs or holds back what is dangerous in it. `continues`
        means that it is no message of its own, but goes on with the one before.

        The work is in proportion to the frame: give it a large one in pieces.
        """
        new = not continues and _MESSAGE_START.match(frame)
        if new and self.unfinished_line and _MESSAGE.fullmatch(self._pending):
            # An upstream that forgets the newlines: a line that looks like one, and then another.
            ended = self.finish_line()
            relayed = self.feed(frame)
            return Relayed(
                ended.frames + relayed.frames,
                ended.items + relayed.items,
                tuple(dict.fromkeys(ended.warnings + relayed.warnings)),
            )
        kept = len(self._pending) + self._skip
        items = self._take(frame)
        untouched = not (kept or self._pending or any(item.hazard for item in items))
        if untouched and frame and len(frame) <= AGENT_BUFFER_BYTES:
            return Relayed((frame,), tuple(items), ())
        endless = len(self._pending) > AGENT_BUFFER_BYTES
        warnings = [
            f"{code} {HAZARDS[code]} ({'split' if frame and not endless else 'held back'})"
            for code in _frame_hazards(frame, 0, len(self._pending))
        ]
        if endless:
            self._pending = b""
        safe = []
        for item in items:
            data, warning = _repaired(item)
            if data:
                safe.append(Item(item.kind, data))
            if warning:
                warnings.append(warning)
        frames = _packed([item.data for item in safe])
        return Relayed(frames, tuple(safe), tuple(dict.fromkeys(warnings)))


def line_text(item: Item) -> str:
    """Returns a line as text, without its newlines."""
    return item.data.rstrip(b"\r\n").decode("utf-8", "replace")


def _next_item(buffer: bytes, position: int) -> Item | None:
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
            size = _audio_bytes(head)
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


def _is_block_head(head: bytes) -> bool:
    return head in _CONTROLS or head[3:].isdigit()


def _misread_block(buffer: bytes, position: int) -> Item | None:
    """Returns what the agent takes for an audio block though its length is no four digits."""
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


def _audio_bytes(block: bytes) -> int:
    """Returns the length of an audio block, head included, as its head gives it."""
    return AUDIO_HEAD + int(block[3:AUDIO_HEAD])


def _completion(pending: bytes) -> bytes | None:
    """Returns what ends a part of a line or block without harm; None if nothing does."""
    if not pending:
        return b""
    if pending.startswith(b"SND"):
        return _block_completion(pending)
    if _pending_hazard(pending):
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
    if not head[3:].isdigit() or _audio_bytes(head) > AGENT_BUFFER_BYTES:
        return None
    return head[len(pending) :] + bytes(_audio_bytes(head) - max(AUDIO_HEAD, len(pending)))


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


def _pending_hazard(pending: bytes) -> str:
    """Returns the code of what is wrong with a part of a line or block before its rest has come."""
    if pending.startswith(b"SND"):
        head = pending[:AUDIO_HEAD]
        return "R115" if len(head) == AUDIO_HEAD and not _is_block_head(head) else ""
    if b"\0" in pending:
        return "R104"
    try:
        whole = utf_8_decode(pending, "strict", False)[1]  # the last character may be cut
    except UnicodeDecodeError:
        return "R105"
    return _line_hazard(pending[:whole])


def _frame_hazards(frame: bytes, kept: int, pending: int) -> list[str]:
    codes = [] if frame else ["R101"]
    if kept + len(frame) > AGENT_BUFFER_BYTES or pending > AGENT_BUFFER_BYTES:
        codes.append("R109")
    return codes


def _repaired(item: Item) -> tuple[bytes, str]:
    """Returns harmless bytes for an item, empty to hold it back, and the warning, if any."""
    if not item.hazard:
        return item.data, ""
    warning = item.warning
    if item.hazard == "R113":
        return item.data.rstrip(b"\r") + b"\n", f"{warning} (repaired)"
    if item.kind != "line" or item.reason:
        return b"", f"{warning} (held back)"
    try:
        text = item.data.rstrip(b"\r\n").decode("utf-8")
        return encode_line(parse_message(text)), f"{warning} (repaired)"
    except UnicodeDecodeError:
        return b"", f"{warning} (held back)"
    except Unsendable as error:
        return b"", f"{warning} (held back: {error.reason})"


def _packed(pieces: list[bytes]) -> tuple[bytes, ...]:
    """Packs whole pieces into frames of at most one TCP segment; a larger piece gets a frame of its
    own (PROTOCOL.md, To the agent)."""
    frames: list[bytes] = []
    for piece in pieces:
        if frames and len(frames[-1]) + len(piece) <= FRAME_MAX_BYTES:
            frames[-1] += piece
        else:
            frames.append(piece)
    return tuple(frames)
