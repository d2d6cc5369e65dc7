"""The tap: other programs share the agents over a WebSocket of their own.

Each event leaves as a line of JSON, in a frame of its own. What comes in is a line to send,
`TYPE|args`, or a JSON object that says more: `{"send": "TYPE|args", "to": "chat", "sure": true,
"id": 7}`, which is answered with `{"answer": 7, "agents": ["chat"]}`. A client that does not keep
up is dropped, never waited for.
"""

import asyncio
from functools import partial
from typing import Final, Literal, Protocol

import msgspec
from websockets.frames import Frame, Opcode

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.address import format_address
from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.interface import Delivery
from mdxdash.hub.server import HubServer
from mdxdash.wire.message import Message, parse_message

PATH: Final = "/tap"
"""The path that clients dial; a secret follows it, as in the agents' path."""

MOST_CLIENTS: Final = 16


class Sender(Protocol):
    """The way out, with its checks; the hub's `send`."""

    def __call__(
        self, message: Message, target: str | None = None, *, sure: bool = False
    ) -> Delivery:
        """Hands a message to the agents that `target` means."""


class TapCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client asks for."""

    send: str
    """The message, `TYPE|args`."""
    to: str | None = None
    """A target; None: all."""
    sure: bool = False
    """Send it also when it may harm an agent."""
    id: int | str | None = None
    """Comes back with the answer."""


class TapReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a command that was an object, and of any that did not go through."""

    answer: int | str | None
    agents: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


class Tap:
    """The clients of one hub, which may have `unread_bytes` waiting for each."""

    def __init__(self, log: EventLog, send: Sender, unread_bytes: int) -> None:
        self._log = log
        self._send = send
        self._unread_bytes = unread_bytes
        self._clients: set[AgentConnection] = set()
        self._frames: list[bytes] = []
        self._unsubscribe = log.subscribe(self._take)

    @property
    def full(self) -> bool:
        """Whether one more client would be too many."""
        return len(self._clients) >= MOST_CLIENTS

    async def serve(self, connection: AgentConnection) -> None:
        """Takes a client that has just come until it goes."""
        where = format_address(connection.remote_address)
        self._flush()  # what happened before it came is not for it
        self._clients.add(connection)
        self._note("connected", f"tap from {where}")
        reason = "ended by mdxdash"
        try:
            connection.deliver_to(lambda data: self._hear(connection, data))
            await connection.wait_closed()
            reason = connection.end_reason()[0]
        finally:
            self._clients.discard(connection)
            self._note("disconnected", f"tap from {where}: {reason}")

    def close(self) -> None:
        """Ends all connections."""
        self._unsubscribe()
        for client in self._clients:
            client.transport.close()

    def _hear(self, connection: AgentConnection, data: bytes) -> None:
        reply = self._obey(data)
        if reply is not None:
            self._write(connection, _frame(msgspec.json.encode(reply)))

    def _obey(self, data: bytes) -> TapReply | None:
        text = data.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r")
        if not text.startswith("{"):
            return _reply(None, self._send(parse_message(text)), always=False)
        try:
            command = msgspec.json.decode(data, type=TapCommand)
        except msgspec.DecodeError as error:
            return TapReply(None, refused=(f"no command: {error}",))
        delivered = self._send(parse_message(command.send), command.to, sure=command.sure)
        return _reply(command.id, delivered, always=True)

    def _take(self, event: Event) -> None:
        if not self._clients:
            return
        # Those of one turn of the loop leave together: a write each would slow a flood down.
        if not self._frames:
            asyncio.get_running_loop().call_soon(self._flush)
        self._frames.append(_frame(json_line(event)))

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
            client.cut(f"too slow, over {self._unread_bytes:,} bytes were waiting for it")

    def _note(self, kind: Literal["connected", "disconnected"], text: str) -> None:
        self._log.append(kind, text=text)


def add_tap(hub: HubServer) -> None:
    """Lets a hub that has not been entered yet serve the tap, if its settings say so."""
    if hub.settings.tap:
        send = partial(hub.send, by="tap")
        hub.add_endpoint(PATH, Tap(hub.log, send, hub.settings.tap_bytes))


def _frame(line: bytes) -> bytes:
    return Frame(Opcode.TEXT, line).serialize(mask=False)


def _reply(id_: int | str | None, delivered: Delivery, *, always: bool) -> TapReply | None:
    """The answer to a command; a bare line that goes its way gets none."""
    if delivered.agents and not delivered.refused and not always:
        return None
    refused = delivered.refused
    if not (delivered.agents or refused or delivered.asked):
        refused = ("no such agent is there",)
    return TapReply(id_, delivered.agents, refused, delivered.asked)
