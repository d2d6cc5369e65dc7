"""The hub: the WebSocket server that agents dial. It listens, admits, refuses and passes on.

Everything that happens goes into the EventLog; what is sent goes through `HubServer.send`.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self
from weakref import WeakKeyDictionary

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from mdxdash.catalog.check import harms
from mdxdash.events.event import By
from mdxdash.events.log import EventLog
from mdxdash.hub.address import (
    addresses,
    explain_listen_error,
    free_port,
    mdf_lines,
)
from mdxdash.hub.admission import Admission
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.interface import RETURN_WITHIN, Delivery
from mdxdash.hub.redacting_logger import RedactingLogger
from mdxdash.hub.start_checks import check_before_listening, tls_context
from mdxdash.hub.targets import selects
from mdxdash.hub.tls.handshake import TlsConnection
from mdxdash.hub.traffic.send_queue import Outgoing, QueueFull
from mdxdash.settings.hub_section import HubSettings
from mdxdash.wire.framing import Unsendable
from mdxdash.wire.message import Message

if TYPE_CHECKING:  # at run time it loads websockets' client, which costs a start 10 ms
    from mdxdash.hub.relay.forwarding import Relay

CLOSE_TIMEOUT: Final = 0.8
"""Seconds that the hub gives connections to end when it closes."""

_GONE_AGENTS_KEPT: Final = 32


class Endpoint(Protocol):
    """Serves connections that are no agents, under a path of its own."""

    @property
    def full(self) -> bool:
        """Whether it takes no further connection now."""

    async def serve(self, connection: AgentConnection) -> None:
        """Serves a connection that has just opened until it ends."""

    def close(self) -> None:
        """The hub closes: ends all connections."""


class HubServer:
    """Hosts the agents. Use it as an asynchronous context manager.

    Entering it raises `CannotListen`.
    """

    def __init__(
        self,
        settings: HubSettings,
        log: EventLog,
        groups: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self.settings = settings
        self.log = log
        self.groups = groups
        """Names for several agents: each stands for names and globs of agents."""
        self.port = settings.port
        self._agents: dict[str, HubAgent] = {}
        self._endpoints: dict[str, Endpoint] = {}
        self._relays: WeakKeyDictionary[ServerConnection, Relay] = WeakKeyDictionary()
        """Those of connections in their handshake, which may yet fail."""
        self._admission = Admission(settings, self._log_refusal, self._endpoints)
        self._server: Server | None = None

    def add_endpoint(self, path: str, endpoint: Endpoint) -> None:
        """Serves other programs beside the agents.

        `path` is without the secret, which clients must know as agents must. Call it before the
        hub is entered; the hub closes the endpoint when it closes.
        """
        self._endpoints[path] = endpoint

    @property
    def url(self) -> str:
        """Where agents find it: `ws://localhost:9001/chat`; a secret is not in it."""
        return f"{self._server_url}{self.settings.shown_path}"

    @property
    def dial_url(self) -> str:
        """Where agents find it, with the secret: for who dials, never for who looks."""
        return f"{self._server_url}{self.settings.dial_path}"

    @property
    def mdf_lines(self) -> tuple[str, ...]:
        """The lines for an agent's `.mdf`, as they may be shown; a secret is not in them."""
        return mdf_lines(self.settings.host, self.port, self.settings.shown_path)

    @property
    def full_mdf_lines(self) -> tuple[str, ...]:
        """The lines for an agent's `.mdf`, to be copied: with the secret."""
        return mdf_lines(self.settings.host, self.port, self.settings.dial_path)

    @property
    def _server_url(self) -> str:
        scheme = "wss" if self.settings.has_tls else "ws"
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        return f"{scheme}://{host}:{self.port}"

    @property
    def agents(self) -> tuple[HubAgent, ...]:
        """Every agent, in the order of their coming, also those that have gone."""
        return tuple(self._agents.values())

    @property
    def connected(self) -> tuple[HubAgent, ...]:
        """The agents with an open connection."""
        return tuple(agent for agent in self._agents.values() if agent.connected)

    async def __aenter__(self) -> Self:
        hosts = addresses(self.settings.host)
        check_before_listening(self.settings, hosts, self._endpoints)
        tls = tls_context(self.settings)
        attempts = 10 if self.settings.port == 0 else 1
        for attempt in range(1, attempts + 1):
            # Port 0 would take another port for each of the loopback addresses.
            self.port = self.settings.port or free_port(hosts[0])
            try:
                self._server = await self._listen(hosts, tls)
                break
            except OSError as error:
                if attempt == attempts:
                    raise explain_listen_error(error, self.settings) from error
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends every connection without a close frame, and stops listening; takes under 1 s."""
        server, self._server = self._server, None
        if server is None:
            return
        # Without this, websockets would send each agent a close code (see `connection`).
        server.close(close_connections=False)
        for endpoint in self._endpoints.values():
            endpoint.close()
        if connected := self.connected:
            await asyncio.gather(*(agent.end(CLOSE_TIMEOUT / 2) for agent in connected))
        # An opening handshake that never ends is left to end with the event loop.
        with suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), CLOSE_TIMEOUT / 2)

    def send(
        self, message: Message, target: str | None = None, *, sure: bool = False, by: By = ""
    ) -> Delivery:
        """Hands a message to the agents that `target` means (see `targets`).

        What would harm an agent is refused, and recorded with the reason. What may harm one, as
        far as is known of its state, is sent only when the caller is `sure`.
        """
        try:
            outgoing = Outgoing.of(message, by)
        except Unsendable as error:
            self._refuse_line(message, str(error))
            return Delivery(refused=(str(error),))
        agents = self.targets(target)
        found = {agent.name: harms(outgoing.command, agent.known) for agent in agents}
        asked = tuple(
            dict.fromkeys(str(f) for each in found.values() for f in each if f.severity == "ask")
        )
        if asked and not (sure or self.settings.unsafe):
            return Delivery(asked=asked)
        taken: list[str] = []
        refused: list[str] = []
        for agent in agents:
            reason = next((str(f) for f in found[agent.name] if f.severity == "refused"), "")
            try:
                if not reason:
                    agent.enqueue(outgoing)
                    taken.append(agent.name)
            except QueueFull as error:
                reason = str(error)
            if reason:
                refused.append(f"{agent.name}: {reason}")
                self._refuse_line(message, reason, agent.name)
        return Delivery(tuple(taken), tuple(refused))

    def targets(self, target: str | None) -> tuple[HubAgent, ...]:
        """The connected agents that `target` means now: see `targets`."""
        return tuple(agent for agent in self.connected if selects(target, agent.name, self.groups))

    async def _listen(self, hosts: list[str], tls: ssl.SSLContext | None) -> Server:
        settings = self.settings
        return await serve(
            self._handle,
            hosts,  # type: ignore[arg-type]  # passed on to create_server, which takes several
            self.port,
            process_request=self._admit,
            create_connection=partial(self._connection, tls),  # type: ignore[arg-type]  # any will do
            compression=None,
            server_header=None,
            open_timeout=settings.handshake_timeout,
            # Pings are the agent's own (`HubAgent._watch`): these would cut a silent agent off.
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT / 2,
            max_size=settings.frame_bytes,
            logger=RedactingLogger(settings),
            backlog=1024,
        )

    async def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        refused = self._admission.admit(connection, request)
        to_endpoint = self._admission.endpoint_path(request.path) is not None
        if refused is not None or self.settings.relay is None or to_endpoint:
            return refused
        assert isinstance(connection, AgentConnection)
        from mdxdash.hub.relay.forwarding import Relay  # noqa: PLC0415  websockets' client, 10 ms to load

        relay = Relay(self.settings, self._admission.path_suffix(request.path) or "", request)
        connection.relay = self._relays[connection] = relay
        response = await relay.connect()
        if response is None:
            return None
        status = f"{response.status_code} {response.reason_phrase}"
        self._admission.log_refusal(connection, f"the server {relay.url} said {status}")
        # The very response, reason phrase included: on it depends what the agent does next.
        copy = connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "")
        copy.status_code, copy.reason_phrase = response.status_code, response.reason_phrase
        copy.body = response.body
        del copy.headers["Content-Length"]
        copy.headers["Content-Length"] = str(len(response.body or b""))
        return copy

    def _connection(
        self,
        tls: ssl.SSLContext | None,
        protocol: ServerProtocol,
        server: Server,
        **options: Any,
    ) -> AgentConnection:
        if tls is not None:
            return TlsConnection(protocol, server, self._admission, tls, **options)
        return AgentConnection(protocol, server, self._admission, **options)

    async def _handle(self, connection: ServerConnection) -> None:
        assert isinstance(connection, AgentConnection)
        assert connection.request is not None
        endpoint = self._admission.endpoint_path(connection.request.path)
        if endpoint is not None:
            await self._endpoints[endpoint].serve(connection)
            return
        tail = self._admission.path_suffix(connection.request.path) or ""
        await self._agent_for(tail).serve(connection, self._relays.pop(connection, None))

    def _agent_for(self, tail: str) -> HubAgent:
        """The agent that was there a moment ago under our path with this tail, or a new one."""
        now = time.time()
        path = f"{self.settings.shown_path}{tail}"
        for agent in self._agents.values():
            if agent.path == path and agent.gone_at and now - agent.gone_at < RETURN_WITHIN:
                return agent
        self._forget_gone_agents()
        base = (self.settings.path.strip("/") or "agent") + tail
        names = (base if n == 1 else f"{base}#{n}" for n in range(1, len(self._agents) + 2))
        taken = {agent.name for agent in self._agents.values() if agent.connected}
        name = next(name for name in names if name not in taken)
        self._agents.pop(name, None)
        agent = self._agents[name] = HubAgent(name, path, self.log, self.settings)
        return agent

    def _forget_gone_agents(self) -> None:
        gone = [agent for agent in self._agents.values() if not agent.connected]
        for agent in gone[: max(0, len(gone) - _GONE_AGENTS_KEPT)]:
            del self._agents[agent.name]

    def _refuse_line(self, message: Message, reason: str, agent: str = "") -> None:
        # What has no UTF-8 form can be neither recorded nor shown.
        type_, args = (
            text.encode("utf-8", "backslashreplace").decode()
            for text in (message.type, message.args)
        )
        self.log.append("refused", agent, type_, args, text=reason)

    def _log_refusal(self, text: str) -> None:
        self.log.append("refused", text=text)
