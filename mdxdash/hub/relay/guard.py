"""What frames from a user's own server are to the agent: lines, audio, and what would harm it.

Follows the agent's parser, which keeps one buffer for the connection, so that a frame is judged
together with what came before it. With a guard, what would do harm is repaired or held back,
line by line; frames that would not are never touched. Pure: no I/O, no clock.
"""

import re
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
"""What the agent's buffer holds; a frame that does not fit costs the connection."""

AUDIO_HEAD: Final = 7
"""Bytes of an audio block before its sound: `SND` and four digits."""
_CONTROLS: Final = frozenset(name.encode() for name in AUDIO_CONTROLS)
_LINE: Final = re.compile(rb"([^\r\n]+)[\r\n]+")
_NEWLINES: Final = re.compile(rb"[\r\n]+")

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
}
"""Each hazard's code, which is stable, and what it does without a guard."""

ItemKind = Literal["line", "audio", "control", "newlines"]


class Item(msgspec.Struct, frozen=True):
    """What the agent takes from its buffer in one go."""

    what: ItemKind
    data: bytes
    """As it came, with its end."""
    hazard: str = ""
    """The code of what makes it dangerous: one of HAZARDS, or the catalog's."""
    reason: str = ""
    """What the catalog says of it."""

    @property
    def told(self) -> str:
        """Code and words of what makes it dangerous."""
        return f"{self.hazard} {self.reason or HAZARDS[self.hazard]}"


class Relayed(msgspec.Struct, frozen=True):
    """What became of one frame."""

    frames: tuple[bytes, ...]
    """What goes on to the agent."""
    items: tuple[Item, ...]
    """What the agent takes from it."""
    warnings: tuple[str, ...]
    """What is dangerous about it, and with a guard what was done about it."""


class RelayedStream:
    """The frames of one server for one agent, in order."""

    def __init__(self) -> None:
        self._pending = b""
        self._skip = 0
        """Bytes still to come of an audio block that is too long."""

    @property
    def mid_message(self) -> bool:
        """Whether the agent has the beginning of something, so that nothing may come between."""
        return bool(self._pending)

    def feed(self, frame: bytes) -> Relayed:
        """Judges a frame that goes on to the agent as it is."""
        kept = len(self._pending)
        items = self._take(frame)
        warnings = [item.told for item in items if item.hazard]
        hazards = _frame_hazards(frame, kept, len(self._pending))
        warnings += [f"{code} {HAZARDS[code]}" for code in hazards]
        return Relayed((frame,), tuple(items), tuple(dict.fromkeys(warnings)))

    def flush(self) -> bytes:
        """Nothing more will come: gives out what ends harmlessly what the agent has the beginning
        of, so that it is not glued to whatever comes next."""
        pending, self._pending, self._skip = self._pending, b"", 0
        return _completion(pending)

    def _take(self, frame: bytes) -> list[Item]:
        skipped = min(self._skip, len(frame))
        self._skip -= skipped
        buffer = self._pending + frame[skipped:]
        items = []
        place = 0
        while (item := _next_item(buffer, place)) is not None:
            items.append(item)
            place += len(item.data)
            if item.hazard == "R111":
                self._skip = _audio_bytes(item.data) - len(item.data)
        self._pending = buffer[place:]
        return items


class GuardedStream(RelayedStream):
    """As `RelayedStream`, but what would harm the agent does not reach it as it is.

    What is not complete is kept back until it is, so that the agent never has half of anything.
    """

    mid_message = False

    def flush(self) -> bytes:
        """What was kept back died with whoever sent it."""
        super().flush()
        return b""

    def feed(self, frame: bytes) -> Relayed:
        """Judges a frame, and repairs or holds back what is dangerous in it."""
        kept = len(self._pending) + self._skip
        items = self._take(frame)
        untouched = not (kept or self._pending or any(item.hazard for item in items))
        if untouched and frame and len(frame) <= AGENT_BUFFER_BYTES:
            return Relayed((frame,), tuple(items), ())
        warnings = [_held(code) for code in _frame_hazards(frame, 0, len(self._pending))]
        if len(self._pending) > AGENT_BUFFER_BYTES:
            self._pending = b""
        safe = []
        for item in items:
            data, warning = _repaired(item)
            if data:
                safe.append(Item(item.what, data))
            if warning:
                warnings.append(warning)
        frames = _packed([item.data for item in safe])
        return Relayed(frames, tuple(safe), tuple(dict.fromkeys(warnings)))


def message_text(item: Item) -> str:
    """A line as text, without its end."""
    return item.data.rstrip(b"\r\n").decode("utf-8", "replace")


def _next_item(buffer: bytes, place: int) -> Item | None:
    """What the agent takes next; None while it waits for more."""
    left = len(buffer) - place
    if not left:
        return None
    if found := _NEWLINES.match(buffer, place):
        alone = place == 0 and found.end() == len(buffer)
        return Item("newlines", found.group(), "R102" if alone else "R103")
    head = buffer[place : place + AUDIO_HEAD]
    if head.startswith(b"S"):
        if left < SHORT_S_LINE_BYTES:
            short = _LINE.match(buffer, place)
            return None if short is None else Item("line", short.group(), "R108")
        if head in _CONTROLS:
            end = _NEWLINES.match(buffer, place + AUDIO_HEAD)
            stop = place + AUDIO_HEAD if end is None else end.start() + 1
            if buffer[place + AUDIO_HEAD : place + AUDIO_HEAD + 2] == b"\r\n":
                stop = place + AUDIO_HEAD + 2
            return Item("control", buffer[place:stop])
        if head.startswith(b"SND") and head[3:].isdigit():
            size = _audio_bytes(head)
            if size > AGENT_BUFFER_BYTES and left > AUDIO_HEAD:
                line = _LINE.match(buffer, place)
                if line is not None and line.end(1) == place + AUDIO_HEAD:
                    return Item("line", line.group(), "R107")  # no block: none can be so long
                return Item("audio", buffer[place : place + size], "R111")
            return Item("audio", buffer[place : place + size]) if left >= size else None
    found = _LINE.match(buffer, place)
    if found is None:
        return None
    hazard = _line_hazard(found[1])
    if not hazard and (finding := _refused(found[1])) is not None:
        return Item("line", found.group(), finding.code, finding.text)
    return Item("line", found.group(), hazard)


def _audio_bytes(block: bytes) -> int:
    """The length of an audio block, its head included, as the head has it."""
    return AUDIO_HEAD + int(block[3:AUDIO_HEAD])


def _completion(pending: bytes) -> bytes:
    if not pending:
        return b""
    if pending.startswith(b"SND"):
        # Taken for audio whatever it was meant to be: its length, then silence.
        head = pending[:AUDIO_HEAD].ljust(AUDIO_HEAD, b"0")
        size = _audio_bytes(head) if head[3:].isdigit() else AUDIO_HEAD
        return head[len(pending) :] + bytes(max(0, size - max(AUDIO_HEAD, len(pending))))
    newlines = b"\n"
    if pending.startswith(b"S"):
        newlines *= max(1, SHORT_S_LINE_BYTES - len(pending))
    # Half a character would swallow the newline.
    fills = (fill * count for count in (1, 2, 3) for fill in (b"\x80", b"\xa0", b"\x90"))
    for rest in (b"", *fills):
        with suppress(UnicodeDecodeError):
            (pending + rest).decode("utf-8")
            return rest + newlines
    return newlines


def _refused(line: bytes) -> Finding | None:
    """What this program would not send either, since it crashes any agent."""
    text = line.decode("utf-8")
    escaped = text.startswith(ESCAPE)
    found = dangers(parse_message(text)) if escaped else harms(dissect_command(text))
    return next((finding for finding in found if finding.severity == "refused"), None)


def _line_hazard(line: bytes) -> str:
    if line.startswith(b"SND"):
        return "R107"
    if b"\0" in line:
        return "R104"
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "R105"
    type_, _, args = line.partition(b"|")
    return "R106" if max(len(type_), len(args)) > AGENT_FRAME_BYTES else ""


def _frame_hazards(frame: bytes, kept: int, pending: int) -> list[str]:
    codes = [] if frame else ["R101"]
    if kept + len(frame) > AGENT_BUFFER_BYTES or pending > AGENT_BUFFER_BYTES:
        codes.append("R109")
    return codes


def _held(code: str) -> str:
    done = {"R101": "held back", "R109": "split"}[code]
    return f"{code} {HAZARDS[code]} ({done})"


def _repaired(item: Item) -> tuple[bytes, str]:
    """The bytes that do no harm, none if there are no such, and what was done, if anything."""
    if not item.hazard:
        return item.data, ""
    told = item.told
    if item.what != "line" or item.reason:
        return b"", f"{told} (held back)"
    try:
        text = item.data.rstrip(b"\r\n").decode("utf-8")
        return encode_line(parse_message(text)), f"{told} (repaired)"
    except UnicodeDecodeError:
        return b"", f"{told} (held back)"
    except Unsendable as error:
        return b"", f"{told} (held back: {error.reason})"


def _packed(pieces: list[bytes]) -> tuple[bytes, ...]:
    """Whole pieces in frames of at most one TCP segment, but for a single larger one."""
    frames: list[bytes] = []
    for piece in pieces:
        if frames and len(frames[-1]) + len(piece) <= FRAME_MAX_BYTES:
            frames[-1] += piece
        else:
            frames.append(piece)
    return tuple(frames)
