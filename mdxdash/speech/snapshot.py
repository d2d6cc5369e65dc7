"""What agents speak at one moment, as another process needs it to go on.

Only plain data, which `msgspec` encodes. Times are of `time.monotonic`, which is one clock for all
processes (see `hub.snapshot`).
"""

import msgspec

from mdxdash.speech.utterance import Stopped, UtteranceState


class UtteranceSnapshot(msgspec.Struct, frozen=True):
    """One utterance, with the sound that was made and not sent."""

    number: int
    model: str
    name: str
    text: str
    file: str
    """The sound file that the rest is read from; empty where another process cannot go on."""
    state: UtteranceState
    pcm: bytes
    made: int
    """Bytes of sound that were made so far."""
    complete: bool
    total: int | None
    failure: str
    sent_bytes: int
    asked_at: float | None
    begins_at: float | None
    ends_at: float | None
    late: int
    stopped: Stopped | None


class StreamSnapshot(msgspec.Struct, frozen=True):
    """The stream of one agent."""

    agent: str
    model: str | None = None
    is_started: bool = False
    end: float = float("-inf")
    padded: int = 0
    tail: bytes = b""
    is_ending: bool = False
    current: UtteranceSnapshot | None = None
    sounding: tuple[UtteranceSnapshot, ...] = ()
    waiting: tuple[UtteranceSnapshot, ...] = ()
    must_break: bool = False
    """Whether `SNDBRKS` is missing behind what was sent: the old process was gone."""
