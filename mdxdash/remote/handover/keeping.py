"""The hub's side of its keeper: starts it when the first agent connects, tells it which sockets to
hold, and starts another one when it is gone (`keeper`)."""

import asyncio
import json
import logging
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from mdxdash.hub.agent import HubAgent
from mdxdash.hub.sockets.progress import Progress
from mdxdash.remote import keeper
from mdxdash.remote.handover.messages import encode_settings
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.session_macros import SwitchedOn

_logger = logging.getLogger(__name__)

RESTARTS: Final = 5
"""Keepers that are started again after one is gone; more would not help."""


class KeptSession(msgspec.Struct, frozen=True):
    """What a new hub needs when this one is gone, besides its agents."""

    settings: bytes
    """`encode_settings`."""
    switched_on: SwitchedOn
    record_file: str
    port: int
    listeners: int
    control: str
    """The path of the control socket; empty where there is none."""
    name: str
    released: bool
    """Whether it ends when nobody has needed it for a while."""
    session_id: str = ""


class Keeping:
    """Has the sockets of one session held by a keeper."""

    def __init__(
        self,
        session: HubSession,
        command: Sequence[str],
        log_file: Path | None,
        *,
        released: bool = False,
    ) -> None:
        """`command` starts mdxdash, if this process is gone; the keeper writes into `log_file`.
        `released`: whether the hub of that process ends when nobody has needed it for a while."""
        self._session = session
        self._command = command
        self._log_file = log_file
        self._released = released
        self._channel: socket.socket | None = None
        self._progress: Progress | None = None
        self._numbers: dict[str, int] = {}
        """Of the connections that are held, by agent."""
        self._next = 1
        self._started = 0

    def adopt(self, channel: socket.socket, progress: Progress, numbers: Mapping[str, int]) -> None:
        """Goes on with the keeper that has started this process."""
        self._channel, self._progress = channel, progress
        self._numbers = dict(numbers)
        self._next = max(numbers.values(), default=0) + 1
        self._listen(channel)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keeps the sockets while the context lasts. The session must be entered."""
        hub = self._session.hub
        hub.watch_connections(self._note)
        for agent in hub.connected:
            self._note(agent)
        try:
            yield
        finally:
            self.end()

    def end(self) -> None:
        """Ends the keeper: there is nothing to keep any more, or another process keeps it."""
        self._session.hub.watch_connections(lambda agent: None)
        channel, self._channel = self._channel, None
        if channel is not None:
            asyncio.get_running_loop().remove_reader(channel)
            with suppress(OSError):
                channel.send(b"E")
            channel.close()

    def _note(self, agent: HubAgent) -> None:
        """Takes an agent that has got or lost a connection."""
        number = self._numbers.get(agent.name)
        if agent.connection is None:
            if number is not None:
                del self._numbers[agent.name]
                self._send(b"R" + number.to_bytes(8), ())
            return
        if number is not None:  # the keeper has given it to this process
            self._report(agent, number)
            return
        if self._progress is None and not self._start():
            return
        number, self._next = self._next, self._next + 1
        self._numbers[agent.name] = number
        self._hold(agent, number)

    def _hold(self, agent: HubAgent, number: int) -> None:
        descriptor = agent.socket_descriptor
        assert descriptor is not None
        description = msgspec.msgpack.encode(agent.description())
        self._report(agent, number)
        self._send(b"A" + number.to_bytes(8) + description, (descriptor,))

    def _report(self, agent: HubAgent, number: int) -> None:
        assert agent.connection is not None and self._progress is not None
        agent.connection.report_progress = partial(self._progress.write, number)
        agent.connection.note_progress()

    def _start(self) -> bool:
        """Starts a keeper; returns whether there is one."""
        session = self._session
        try:
            if self._progress is None:
                self._progress = Progress.new()
            ours, theirs = keeper.pair()
            with theirs:
                subprocess.Popen(
                    [sys.executable, "-I", "-S", keeper.__file__, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
        except OSError as error:
            _logger.warning("agents would not survive this process: no keeper: %s", error)
            return False
        self._started += 1
        ours.setblocking(False)
        self._channel = ours
        self._listen(ours)
        listeners = session.hub.listening_descriptors
        control = session.control_descriptor
        known = KeptSession(
            encode_settings(session.settings),
            session.macros.switched_on,
            "" if session.journal is None else str(session.journal.path),
            session.hub.port,
            len(listeners),
            session.control_path,
            session.name,
            self._released,
            session.session_id,
        )
        log_file = [] if self._log_file is None else [str(self._log_file)]
        head = json.dumps({"command": list(self._command), "log": log_file}).encode()
        descriptors = (self._progress.descriptor, *listeners)
        self._send(
            b"B" + head + b"\n" + msgspec.msgpack.encode(known),
            descriptors if control is None else (*descriptors, control),
        )
        return True

    def _listen(self, channel: socket.socket) -> None:
        channel.setblocking(False)
        asyncio.get_running_loop().add_reader(channel, self._lose, channel)

    def _send(self, data: bytes, descriptors: Sequence[int]) -> None:
        channel = self._channel
        if channel is None:
            return
        try:
            keeper.send(channel, data, list(descriptors))
        except OSError as error:
            _logger.warning("the keeper does not take what it is told: %s", error)

    def _lose(self, channel: socket.socket) -> None:
        """The keeper is gone: another one takes its place."""
        asyncio.get_running_loop().remove_reader(channel)
        channel.close()
        self._channel = None
        _logger.warning("the keeper is gone")
        if self._started > RESTARTS or not self._start():
            return
        for agent in self._session.hub.connected:
            if agent.name in self._numbers:
                self._hold(agent, self._numbers[agent.name])


def can_keep(session: HubSession) -> bool:
    """Returns whether the agents of a session can survive its process: on Linux, without TLS."""
    settings = session.settings.hub
    return sys.platform == "linux" and settings.keeper and not settings.has_tls
