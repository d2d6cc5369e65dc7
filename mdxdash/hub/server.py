"""The hub: the WebSocket server that agents dial.

It records everything in the EventLog, and sends everything through `HubServer.send`.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self
from weakref import WeakKeyDictionary

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from mdxdash.events.event import By
from mdxdash.events.log import EventLog
from mdxdash.hub.address import mdf_lines, server_url
from mdxdash.hub.admission import Admission
from mdxdash.hub.adoption import (
    Adoption,
    CannotHandOver,
    adopted_connection,
    adopted_relay,
    settle_agents,
)
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.interface import RETURN_WITHIN, Delivery
from mdxdash.hub.listening import BACKLOG, Listeners, check_path, listen, tls_context
from mdxdash.hub.redacting_logger import RedactingLogger
from mdxdash.hub.refusals import RefusalCount
from mdxdash.hub.snapshot import HubSnapshot
from mdxdash.hub.targets import selects
from mdxdash.hub.tls.handshake import TlsConnection, check_loop
from mdxdash.hub.traffic.decision import decide
from mdxdash.hub.traffic.send_queue import Outgoing
from mdxdash.language.translation import N_
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.framing import Unsendable
from mdxdash.wire.message import Message

if TYPE_CHECKING:  # at run time it loads websockets' client, which costs a start 10 ms
    from mdxdash.hub.relay.forwarding import Relay

CLOSE_TIMEOUT: Final = 0.8
"""Seconds that connections get to end when the hub closes."""

_GONE_AGENTS_KEPT: Final = 32
"""Agents without a connection that are still listed, at most."""


class Endpoint(Protocol):
    """Serves other programs than agents, under a path of its own."""

    @property
    def full(self) -> bool:
        """Whether it takes no further connection now."""

    async def serve(self, connection: AgentConnection) -> None:
        """Serves a connection that has just opened until it ends."""

    def close(self) -> None:
        """Ends all connections, since the hub closes."""


class HubServer:
    """Hosts the agents. Implements `AgentHub`. Use it as an asynchronous context manager: it
    listens while it is entered. Entering it raises `CannotListen`.
    """

    def __init__(
        self,
        settings: HubSettings,
        log: EventLog,
        groups: Mapping[str, Sequence[str]] = MappingProxyType({}),
        listeners: Listeners | None = None,
    ) -> None:
        """
        * `groups`: lists of agents' names and globs under their names: each is a target.
        * `listeners`: what listens already for these settings; else the hub listens when it is
          entered.
        """
        self.settings = settings
        self.log = log
        self.groups = groups
        self.port = settings.port if listeners is None else listeners.port
        self._listeners = listeners
        self._agents: dict[str, HubAgent] = {}
        self._endpoints: dict[str, Endpoint] = {}
        self._relays: WeakKeyDictionary[ServerConnection, Relay] = WeakKeyDictionary()
        """Of connections in their handshake, which may still fail."""
        self._admission = Admission(settings, self._log_refusal, self._endpoints)
        self._servers: tuple[Server, ...] = ()
        self._adoption: Adoption | None = None
        self._watcher: Callable[[HubAgent], None] = lambda agent: None
        self._adopted: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._going_on: set[asyncio.Task[None]] = set()

    def add_endpoint(self, path: str, endpoint: Endpoint) -> None:
        """Serves other programs beside the agents, under `path`, to be called before the hub is
        entered.

        `path` is without the secret, which clients put behind it as agents do. The hub closes the
        endpoint when it closes.
        """
        self._endpoints[path] = endpoint

    @property
    def url(self) -> str:
        """The URL that agents dial, without the secret: `ws://localhost:9001/chat`."""
        return f"{server_url(self.settings, self.port)}{self.settings.shown_path}"

    @property
    def dial_url(self) -> str:
        """The URL that agents dial, with the secret, so it must not be shown."""
        return f"{server_url(self.settings, self.port)}{self.settings.dial_path}"

    @property
    def mdf_lines(self) -> tuple[str, ...]:
        """The lines for an agent's `.mdf`, without the secret, to be shown."""
        return mdf_lines(self.settings.host, self.port, self.settings.shown_path)

    @property
    def full_mdf_lines(self) -> tuple[str, ...]:
        """The lines for an agent's `.mdf`, with the secret, to be copied."""
        return mdf_lines(self.settings.host, self.port, self.settings.dial_path)

    @property
    def agents(self) -> tuple[HubAgent, ...]:
        """All agents in the order in which they connected, also those that have gone."""
        return tuple(self._agents.values())

    @property
    def connected(self) -> tuple[HubAgent, ...]:
        """The agents with an open connection."""
        return self.targets(None)

    @property
    def refusals(self) -> tuple[RefusalCount, ...]:
        """The different refused connections with their numbers, the latest last."""
        return self._admission.refusals.counts

    def watch_connections(self, watcher: Callable[[HubAgent], None]) -> None:
        """Calls `watcher` with each agent that has got or lost a connection from now on."""
        self._watcher = watcher
        for agent in self._agents.values():
            agent.on_connection = watcher

    @property
    def listening_descriptors(self) -> tuple[int, ...]:
        """The descriptors of the listening sockets."""
        return tuple(each.fileno() for server in self._servers for each in server.sockets)

    def adopt(self, adoption: Adoption) -> None:
        """Takes over the hub of another process when this one is entered, which listens on that
        one's sockets then. Its agents wait until `go_on` is called."""
        self._adoption = adoption

    def go_on(self) -> None:
        """Serves the adopted agents from now on."""
        for serve_agent in self._adopted:
            task = asyncio.create_task(serve_agent())
            self._going_on.add(task)
            task.add_done_callback(self._going_on.discard)
        self._adopted.clear()

    async def settle(self) -> None:
        """Prepares the agents for another process: they are not read any more, and nothing more of
        them goes to the upstream; `thaw` ends that.

        `freeze` must follow without an `await` in between. Raises `CannotHandOver`, also where
        sockets cannot be handed over.
        """
        if self.settings.has_tls:
            raise CannotHandOver(N_("with TLS the state of a connection cannot leave its process"))
        await settle_agents(lambda: self.connected, lambda: self._admission.opening)

    def freeze(self) -> tuple[HubSnapshot, tuple[int, ...]]:
        """Returns what another process needs to go on, and the descriptors of the sockets for it.
        The event loop must not run until that process goes on, or cannot: see `thaw`, `let_go`."""
        self._admission.refusals.close()
        listeners = self.listening_descriptors
        agents = tuple(agent.snapshot() for agent in self._agents.values())
        found = [agent.socket_descriptor for agent in self._agents.values()]
        snapshot = HubSnapshot(
            self.port, len(listeners), agents, self._admission.refusals.snapshot()
        )
        return snapshot, (*listeners, *(each for each in found if each is not None))

    def thaw(self) -> None:
        """Goes on here: the other process does not take over."""
        for agent in self.connected:
            agent.release()

    def let_go(self) -> None:
        """Closes all sockets here: another process has them, so the agents notice nothing."""
        servers, self._servers = self._servers, ()
        for server in servers:
            server.close(close_connections=False)
        for agent in self.connected:
            agent.let_go()

    async def __aenter__(self) -> Self:
        if self._adoption is not None:
            await self._enter_adopted(self._adoption)
            return self
        listeners = self._listeners
        try:
            check_path(self.settings, self._endpoints)
            tls = tls_context(self.settings.tls_cert, self.settings.tls_key)
            if tls is not None:
                check_loop()
            listeners = listeners or listen(self.settings)
            self.port = listeners.port
            self._servers = tuple([await self._listen(tls, each) for each in listeners.sockets])
        except BaseException:
            if listeners is not None:
                listeners.close()
            raise
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stops listening, and ends every connection without a close frame, within 1 second."""
        servers, self._servers = self._servers, ()
        if not servers:
            return
        # Else websockets would send each agent a close code (see `connection`).
        for server in servers:
            server.close(close_connections=False)
        for endpoint in self._endpoints.values():
            endpoint.close()
        if connected := self.connected:
            await asyncio.gather(*(agent.end(CLOSE_TIMEOUT / 2) for agent in connected))
        if self._going_on:
            await asyncio.wait(self._going_on, timeout=CLOSE_TIMEOUT / 2)
        # A handshake that does not end is not waited for.
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT / 2):
                for server in servers:
                    await server.wait_closed()
        self._admission.refusals.close()

    @property
    def unsafe(self) -> bool:
        """Whether messages that may harm an agent are sent unasked, as the settings say."""
        return self.settings.unsafe

    def send(
        self,
        message: Message,
        target: str | None = None,
        *,
        sure: bool = False,
        by: By = "",
        records_refusals: bool = True,
    ) -> Delivery:
        """Queues a message for the agents that `target` selects (None: all; see `targets`).

        A message that would harm an agent is refused, and recorded with the reason. One that may
        harm an agent, as far as its state is known, is queued only if the caller is `sure` or the
        settings have `unsafe`. `by` names what sent it, if not a person. Without `records_refusals`
        the caller records them. Returns what was done with it; raises nothing.
        """
        try:
            outgoing = Outgoing.of(message, by)
        except Unsendable as error:
            if records_refusals:
                self._refuse_line(message, str(error))
            return Delivery(refused=(str(error),))
        decision = decide(outgoing, self.targets(target), sure=sure or self.settings.unsafe)
        for agent in decision.takers:
            agent.enqueue(outgoing)
        for agent, reason in decision.refusals if records_refusals else ():
            self._refuse_line(message, reason, agent.name)
        return Delivery(decision.names, decision.reasons, decision.asked)

    def stop_speech(self, target: str | None = None) -> int:
        """Stops what the agents speak that `target` selects (None: all). Returns how many spoke."""
        speaking = [agent for agent in self.targets(target) if agent.speech is not None]
        for agent in speaking:
            agent.stop_speech()
        return len(speaking)

    def targets(self, target: str | None) -> tuple[HubAgent, ...]:
        """Returns the connected agents that `target` selects now (None: all; see `targets`)."""
        found = []
        for agent in self._agents.values():
            if agent.connected and (target is None or selects(target, agent.name, self.groups)):
                found.append(agent)
        return tuple(found)

    async def _enter_adopted(self, adoption: Adoption) -> None:
        known = adoption.hub
        self.port = known.port
        self._admission.refusals.restore(known.refusals)
        self._servers = tuple([await self._listen(None, each) for each in adoption.listeners])
        for each in known.agents:
            agent = self._agents[each.name] = HubAgent(
                each.name, each.path, self.log, self.settings
            )
            agent.on_connection = self._watcher
            agent.restore(each)
        for each, connection, sock in adoption.connections:
            adopted = await adopted_connection(connection, sock, self._servers[0], self._admission)
            relay = adopted_relay(each.kept, adopted, self._admission)
            self._adopted.append(partial(self._agents[each.name].go_on, adopted, relay))

    async def _listen(self, tls: ssl.SSLContext | None, listener: socket.socket) -> Server:
        """Serves whoever dials a listening socket."""
        settings = self.settings
        return await serve(
            self._handle,
            process_request=self._admit,
            create_connection=partial(self._connection, tls),  # type: ignore[arg-type]  # any will do
            compression=None,
            server_header=None,
            open_timeout=settings.handshake_timeout,
            # `HubAgent` pings: websockets would end the connection of an agent that is silent.
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT / 2,
            max_size=settings.frame_bytes,
            logger=RedactingLogger(settings),
            backlog=BACKLOG,
            sock=listener,
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
        self._admission.log_refusal(
            connection,
            N_("the server {url} refused with {status}").format(url=relay.url, status=status),
        )
        # The upstream's own reason phrase decides what the agent does (PROTOCOL.md, Opening).
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
        suffix = self._admission.path_suffix(connection.request.path) or ""
        await self._agent_for(suffix).serve(connection, self._relays.pop(connection, None))

    def _agent_for(self, suffix: str) -> HubAgent:
        """Returns the agent that was connected a moment ago under the path with this suffix, or a
        new one."""
        now = time.time()
        path = f"{self.settings.shown_path}{suffix}"
        for agent in self._agents.values():
            if agent.path == path and agent.gone_at and now - agent.gone_at < RETURN_WITHIN:
                return agent
        self._forget_gone_agents()
        base = (self.settings.path.strip("/") or "agent") + suffix
        names = (base if n == 1 else f"{base}#{n}" for n in range(1, len(self._agents) + 2))
        taken = {agent.name for agent in self._agents.values() if agent.connected}
        name = next(name for name in names if name not in taken)
        self._agents.pop(name, None)
        agent = self._agents[name] = HubAgent(name, path, self.log, self.settings)
        agent.on_connection = self._watcher
        return agent

    def _forget_gone_agents(self) -> None:
        gone = [agent for agent in self._agents.values() if not agent.connected]
        for agent in gone[: max(0, len(gone) - _GONE_AGENTS_KEPT)]:
            del self._agents[agent.name]

    def _refuse_line(self, message: Message, reason: str, agent: str = "") -> None:
        # Text that cannot be encoded as UTF-8 is escaped: recordings and screens hold UTF-8.
        type_, args = (
            text.encode("utf-8", "backslashreplace").decode()
            for text in (message.type, message.args)
        )
        self.log.append("refused", agent, type_, args, text=reason)

    def _log_refusal(self, text: str) -> None:
        self.log.append("refused", text=text)
