"""The tap: other programs share the agents over WebSocket connections of their own.

Each event is sent as a line of JSON in a frame of its own. A client sends lines for the agents,
`TYPE|args`, or JSON objects: `{"send": "TYPE|args", "to": "chat", "sure": true, "id": 7}`, whose
reply is `{"answer": 7, "agents": ["chat"]}`. A client that reads too slowly is cut, never waited
for.

A client that sends an `Attach` is a dashboard elsewhere: from then on it gets the protocol of
`remote.protocol`, a line a frame, instead of this one.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final, Literal, Protocol

import msgspec

from mdxdash.events.log import EventLog
from mdxdash.events.storage.event_batch import EventBatch
from mdxdash.hub.address import format_address
from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.interface import Delivery
from mdxdash.hub.server import HubServer
from mdxdash.language.translation import N_
from mdxdash.remote.faces.attached_faces import AttachedFaces
from mdxdash.remote.faces.face import Face
from mdxdash.remote.faces.websocket_link import WebSocketLink
from mdxdash.remote.protocol import TAP_PATH
from mdxdash.wire.framing import text_frame
from mdxdash.wire.message import Message, parse_message

MOST_CLIENTS: Final = 16
"""Clients that may be connected at the same time."""


_LOOKS_ONLY: Final = N_("the tap of this hub is read-only")


class _FirstLine(msgspec.Struct, frozen=True):
    """A line of the protocol for dashboards, whatever else is in it."""

    do: str


class Sender(Protocol):
    """Sends a message to agents, after checking it; the hub's `send`."""

    def __call__(
        self, message: Message, target: str | None = None, *, sure: bool = False
    ) -> Delivery:
        """Queues a message for the agents that `target` selects (None: all)."""


class TapCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command of a client."""

    send: str
    """The message, `TYPE|args`."""
    to: str | None = None
    """A target; None: all."""
    sure: bool = False
    """Send it also when it may harm an agent."""
    id: int | str | None = None
    """Returned in the reply."""


class TapReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The result of a command that was a JSON object, or of a line that was not sent."""

    answer: int | str | None
    """The command's `id`; null for a line."""
    agents: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


class Tap:
    """Serves the clients of one hub."""

    def __init__(
        self,
        log: EventLog,
        send: Sender,
        unread_bytes: int,
        *,
        faces: AttachedFaces | None = None,
        read_only: bool = False,
    ) -> None:
        """
        * `log`: where events are read.
        * `send`: gets commands.
        * `unread_bytes`: a client is cut when more wait for it.
        * `faces`: takes dashboards; without it there are none.
        * `read_only`: whether clients and dashboards may only look.
        """
        self._faces = faces
        self._read_only = read_only
        self._attached: dict[AgentConnection, Face] = {}
        self._log = log
        self._send = send
        self._unread_bytes = unread_bytes
        self._clients: set[AgentConnection] = set()
        self._frames: list[bytes] = []
        self._unsubscribe = log.subscribe_batches(self._queue_events)

    @property
    def full(self) -> bool:
        """Whether `MOST_CLIENTS` are connected."""
        return len(self._clients) + len(self._attached) >= MOST_CLIENTS

    async def serve(self, connection: AgentConnection) -> None:
        """Serves a client that has just connected until its connection ends."""
        where = format_address(connection.remote_address)
        self._flush()  # earlier events are not for this client
        self._clients.add(connection)
        self._record("connected", N_("tap from {where}").format(where=where))
        reason = N_("ended by mdxdash")
        try:
            connection.deliver_to(partial(self._receive_all, connection))
            await connection.wait_closed()
            reason = connection.end_reason()[0]
        finally:
            self._clients.discard(connection)
            face = self._attached.pop(connection, None)
            if face is not None and self._faces is not None:
                self._faces.lose(face)
            self._record(
                "disconnected", N_("tap from {where}: {reason}").format(where=where, reason=reason)
            )

    def close(self) -> None:
        """Ends all connections, without a close frame."""
        self._unsubscribe()
        for client in (*self._clients, *self._attached):
            client.transport.close()

    def _attach(self, connection: AgentConnection, faces: AttachedFaces) -> Face:
        """Makes a client a face, which gets its events from its own feed."""
        self._flush()
        self._clients.discard(connection)
        link = WebSocketLink(connection)
        face = faces.open(link, read_only=self._read_only, elsewhere=True)
        link.on_read = face.resume
        return face

    def _receive_all(self, connection: AgentConnection, messages: Sequence[bytes]) -> None:
        for data in messages:
            self._receive(connection, data)

    def _receive(self, connection: AgentConnection, data: bytes) -> None:
        face = self._attached.get(connection)
        if face is None and self._faces is not None and _is_attach(data):
            face = self._attached[connection] = self._attach(connection, self._faces)
        if face is not None:
            face.receive(data.removesuffix(b"\n") + b"\n")
            return
        reply = self._execute(data)
        if reply is not None:
            self._write(connection, text_frame(msgspec.json.encode(reply)))

    def _execute(self, data: bytes) -> TapReply | None:
        text = data.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r")
        if not text.startswith("{"):
            if self._read_only:
                return TapReply(None, refused=(_LOOKS_ONLY,))
            return _reply(None, self._send(parse_message(text)), always=False)
        try:
            command = msgspec.json.decode(data, type=TapCommand)
        except msgspec.DecodeError as error:
            return TapReply(None, refused=(N_("no command: {error}").format(error=error),))
        if self._read_only:
            return TapReply(command.id, refused=(_LOOKS_ONLY,))
        delivered = self._send(parse_message(command.send), command.to, sure=command.sure)
        return _reply(command.id, delivered, always=True)

    def _queue_events(self, events: EventBatch) -> None:
        if not self._clients:
            return
        # The events of one turn of the event loop share a write: one each would be slow.
        if not self._frames:
            asyncio.get_running_loop().call_soon(self._flush)
        self._frames += map(text_frame, events.lines.splitlines(keepends=True))

    def _flush(self) -> None:
        if not self._frames:
            return
        data = b"".join(self._frames)
        self._frames.clear()
        for client in self._clients:
            self._write(client, data)

    def _write(self, client: AgentConnection, data: bytes) -> None:
        if client.transport.is_closing():
            return
        client.transport.write(data)
        if client.transport.get_write_buffer_size() > self._unread_bytes:
            client.cut(
                N_("too slow, over {limit:,} bytes were waiting for it").format(
                    limit=self._unread_bytes
                )
            )

    def _record(self, kind: Literal["connected", "disconnected"], text: str) -> None:
        self._log.append(kind, text=text, by="tap")


def add_tap(hub: HubServer, faces: AttachedFaces | None = None) -> None:
    """Adds the tap to a hub that has not been entered yet, if its settings have `tap`. With `faces`
    dashboards elsewhere can attach to it."""
    settings = hub.settings
    if settings.tap:
        send = partial(hub.send, by="tap")
        read_only = settings.tap_read_only
        tap = Tap(hub.log, send, settings.tap_bytes, faces=faces, read_only=read_only)
        hub.add_endpoint(TAP_PATH, tap)


def _is_attach(data: bytes) -> bool:
    if b'"attach"' not in data:
        return False
    try:
        return msgspec.json.decode(data, type=_FirstLine).do == "attach"
    except msgspec.DecodeError:
        return False


def _reply(id_: int | str | None, delivered: Delivery, *, always: bool) -> TapReply | None:
    """Returns the reply to a command; None for a line that was sent, unless `always`."""
    if delivered.agents and not delivered.refused and not always:
        return None
    refused = delivered.reasons if delivered.nobody else delivered.refused
    return TapReply(id_, delivered.agents, refused, delivered.asked)
