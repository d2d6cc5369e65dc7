"""The agent's parser: from frames to messages, or to the way in which the agent fails.

A model of what Plugin_Remote does with the bytes it receives, written from what was observed on
the real program (PROTOCOL.md) and without a look at `wire.framing`, so that the two can be tested
against each other. Pure: no clock, no socket. It never raises.
"""

import re

import msgspec

from mdxdash.wire.message import Message, parse_message

BUFFER_SIZE = 8192
"""Bytes of the connection's buffer; one of them is kept free for the end of the text."""

MESSAGE_LIMIT = 2047
"""Bytes of a type, or of the arguments together, that reach the agent's listeners."""

ABORT_LENGTH = 4200
"""Bytes of a type, or of the arguments together, from which the program aborts."""

PART_PAUSE = 0.03
"""Seconds that the parts of one frame may lie apart: 5 ms survive, 50 ms do not."""

SND_HEADER = 7
"""Bytes that a line with a leading `S` is kept back for: `SND` and four characters."""

SND_CONTROLS = {b"STRM": "SNDSTRM", b"FILE": "SNDFILE", b"BRKS": "SNDBRKS"}

AVATAR_LINES = frozenset(
    {
        b"__AV_START",
        b"__AV_END",
        b"__AV_SETMODEL",
        b"__AV_TRACK",
        b"__AV_AU",
        b"__AV_ARKIT",
        b"__AV_EXBONE",
        b"__AV_EXMORPH",
        b"__AV_ACTION",
        b"__AVCONF_DISABLEAUTOLIP",
    }
)
"""What the avatar understands, up to the first comma; other `__AV` lines are dropped."""

BUTTON_ACTIONS = (b"open,", b"play,", b"message,", b"setkeyvalue,")

_AV_MESSAGE = b"__AV_MESSAGE,"
_LINE_ENDS = b"\n\r"
_BAR = b"|"


class Issued(msgspec.Struct, frozen=True):
    """A message that the agent issues to all its parts, and so also back to the server."""

    line: bytes
    """As it stands inside the agent, without its newline."""

    @property
    def message(self) -> Message:
        return parse_message(self.line.decode("utf-8", "replace"))


class Audio(msgspec.Struct, frozen=True):
    """A block of speech."""

    payload: bytes


class AudioControl(msgspec.Struct, frozen=True):
    """`SNDSTRM`, `SNDFILE` or `SNDBRKS`."""

    name: str


class Handled(msgspec.Struct, frozen=True):
    """An `__AV…` line that the avatar takes; it is not echoed."""

    line: bytes


class Dropped(msgspec.Struct, frozen=True):
    """A line that comes to nothing, and is not echoed."""

    line: bytes
    reason: str


class Waiting(msgspec.Struct, frozen=True):
    """Bytes that are kept until more come; what comes next is glued to them."""

    kept: bytes
    reason: str


class Lost(msgspec.Struct, frozen=True):
    """The agent gives this connection up; what its buffer held, it goes on holding."""

    reason: str


class Wedged(msgspec.Struct, frozen=True):
    """The agent goes on sending, and never again takes anything in, not even reconnected."""

    reason: str


class Crash(msgspec.Struct, frozen=True):
    """The program ends."""

    reason: str


Outcome = Issued | Audio | AudioControl | Handled | Dropped | Waiting | Lost | Wedged | Crash


class Parser:
    """One agent's parser, for as long as its process lives: it outlasts connections.

    `kept` is what its buffer holds, `end` the crash or the wedge after which nothing goes on.
    """

    def __init__(self) -> None:
        self.kept = b""
        self.end: Crash | Wedged | None = None

    def feed(self, frame: bytes, *, pause: float = 0.0) -> list[Outcome]:
        """What the agent makes of one frame, in order.

        `frame` is the payload of a text or binary frame, of each fragment, or of a close frame
        (all are the same to the agent); `pause` the seconds between two parts of it. After a
        `Crash` the outcome of every frame is that again; wedged, the agent only loses connections.
        """
        if isinstance(self.end, Crash):
            return [self.end]
        if pause > PART_PAUSE:
            return [Lost("Timeout: a frame came in parts that lie too far apart")]
        if not frame:
            return [Lost("an empty frame counts as a lost connection")]
        if self.end is not None:
            return [self.end]
        room = BUFFER_SIZE - 1 - len(self.kept)
        if len(frame) > room:
            return [Lost(f"a frame of {len(frame)} bytes where the buffer has {room} left")]
        self.kept += frame
        outcomes: list[Outcome] = []
        while self.kept and self._take(outcomes):
            pass
        return outcomes

    def _take(self, outcomes: list[Outcome]) -> bool:
        """Take one block or line from the front of the buffer. Whether to go on."""
        if self.kept[:1] == b"S":
            if len(self.kept) < SND_HEADER:
                outcomes.append(Waiting(self.kept, f"a leading S waits for {SND_HEADER} bytes"))
                return False
            if self.kept.startswith(b"SND"):
                return self._take_sound(outcomes)
        return self._take_line(outcomes)

    def _take_sound(self, outcomes: list[Outcome]) -> bool:
        code = self.kept[3:SND_HEADER]
        if control := SND_CONTROLS.get(code):
            rest = self.kept[SND_HEADER:]
            self.kept = rest.removeprefix(b"\r\n" if rest.startswith(b"\r\n") else b"\n")
            outcomes.append(AudioControl(control))
            return True
        size = leading_number(code)
        if size < 0:
            return self._stop(outcomes, Crash(f"an audio block of {size} bytes"))
        end = SND_HEADER + size
        if len(self.kept) < end:
            missing = end - len(self.kept)
            outcomes.append(Waiting(self.kept, f"{missing} bytes of an audio block to come"))
            return False
        outcomes.append(Audio(self.kept[SND_HEADER:end]))
        self.kept = self.kept[end:]
        return True

    def _take_line(self, outcomes: list[Outcome]) -> bool:
        text = self.kept
        if text[0] in _LINE_ENDS:
            if not text.strip(_LINE_ENDS):
                return self._stop(outcomes, Crash("an empty line (SIGSEGV)"))
            return self._stop(outcomes, Wedged("the buffer begins with a newline"))
        end = find_end(text, _LINE)
        if end is None:
            return self._stop(outcomes, Wedged("a byte that begins no UTF-8 character"))
        if end == len(text):
            outcomes.append(Waiting(text, "a line without its newline"))
            return False
        if text[end] not in _LINE_ENDS:
            return self._stop(outcomes, Wedged("a NUL inside a line"))
        self.kept = text[end:].lstrip(_LINE_ENDS)
        outcome = read_line(text[:end])
        if isinstance(outcome, Crash):
            return self._stop(outcomes, outcome)
        outcomes.append(outcome)
        if isinstance(outcome, Issued) and is_fatal_button(outcome.line):
            return self._stop(outcomes, Crash("a BUTTON_ADD with an unknown action (SIGSEGV)"))
        return True

    def _stop(self, outcomes: list[Outcome], end: Crash | Wedged) -> bool:
        self.end = end
        outcomes.append(end)
        return False


def read_line(line: bytes) -> Issued | Handled | Dropped | Crash:
    """What a whole line, without its newline, comes to."""
    if line.startswith(_AV_MESSAGE):
        line = line[len(_AV_MESSAGE) :]
    elif line.startswith(b"__AV"):
        if line.partition(b",")[0] in AVATAR_LINES:
            return Handled(line)
        return Dropped(line, "an unknown __AV line")
    text = line.lstrip(_BAR)
    if not text:
        return Dropped(line, "no type in it")
    bar = find_end(text, _FIELD)
    type_, args = text[:bar], text[bar:][1:]
    if max(len(type_), len(args)) >= ABORT_LENGTH:
        return Crash(f"a type or arguments of {max(len(type_), len(args))} bytes (SIGABRT)")
    type_, args = type_[:MESSAGE_LIMIT], args[:MESSAGE_LIMIT]
    return Issued(type_ + _BAR + args if args else type_)


def is_fatal_button(line: bytes) -> bool:
    """Whether a line is a `BUTTON_ADD` that the agent takes and dies of."""
    command, *arguments = [part for part in line.split(_BAR) if part]
    return (
        command == b"BUTTON_ADD"
        and len(arguments) == 6
        and not arguments[4].startswith(BUTTON_ACTIONS)
    )


def leading_number(text: bytes) -> int:
    """The number at the start of `text`, 0 if there is none: what C's `atoi` gives."""
    text = text.lstrip(b" \t\n\v\f\r")
    sign = -1 if text[:1] == b"-" else 1
    text = text[1:] if text[:1] in (b"+", b"-") else text
    digits = text[: len(text) - len(text.lstrip(b"0123456789"))]
    return sign * int(digits or b"0")


def find_end(text: bytes, run: re.Pattern[bytes]) -> int | None:
    """Where, walking character by character, what ends a `run` stands, or else a NUL or the end.

    The lead byte alone decides how far a step goes, so a character that was cut takes what follows
    with it, be it the newline. None where a byte leads no character: the walk never ends there.
    """
    found = run.match(text)
    position = found.end() if found else 0
    rest = text[position:]
    if rest and rest[0] >= 0x80:
        if not _LEAD.match(rest):
            return None
        cut_off, _, _ = rest.partition(b"\0")
        return position + len(cut_off)
    return position


def _run_without(ends: str) -> re.Pattern[bytes]:
    """Characters, as the agent counts their bytes, that are neither a NUL nor one of `ends`."""
    sizes = ((r"\xc2-\xdf", 1), (r"\xe0-\xef", 2), (r"\xf0-\xf7", 3), (r"\xf8-\xfb", 4))
    longer = "|".join(rf"[{leads}][^\0]{{{more}}}" for leads, more in (*sizes, (r"\xfc\xfd", 5)))
    return re.compile(rf"(?:[^\0{ends}\x80-\xff]|{longer})*+".encode())


_LINE = _run_without(r"\r\n")
_FIELD = _run_without("|")
_LEAD = re.compile(rb"[\xc2-\xfd]")
