"""A recording instead of a hub: reads its events into the log, and lists its agents.

Nothing can be sent.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType, TracebackType
from typing import Final, Literal, NamedTuple, Self

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import By, Event, is_line
from mdxdash.events.log import EventLog
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.hub.interface import Delivery, Handshake, Presence, UpstreamLink
from mdxdash.hub.refusals import RefusalCount
from mdxdash.hub.traffic.counts import Counts
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.language.translation import N_
from mdxdash.recordings.reader import FOLLOW_INTERVAL, Recording
from mdxdash.wire.message import Message

Reading = Literal["reading", "following", "complete", "stopped", "failed"]

_NOT_SENT: Final = Delivery(refused=(N_("this is a recording; nobody is there to send to"),))


class _Progress(NamedTuple):
    """A chunk of the recording, and how far the file has been read."""

    events: Sequence[Event]
    marked: frozenset[int]
    position: int


class _EmptyQueue(tuple[()]):
    """The queue of a recorded agent: always empty."""

    limit = 0


class RecordedAgent:
    """What a recording holds about one agent. Implements `AgentView`."""

    state: Presence = "gone"
    connected = False
    paused = False
    queue = _EmptyQueue()
    upstream: UpstreamLink | None = None
    speech: SpeechState | None = None

    def __init__(self, name: str, connected_at: float) -> None:
        self.name = name
        self.handshake = Handshake("", f"/{name}", ())
        self.connected_at = connected_at
        self.gone_at: float | None = None
        self.last_seen_at = connected_at
        self.counts = Counts()
        self.known = AnnouncedState()


class RecordedHub:
    """A hub without connections. Implements `AgentHub`.

    While it is entered as an asynchronous context manager, it reads the recording in a thread,
    chunk by chunk, into the log.
    """

    url = ""
    mdf_lines: tuple[str, ...] = ()
    full_mdf_lines: tuple[str, ...] = ()
    groups: Mapping[str, Sequence[str]] = MappingProxyType({})
    connected: Sequence[RecordedAgent] = ()
    unsafe = False
    refusals: Sequence[RefusalCount] = ()

    def __init__(self, recording: Recording, log: EventLog) -> None:
        self.recording = recording
        self.log = log
        self.reading: Reading = "reading"
        self.progress = 0.0
        """The part of the file that has been read, 0 to 1."""
        self.problem = ""
        """Why reading ended before the end of the file."""
        self._agents: dict[str, RecordedAgent] = {}
        self._marked: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def agents(self) -> Sequence[RecordedAgent]:
        """The agents of the events read so far, with their counts."""
        return tuple(self._agents.values())

    def now(self) -> float:
        """Returns the Unix time of the last event read, in seconds; 0 before the first."""
        newest = self.log.next_seq - 1
        return self.log[newest].time if newest in self.log else 0.0

    def targets(self, target: str | None) -> Sequence[RecordedAgent]:
        return ()

    def send(
        self, message: Message, target: str | None = None, *, sure: bool = False, by: By = ""
    ) -> Delivery:
        return _NOT_SENT

    def stop_speech(self, target: str | None = None) -> int:
        return 0

    def stop(self) -> None:
        """Stops reading. The events that were read stay."""
        if self._task is not None and self.reading in ("reading", "following"):
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
            chunks = self.recording.read_chunks(columns=True)

            def following() -> _Progress | None:
                chunk = next(chunks, None)
                if chunk is None:
                    return None
                return _Progress(chunk, frozenset(self.recording.marked), self.recording.position)

            while (read := await asyncio.to_thread(following)) is not None:
                if not read.events:  # a file that is followed, and nothing more is there yet
                    self._mark(read.marked)
                    self.progress, self.reading = 1.0, "following"
                    await asyncio.sleep(FOLLOW_INTERVAL)
                    continue
                self.log.extend(read.events)
                self._count(read.events)
                self._mark(read.marked)
                self.progress = min(1.0, read.position / size)
            # Marks may follow the last event in the file.
            self._mark(frozenset(self.recording.marked))
            self.progress, self.reading = 1.0, "complete"
        except OSError as error:
            self.reading = "failed"
            self.problem = f"{self.recording.name}: {error.strerror or error}"

    def _count(self, events: Sequence[Event]) -> None:
        """Updates the agents: their counts, and when they connected and disconnected."""
        if type(events) is BlockEvents:
            self._count_received(events)
            return
        counts = Counter([(event.agent, event.kind, is_line(event)) for event in events])
        for (name, kind, line), count in counts.items():
            if name:
                agent = self._agents.get(name) or self._first_of(name, events)
                agent.counts.received += count if line and kind != "sent" else 0
                agent.counts.sent += count if line and kind == "sent" else 0
        for name, time in {event.agent: event.time for event in events}.items():
            if name:
                self._agents[name].last_seen_at = time
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

    def _count_received(self, events: BlockEvents) -> None:
        block = events.block
        for same, count in block.counts:
            if name := same.agent:
                agent = self._agents.get(name) or self._first_of(name, events)
                agent.counts.received += count
        names = [same.agent for same in block.signatures]
        of_events = map(names.__getitem__, block.codes)
        for name, time in dict(zip(of_events, block.times, strict=True)).items():
            if name:
                self._agents[name].last_seen_at = time

    def _first_of(self, name: str, events: Sequence[Event]) -> RecordedAgent:
        first = next(event.time for event in events if event.agent == name)
        agent = self._agents[name] = RecordedAgent(name, first)
        return agent

    def _mark(self, marked: frozenset[int]) -> None:
        """Sets and removes the marks that changed in the file since the last call."""
        for seq in marked ^ self._marked:
            if seq >= self.log.next_seq:
                continue  # its event is held back until its echo has been looked for
            self._marked ^= {seq}
            self.log.set_mark(seq, seq in marked)
