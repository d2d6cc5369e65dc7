"""An agent of a hub in another process, as the hub described it last."""

from typing import Final

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.hub.interface import Handshake, Presence, UpstreamLink
from mdxdash.hub.traffic.counts import Counts
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.remote.protocol import AgentState, CountsState

_NUMBERS: Final = tuple(name for name in CountsState.__struct_fields__ if name != "round_trips")


class _QueueLength:
    """How many lines wait for the agent."""

    def __init__(self, length: int, limit: int) -> None:
        self.limit = limit
        self._length = length

    def __len__(self) -> int:
        return self._length


class MirroredAgent:
    """Implements `AgentView`."""

    def __init__(self, state: AgentState, known: AnnouncedState) -> None:
        """`known` is what it has announced, and belongs to somebody else."""
        self.known = known
        self.update(state)

    def update(self, state: AgentState) -> None:
        """Takes over what the hub says of it now."""
        self._state = state
        self.counts = _counts(state.counts)
        self.queue = _QueueLength(state.queued, state.queue_limit)

    @property
    def name(self) -> str:
        return self._state.name

    @property
    def handshake(self) -> Handshake:
        return self._state.handshake

    @property
    def connected_at(self) -> float:
        return self._state.connected_at

    @property
    def gone_at(self) -> float | None:
        return self._state.gone_at

    @property
    def last_seen_at(self) -> float:
        return self._state.last_seen_at

    @property
    def state(self) -> Presence:
        return self._state.state

    @property
    def connected(self) -> bool:
        return self._state.state != "gone"

    @property
    def paused(self) -> bool:
        return self._state.paused

    @property
    def upstream(self) -> UpstreamLink | None:
        return self._state.upstream

    @property
    def speech(self) -> SpeechState | None:
        return self._state.speech


def _counts(state: CountsState) -> Counts:
    counts = Counts()
    for name in _NUMBERS:
        setattr(counts, name, getattr(state, name))
    counts.round_trips.extend(state.round_trips)
    return counts
