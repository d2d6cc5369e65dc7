"""What stands in notices: agents, macros and runs at one moment."""

import msgspec

from mdxdash.hub.interface import Handshake, Presence
from mdxdash.hub.traffic.speech_state import SpeechState


class CountsState(msgspec.Struct, frozen=True):
    """`hub.traffic.counts.Counts` at one moment."""

    frames_in: int = 0
    bytes_in: int = 0
    frames_out: int = 0
    bytes_out: int = 0
    received: int = 0
    sent: int = 0
    lost: int = 0
    round_trips: tuple[float, ...] = ()
    """Seconds; the latest 100, the last one last."""


class UpstreamState(msgspec.Struct, frozen=True):
    """`hub.interface.UpstreamLink` at one moment."""

    url: str
    connected: bool
    waiting: int


class AgentState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`hub.interface.AgentView` at one moment, but for what it has announced, which the face
    follows by itself from the events (`Announced` gives the beginning)."""

    name: str
    handshake: Handshake
    state: Presence
    connected_at: float
    last_seen_at: float
    gone_at: float | None = None
    paused: bool = False
    queued: int = 0
    queue_limit: int = 0
    counts: CountsState = CountsState()
    upstream: UpstreamState | None = None
    speech: SpeechState | None = None
    """What it speaks."""


class TallyState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`macros.running.control.Tally`, and what a macro does now."""

    fired: int = 0
    missed: int = 0
    skipped: int = 0
    passed: int = 0
    failed: int = 0
    refused: str = ""
    on: bool = False
    next_in: float | None = None
    """Seconds until it fires next."""


class StepState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`macros.running.run_log.StepRecord`; the event by its `seq`."""

    number: str
    text: str
    started: float
    holds_steps: bool = False
    ended: float | None = None
    event: int | None = None
    note: str = ""
