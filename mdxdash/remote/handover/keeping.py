"""The hub's side of its keeper: starts it when the first agent connects, tells it which sockets to
hold, and starts another one when it is gone (`keeper`)."""

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from mdxdash.hub.agent import HubAgent
from mdxdash.hub.sockets.progress import Progress
from mdxdash.language.translation import N_
from mdxdash.remote import keeper
from mdxdash.remote.handover.held import NOTE
from mdxdash.remote.handover.messages import encode_settings
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.session_macros import SwitchedOn

_logger = logging.getLogger(__name__)

_END_WITHIN: Final = 0.2
"""Seconds that a keeper may take to make room for the message that the hub ends."""

RESTARTS: Final = 5
"""Keepers that are started again after one is gone; more would not help."""


class _Unsent(NamedTuple):
    """A message that the keeper had no room for."""

    data: bytes
    descriptors: list[int]
    """Duplicates, since the connection may end before there is room."""
    agent: str
    """The one that it is about, if it gives a connection."""


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
        self._unsent: deque[_Unsent] = deque()
        self._has_warned = False
        """Whether it was said that there is no keeper."""

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
        self._session.speech.watch_models(self._note_model)
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
            self._unlisten(channel)
            # It must come: to the keeper a hub that says nothing is one that was killed.
            channel.settimeout(_END_WITHIN)
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
        description = msgspec.msgpack.encode(agent.lasting_description())
        self._report(agent, number)
        self._send(b"A" + number.to_bytes(8) + description, (descriptor,), agent.name)

    def _report(self, agent: HubAgent, number: int) -> None:
        assert agent.connection is not None and self._progress is not None
        agent.connection.report_progress = partial(self._progress.write, number)
        agent.connection.note_progress()
        stream = self._session.speech.stream(agent.name)
        self._progress.write_model(number, None if stream is None else stream.open_model)

    def _note_model(self, agent: str, model: str | None) -> None:
        number = self._numbers.get(agent)
        if number is not None and self._progress is not None:
            self._progress.write_model(number, model)

    def _start(self) -> bool:
        """Starts a keeper; returns whether there is one."""
        session = self._session
        try:
            if self._progress is None:
                self._progress = Progress.new()
            ours, theirs = keeper.pair()
            with theirs, ExitStack() as unless_started:
                unless_started.callback(ours.close)
                subprocess.Popen(
                    [sys.executable, "-I", "-S", keeper.__file__, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
                unless_started.pop_all()
        except OSError as error:
            self._warn_of_all(error.strerror or str(error))
            return False
        self._started += 1
        self._has_warned = False
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
        note = [f"{session.control_path}{NOTE}"] if session.control_path else []
        first = {"command": list(self._command), "log": log_file, "note": note}
        head = json.dumps(first).encode()
        descriptors = (self._progress.descriptor, *listeners)
        self._send(
            b"B" + head + b"\n" + msgspec.msgpack.encode(known),
            descriptors if control is None else (*descriptors, control),
        )
        return True

    def _listen(self, channel: socket.socket) -> None:
        channel.setblocking(False)
        asyncio.get_running_loop().add_reader(channel, self._lose, channel)

    def _unlisten(self, channel: socket.socket) -> None:
        """Ends the use of a channel; what was not sent through it is dropped."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(channel)
        loop.remove_writer(channel)
        while self._unsent:
            keeper.close_all(self._unsent.popleft().descriptors)

    def _send(self, data: bytes, descriptors: Sequence[int], agent: str = "") -> None:
        """Sends a message, or lets it wait for room. `agent` is the one whose connection it
        gives."""
        channel = self._channel
        if channel is None:
            return
        if not self._unsent:
            try:
                keeper.send(channel, data, list(descriptors))
                return
            except BlockingIOError:
                asyncio.get_running_loop().add_writer(channel, self._send_waiting, channel)
            except OSError as error:
                self._warn(data, agent, error)
                return
        try:
            self._unsent.append(_Unsent(data, list(map(os.dup, descriptors)), agent))
        except OSError as error:
            self._warn(data, agent, error)

    def _send_waiting(self, channel: socket.socket) -> None:
        while self._unsent:
            data, descriptors, agent = self._unsent[0]
            try:
                keeper.send(channel, data, descriptors)
            except BlockingIOError:
                return
            except OSError as error:
                self._warn(data, agent, error)
            self._unsent.popleft()
            keeper.close_all(descriptors)
        asyncio.get_running_loop().remove_writer(channel)

    def _warn(self, data: bytes, agent: str, error: OSError) -> None:
        """Makes a fault of what the keeper does not have: `data` could not be sent."""
        if isinstance(error, ConnectionError):
            return  # it is gone; `_lose` starts another one and gives it all anew
        reason = error.strerror or str(error)
        if data[:1] == b"B":
            self._warn_of_all(reason)
        elif agent:
            text = N_("the connection would not survive the hub's process: {reason}")
            self._session.log.append("fault", agent, text=text.format(reason=reason))
        else:
            _logger.warning("the keeper was not told what has ended: %s", reason)

    def _warn_of_all(self, reason: str) -> None:
        """Makes a fault, once, of that no agent is kept."""
        _logger.warning("agents would not survive this process: no keeper: %s", reason)
        if not self._has_warned:
            self._has_warned = True
            text = N_("agents would not survive the hub's process: {reason}")
            self._session.log.append("fault", text=text.format(reason=reason))

    def _lose(self, channel: socket.socket) -> None:
        """The keeper is gone: another one takes its place."""
        self._unlisten(channel)
        channel.close()
        self._channel = None
        _logger.warning("the keeper is gone")
        if self._started > RESTARTS:
            text = N_("their keeper has ended too often ({count})")
            self._warn_of_all(text.format(count=self._started))
            return
        if not self._start():
            return
        for agent in self._session.hub.connected:
            if agent.name in self._numbers:
                self._hold(agent, self._numbers[agent.name])


def can_keep(session: HubSession) -> bool:
    """Returns whether the agents of a session can survive its process: on Linux, without TLS."""
    settings = session.settings.hub
    return sys.platform == "linux" and settings.keeper and not settings.has_tls
