"""A recording in the place of a hub: its events are read into the log, its agents stay as they
were, and nobody is there to send to.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType, TracebackType
from typing import Final, Literal, NamedTuple, Self

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import By, Event
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import Delivery, Handshake, Presence, UpstreamLink
from mdxdash.hub.traffic.counts import Counts
from mdxdash.recordings.reader import Recording
from mdxdash.wire.message import Message

Reading = Literal["reading", "complete", "stopped", "failed"]

_NOT_SENT: Final = Delivery(refused=("this is a recording; nobody is there to send to",))


class _Progress(NamedTuple):
    """A chunk of the recording, and how far it was read then."""

    events: list[Event]
    marked: frozenset[int]
    position: int


class _EmptyQueue(tuple[()]):
    """Nothing waits for a recorded agent, and nothing can."""

    limit = 0


class RecordedAgent:
    """What a recording tells of one agent. Implements `AgentView`. Times are Unix time in
    seconds."""

    state: Presence = "gone"
    connected = False
    paused = False
    queue = _EmptyQueue()
    upstream: UpstreamLink | None = None

    def __init__(self, name: str, connected_at: float) -> None:
        self.name = name
        self.handshake = Handshake("", f"/{name}", ())
        self.connected_at = connected_at
        self.gone_at: float | None = None
        self.last_seen_at = 0.0
        self.counts = Counts()
        self.known = AnnouncedState()


class RecordedHub:
    """Implements `AgentHub`. Entered as an asynchronous context manager, it reads the recording
    into the log from a thread, chunk by chunk; leaving it stops that."""

    url = ""
    mdf_lines: tuple[str, ...] = ()
    full_mdf_lines: tuple[str, ...] = ()
    groups: Mapping[str, Sequence[str]] = MappingProxyType({})
    connected: Sequence[RecordedAgent] = ()

    def __init__(self, recording: Recording, log: EventLog) -> None:
        self.recording = recording
        self.log = log
        self.reading: Reading = "reading"
        self.progress = 0.0
        """How much of the file was read, 0 to 1."""
        self.problem = ""
        """Why reading ended before the end of the file."""
        self._agents: dict[str, RecordedAgent] = {}
        self._marked: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def agents(self) -> Sequence[RecordedAgent]:
        """Those that something was recorded of so far, with what they received and sent."""
        return tuple(self._agents.values())

    def now(self) -> float:
        """Unix time of the last event that was read; 0 before the first."""
        newest = self.log.next_seq - 1
        return self.log[newest].time if newest in self.log else 0.0

    def targets(self, target: str | None) -> Sequence[RecordedAgent]:
        return ()

    def send(
        self, message: Message, target: str | None = None, *, sure: bool = False, by: By = ""
    ) -> Delivery:
        return _NOT_SENT

    def stop(self) -> None:
        """Reads no further; what was read stays."""
        if self._task is not None and self.reading == "reading":
            self.reading = "stopped"
            self._task.cancel()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    async def _read(self) -> None:
        try:
            size = max(1, await asyncio.to_thread(lambda: self.recording.size))
            chunks = self.recording.read_chunks()

            def following() -> _Progress | None:
                chunk = next(chunks, None)
                if chunk is None:
                    return None
                return _Progress(chunk, frozenset(self.recording.marked), self.recording.position)

            while (read := await asyncio.to_thread(following)) is not None:
                self.log.extend(read.events)
                self._count(read.events)
                self._mark(read.marked)
                self.progress = min(1.0, read.position / size)
            # A mark may stand behind the last event.
            self._mark(frozenset(self.recording.marked))
            self.progress, self.reading = 1.0, "complete"
        except OSError as error:
            self.reading = "failed"
            self.problem = f"{self.recording.path}: {error.strerror or error}"

    def _count(self, events: list[Event]) -> None:
        """Takes over what concerns an agent: how much there was, since when, until when."""
        counts = Counter([(event.agent, event.kind) for event in events])
        for (name, kind), count in counts.items():
            if name:
                agent = self._agents.get(name) or self._first_of(name, events)
                agent.counts.received += count if kind in ("received", "log") else 0
                agent.counts.sent += count if kind == "sent" else 0
        for event in events:
            if event.kind == "sent" and event.agent:
                agent = self._agents[event.agent]
                agent.counts.lost += event.lost
                if event.round_trip is not None:
                    agent.counts.round_trips.append(event.round_trip)
            elif event.kind == "connected" and event.agent and not event.via:
                agent = self._agents[event.agent]
                agent.connected_at, agent.gone_at = event.time, None
            elif event.kind == "disconnected" and event.agent and not event.via:
                self._agents[event.agent].gone_at = event.time

    def _first_of(self, name: str, events: list[Event]) -> RecordedAgent:
        first = next(event.time for event in events if event.agent == name)
        agent = self._agents[name] = RecordedAgent(name, first)
        return agent

    def _mark(self, marked: frozenset[int]) -> None:
        """Takes over the marks that came or went in the file since the last time."""
        for seq in marked ^ self._marked:
            if seq >= self.log.next_seq:
                continue  # its event is held back until its echo was looked for
            self._marked ^= {seq}
            if (seq in self.log.marked) != (seq in marked):
                self.log.toggle_mark(seq)
