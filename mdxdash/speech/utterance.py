"""One utterance: a sound that a model of an agent is to speak, and how far it is."""

from collections import deque
from collections.abc import Callable
from typing import Final, Literal

import msgspec

from mdxdash.speech.pcm_buffer import BYTES_A_SECOND, PcmBuffer

UtteranceState = Literal["waiting", "speaking", "sounding", "spoken", "stopped", "failed"]
"""`waiting`: nothing of it was sent. `speaking`: some of it was. `sounding`: all of it was sent,
and the agent still plays. `spoken`, `stopped`, `failed`: over."""

OVER: Final[frozenset[UtteranceState]] = frozenset({"spoken", "stopped", "failed"})


class Stopped(msgspec.Struct, frozen=True):
    """What is left of an utterance that was stopped."""

    heard: float
    """Seconds of it that are heard in the end. Nothing takes back what was sent already."""
    sounds_on: float
    """Seconds for which it still sounds."""
    text: str = ""
    """The part of its text that is heard, approximately: as much of it as of the sound."""


class Utterance:
    """A sound for one model. Its `SpeechStream` changes it; times are monotonic, in seconds."""

    def __init__(
        self,
        number: int,
        model: str,
        name: str,
        pcm: PcmBuffer | None = None,
        *,
        text: str = "",
        asked_at: float | None = None,
    ) -> None:
        """`number` tells it from the others of its hub; `model` is an alias; `name` is what is
        shown, such as a file's name; `text` is what is said, if it is known; `asked_at` is when
        somebody asked for it."""
        self.number = number
        self.model = model
        self.name = name
        self.text = text
        self.file = ""
        """The sound file that it is read from, if it is one."""
        self.asked_at = asked_at
        self.pcm = PcmBuffer() if pcm is None else pcm
        self.state: UtteranceState = "waiting"
        self.sent_bytes = 0
        """Bytes of its sound that were sent."""
        self.begins_at: float | None = None
        """When the agent begins to play it, as computed."""
        self.ends_at: float | None = None
        """When the agent has played what was sent of it, as computed."""
        self.late = 0
        """Blocks that were sent after the sound before had ended: each is a gap."""
        self.stopped: Stopped | None = None
        self.failure = ""
        self.doubt = ""
        """What may have kept it from being heard; empty if nothing is in doubt."""
        self.on_change: Callable[[Utterance], None] | None = None
        """Called when its state has changed."""
        self._peaks: deque[tuple[float, float]] = deque(maxlen=256)

    @property
    def key(self) -> str:
        """Names it in events: `0|12`, the model and its number."""
        return f"{self.model}|{self.number}"

    @property
    def latency(self) -> float | None:
        """Seconds from when it was asked for to its first sound, as computed."""
        if self.asked_at is None or self.begins_at is None:
            return None
        return self.begins_at - self.asked_at

    @property
    def is_over(self) -> bool:
        """Whether nothing of it sounds any more, as computed."""
        return self.state in OVER

    @property
    def sent(self) -> float:
        """Seconds of its sound that were sent."""
        return self.sent_bytes / BYTES_A_SECOND

    @property
    def seconds(self) -> float | None:
        """Its length; None while it is not known."""
        if self.pcm.complete and self.state != "stopped":
            return (self.sent_bytes + len(self.pcm)) / BYTES_A_SECOND
        return None if self.pcm.total is None else self.pcm.total / BYTES_A_SECOND

    def played(self, now: float) -> float:
        """Returns the seconds of it that the agent has played at `now`, as computed."""
        if self.ends_at is None:
            return 0.0
        return max(0.0, min(self.sent, self.sent - (self.ends_at - now)))

    def ahead(self, now: float) -> float:
        """Returns the seconds of it that were sent and not played yet, as computed."""
        return self.sent - self.played(now)

    def level(self, now: float) -> float:
        """Returns the largest sample, from 0 to 1, of the 40 ms that sound now, as computed."""
        while len(self._peaks) > 1 and self._peaks[1][0] <= now:
            self._peaks.popleft()
        return self._peaks[0][1] if self._peaks and not self.is_over else 0.0

    def add_level(self, at: float, peak: float) -> None:
        """Notes the largest sample of the block that sounds from `at` on."""
        self._peaks.append((at, peak))

    def change(self, state: UtteranceState) -> None:
        """Sets the state."""
        self.state = state
        if self.on_change is not None:
            self.on_change(self)
