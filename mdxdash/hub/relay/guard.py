"""Relays the frames of an upstream to an agent, as they are or through a guard, with warnings.

A frame is judged together with what came before it, since the agent has one buffer for the
connection (`hazards`). A guard repairs or holds back what surely harms the agent, line by line,
and never changes a harmless frame. Pure: no I/O, no clock.
"""

import re
from typing import Final

import msgspec

from mdxdash.hub.relay.hazards import (
    AGENT_BUFFER_BYTES,
    AUDIO_HEAD,
    HAZARDS,
    Item,
    audio_bytes,
    completion,
    frame_hazards,
    is_block_head,
    misread_block,
    next_item,
    pending_hazard,
)
from mdxdash.language.translation import N_
from mdxdash.wire.framing import FRAME_MAX_BYTES, Unsendable, encode_line
from mdxdash.wire.message import parse_message

_NEWLINE: Final = re.compile(rb"[\r\n]")
_MESSAGE: Final = re.compile(rb"[A-Z][A-Z0-9_]+(?:\|[^\r\n]*)?")
_MESSAGE_START: Final = re.compile(rb"[A-Z][A-Z0-9_]{2,}(?:\||[\r\n]|\Z)")


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
        if code := pending_hazard(self._pending):
            warnings.append(f"{code} {HAZARDS[code]}")
        hazards = frame_hazards(frame, kept, len(self._pending))
        warnings += [f"{code} {HAZARDS[code]}" for code in hazards]
        return Relayed((frame,), tuple(items), tuple(dict.fromkeys(warnings)))

    def flush(self) -> bytes | None:
        """Forgets what came. Returns the bytes that end, without harm, the line or audio block that
        the agent has only a part of, so that the next line is not glued to it. None where no bytes
        can do that: the agent has still only a part of it."""
        rest = completion(self._pending)
        if rest is not None:
            self._pending, self._skip = b"", 0
        return rest

    def _take(self, frame: bytes) -> list[Item]:
        if self._pending and self._pending[:1] != b"S" and not _NEWLINE.search(frame):
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
                self._skip = audio_bytes(item.data) - len(item.data)
        self._pending = buffer[position:]
        return items

    def _next(self, buffer: bytes, position: int) -> Item | None:
        head = buffer[position : position + AUDIO_HEAD]
        if len(head) == AUDIO_HEAD and head.startswith(b"SND") and not is_block_head(head):
            return misread_block(buffer, position)
        return next_item(buffer, position)


class GuardedStream(RelayedStream):
    """As `RelayedStream`, but repairs or holds back what would harm the agent.

    What is not complete is held until it is, so that the agent never has a part of anything.
    """

    mid_message = False

    def _next(self, buffer: bytes, position: int) -> Item | None:
        return next_item(buffer, position)

    def flush(self) -> bytes:
        """Forgets what is held. Returns no bytes, since the agent has no part of it."""
        self._pending, self._skip = b"", 0
        return b""

    def finish_line(self) -> Relayed:
        """Ends the line that has no newline yet, and whose rest has not come for a while."""
        if not self.unfinished_line:
            return Relayed((), (), ())
        relayed = self.feed(b"\n")
        warning = N_("R114 {hazard} (newline added)").format(hazard=HAZARDS["R114"])
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
            for code in frame_hazards(frame, 0, len(self._pending))
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


def _repaired(item: Item) -> tuple[bytes, str]:
    """Returns harmless bytes for an item, empty to hold it back, and the warning, if any."""
    if not item.hazard:
        return item.data, ""
    warning = item.warning
    if item.hazard == "R113":
        return item.data.rstrip(b"\r") + b"\n", f"{warning} (repaired)"
    if item.kind != "line" or item.reason:
        return b"", N_("{warning} (held back)").format(warning=warning)
    try:
        text = item.data.rstrip(b"\r\n").decode("utf-8")
        return encode_line(parse_message(text)), f"{warning} (repaired)"
    except UnicodeDecodeError:
        return b"", N_("{warning} (held back)").format(warning=warning)
    except Unsendable as error:
        return b"", N_("{warning} (held back: {reason})").format(
            warning=warning, reason=error.reason
        )


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
