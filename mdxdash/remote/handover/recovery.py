"""The new process when the old one is gone without a word: takes over from the keeper.

What the old one knew and did not write anywhere is gone: lines that waited to be sent, macros that
ran, and events of its last moments. That it was gone is an event.
"""

import socket
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import Event, is_line, is_of_agent
from mdxdash.events.following import follow
from mdxdash.events.log import EventLog
from mdxdash.hub.snapshot import AgentSnapshot, HubSnapshot
from mdxdash.hub.sockets.connection_snapshot import ConnectionSnapshot
from mdxdash.hub.sockets.progress import Progress, bytes_given_out
from mdxdash.hub.traffic.counts import Counts
from mdxdash.hub.traffic.echoes import ECHO_TIMEOUT, ExpectedEcho
from mdxdash.language.translation import N_
from mdxdash.recordings.continuing import ContinuedRecording, continued
from mdxdash.remote.handover.keeping import Keeping, KeptSession
from mdxdash.remote.handover.messages import decode_settings
from mdxdash.remote.handover.taking import MakeSession
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.keeper import PACKET_BYTES, SOCKETS
from mdxdash.remote.session_snapshot import SessionSnapshot
from mdxdash.wire.framing import expected_echo
from mdxdash.wire.message import Message

_GONE: Final = N_(
    "the hub's process was gone; another one goes on, and what came last may be missing"
)


_NOT_KEPT: Final = N_("its connection was lost with the hub's process")


class KeptAgent(msgspec.Struct, frozen=True):
    """An agent whose connection the keeper holds."""

    number: int
    known: AgentSnapshot
    socket: socket.socket


class KeptHub:
    """What the keeper has given to this process."""

    def __init__(self, channel: socket.socket) -> None:
        """Waits for all of it. Raises `OSError`, `ValueError` and `msgspec.DecodeError`."""
        self.channel = channel
        self.agents: list[KeptAgent] = []
        self.sockets: list[socket.socket] = []
        """Those of the hub, then the control socket's, if it has one."""
        self.session: KeptSession
        self.progress: Progress
        if sys.platform == "win32":
            raise NotImplementedError
        while True:
            data, descriptors, _, _ = socket.recv_fds(channel, PACKET_BYTES, SOCKETS)
            kind, content = data[:1], data[1:]
            if kind == b"B":
                _, _, plain = content.partition(b"\n")
                self.session = msgspec.msgpack.decode(plain, type=KeptSession)
                self.progress = Progress(descriptors[0])
                self.sockets = [socket.socket(fileno=each) for each in descriptors[1:]]
            elif kind == b"A":
                known = msgspec.msgpack.decode(content[8:], type=AgentSnapshot)
                each = socket.socket(fileno=descriptors[0])
                self.agents.append(KeptAgent(int.from_bytes(content[:8]), known, each))
            elif kind == b"S":
                return
            else:
                raise ValueError(N_("the keeper has nothing to give"))

    async def take(self, make: MakeSession) -> HubSession:
        """Takes over. Returns the session, which was entered, and serves."""
        known = self.session
        session = make(decode_settings(known.settings), known.switched_on, known.record_file)
        recording = _recording(known.record_file)
        if recording is not None:
            _restore_log(session.log, recording)
        agents = tuple(self._agent(each, session.log) for each in self.agents)
        speech = [
            session.speech.interrupted(each.known.name, model)
            for each in self.agents
            if (model := self.progress.read_model(each.number)) is not None
        ]
        of_hub = self.sockets[: known.listeners]
        session.adopt(
            SessionSnapshot(
                HubSnapshot(known.port, known.listeners, agents),
                journal=None if recording is None else recording.journal,
                control=known.control,
                name=known.name,
                released=known.released,
                session_id=known.session_id,
                speech=tuple(speech),
            ),
            [*of_hub, *(each.socket for each in self.agents), *self.sockets[known.listeners :]],
        )
        await session.__aenter__()
        session.log.append("fault", text=_GONE)
        for name in sorted(_connected(session.log) - {each.known.name for each in self.agents}):
            session.log.append("disconnected", name, text=_NOT_KEPT)
        session.go_on()
        return session

    def go_on_keeping(self, keeping: Keeping) -> None:
        """Lets the keeper go on with this process."""
        numbers = {each.known.name: each.number for each in self.agents}
        keeping.adopt(self.channel, self.progress, numbers)

    def _agent(self, kept: KeptAgent, log: EventLog) -> AgentSnapshot:
        known = kept.known
        assert known.connection is not None
        announced, counts, echoes = _from_events(known.name, log)
        return msgspec.structs.replace(
            known,
            last_seen_at=time.time(),
            seen=time.monotonic(),
            announced=announced.snapshot(),
            counts=counts.snapshot(),
            echoes=tuple(echoes),
            queue=(),
            unfinished_line=b"",
            unfinished_since=None,
            connection=self._connection(kept, known.connection),
        )

    def _connection(self, kept: KeptAgent, known: ConnectionSnapshot) -> ConnectionSnapshot:
        """Returns where reading goes on: behind the undecoded rest, if nothing was read after it
        was noted, else at the next whole line."""
        count = bytes_given_out(kept.socket)
        noted = self.progress.read(kept.number)
        whole = noted is not None and noted.count == count
        return ConnectionSnapshot(
            known.path,
            known.headers,
            undecoded=noted.rest if noted is not None and whole else b"",
            read=count,
            searches=not whole,
        )


def _recording(file: str) -> ContinuedRecording | None:
    try:
        return continued(Path(file)) if file else None
    except (OSError, ValueError):  # it was removed, or is empty
        return None


def _restore_log(log: EventLog, recording: ContinuedRecording) -> None:
    events = recording.events
    if not events:
        return
    log.skip_to(events[0].seq)
    log.extend(events)
    for event in events:
        if event.echo is not None and event.round_trip is not None:
            log.acknowledge(event.echo, event.round_trip)
    log.restore_marks(recording.marked)


def _connected(log: EventLog) -> set[str]:
    """Returns the agents that are connected by the events of a log."""
    found = set[str]()
    for event in log.with_signature(lambda each: each.kind in ("connected", "disconnected")):
        if event.kind == "connected" and is_of_agent(event):
            found.add(event.agent)
        elif is_of_agent(event):
            found.discard(event.agent)
    return found


def _from_events(agent: str, log: EventLog) -> tuple[AnnouncedState, Counts, list[ExpectedEcho]]:
    """Returns what the events tell of an agent."""
    announced, counts, waiting = AnnouncedState(), Counts(), list[ExpectedEcho]()
    skew = time.monotonic() - time.time()
    for event in log:
        if event.agent == agent:
            follow(announced, event)
            _count(event, counts)
            if is_line(event) and event.kind == "sent" and not (event.round_trip or event.lost):
                echo = expected_echo(Message(event.type, event.args))
                if echo is not None and time.time() - event.time < ECHO_TIMEOUT:
                    waiting.append(ExpectedEcho(echo, event.seq, event.time + skew, event.by))
    return announced, counts, waiting


def _count(event: Event, counts: Counts) -> None:
    if event.kind == "sent":
        counts.bytes_out += event.size  # of the upstream's sound too, which is no line
    if not is_line(event):
        return
    if event.kind == "sent":
        counts.sent += 1
        counts.frames_out += 1
        counts.lost += event.lost
        return
    counts.received += 1
    counts.frames_in += 1
    counts.bytes_in += event.size
    if event.round_trip is not None:
        counts.round_trips.append(event.round_trip)
