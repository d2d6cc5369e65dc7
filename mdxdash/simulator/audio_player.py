"""What the agent plays of the audio that it gets, and what harms it: a model of its sound output.

Written from what was observed on the real program (PROTOCOL.md, *Audio*), without a look at the
sender. Pure: times are given, in seconds of a clock that only goes forward.
"""

import math

import msgspec

from mdxdash.simulator.input_parser import Audio, AudioControl, Handled, Outcome, Waiting

RATE = 16_000
"""Samples per second, of two bytes."""

UNIT_BYTES = 512
"""It plays 256 samples at a time."""

CAPACITY_BYTES = 60 * RATE * 2
"""The sound that it holds; what exceeds it is lost without a sign."""

OPEN_DELAY = 0.027
"""Seconds from the first block to its sound when nothing plays: 27 to 60 ms were measured."""

MOUTH_PATIENCE = 0.5
"""Seconds from the end of the sound during which `__AV_END` or another model leaves the mouth as it
is."""

_UNIT_SECONDS = UNIT_BYTES / (RATE * 2)


class Played(msgspec.Struct):
    """Sound that came out of one model without a break."""

    model: str
    begins: float
    pcm: bytes
    ends: float


class Gap(msgspec.Struct, frozen=True):
    """An underrun: the sound stopped inside an utterance, and went on later."""

    at: float
    seconds: float


class AudioPlayer:
    """The sound output of one agent. `feed` it what its parser returns."""

    def __init__(self) -> None:
        self.played: list[Played] = []
        """What has come out or will come out, in order."""
        self.gaps: list[Gap] = []
        self.harms: list[str] = []
        """What went wrong, in the order in which it did."""
        self.vanished = 0
        """Bytes of sound that came before a model was set."""
        self._model = ""
        self._is_open = False
        self._rest = b""
        """Less than a unit, which waits for more."""
        self._in_utterance = False
        self._end = -math.inf
        """When all whole units have come out."""

    @property
    def pcm(self) -> bytes:
        """All sound that came out, in order."""
        return b"".join(each.pcm for each in self.played)

    @property
    def end(self) -> float:
        """When the sound ends, as far as is known."""
        return self._end

    @property
    def is_open(self) -> bool:
        """Whether the avatar is still controlled: `__AV_END` did not come."""
        return self._is_open

    def take(self, event: object, now: float) -> None:
        """Takes any event of a `Simulator`; only outcomes of its parser concern it."""
        if isinstance(event, Audio | AudioControl | Handled | Waiting):
            self.feed(event, now)

    def feed(self, outcome: Outcome, now: float) -> None:
        """Takes one outcome of the parser."""
        match outcome:
            case Audio():
                self._block(outcome.payload, now)
            case AudioControl("SNDBRKS"):
                # The last samples that are no whole unit are thrown away.
                if any(self._rest):
                    self.harms.append("the last samples of an utterance were thrown away")
                self._rest = b""
                self._in_utterance = False
            case Handled():
                self._line(outcome.line, now)
            case Waiting() if outcome.kept.startswith(b"SND") and now < self._end:
                self.harms.append("hangs: it waits for the rest of a block while it speaks")
            case _:
                pass

    def _line(self, line: bytes, now: float) -> None:
        name, _, argument = line.partition(b",")
        if name in (b"__AV_START", b"__AV_END"):
            self._is_open = name == b"__AV_START"
        is_busy = now < self._end + MOUTH_PATIENCE
        if name == b"__AV_SETMODEL":
            alias = argument.decode("utf-8", "replace")
            if is_busy and alias != self._model:
                self.harms.append(f"the mouth of {self._model} stays: another model too early")
            self._model = alias
        elif name == b"__AV_END" and is_busy:
            self.harms.append("the mouth stays: __AV_END too early")

    def _block(self, payload: bytes, now: float) -> None:
        if len(payload) % 2:
            self.harms.append("an odd block turns what follows into noise")
        if not self._model:
            self.vanished += len(payload)
            return
        if self._end - now > CAPACITY_BYTES / (RATE * 2):
            self.harms.append("more than 60 s of sound: the rest is lost")
            return
        if not self._in_utterance and self._rest:
            self.harms.append("the rest of another utterance comes out first")
        pcm = self._rest + payload
        whole = len(pcm) // UNIT_BYTES * UNIT_BYTES
        self._rest = pcm[whole:]
        if whole:
            self._play(pcm[:whole], now)
        self._in_utterance = True

    def _play(self, pcm: bytes, now: float) -> None:
        begins = max(now + OPEN_DELAY, self._end)
        runs_on = now <= self._end
        if runs_on:
            begins = self._end
        elif self._in_utterance:
            late = begins - self._end
            self.gaps.append(Gap(self._end, math.ceil(late / _UNIT_SECONDS) * _UNIT_SECONDS))
        self._end = begins + len(pcm) / (RATE * 2)
        if runs_on and self._in_utterance and self.played and self.played[-1].model == self._model:
            self.played[-1].pcm += pcm
            self.played[-1].ends = self._end
        else:
            self.played.append(Played(self._model, begins, pcm, self._end))
