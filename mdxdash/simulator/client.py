"""The simulator on the network: a WebSocket client with the manners of Plugin_Remote.

It dials, tries again, follows `429 Too Many Requests` to another path, echoes at the agent's
pace, never takes part in a close, and stops with the reason where the real one would crash.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import NoReturn

import msgspec
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.uri import parse_uri

from mdxdash.simulator.life import Life
from mdxdash.simulator.parser import Crash, Issued, Outcome
from mdxdash.simulator.simulated_agent import SimulatedAgent
from mdxdash.simulator.tcp_connection import AgentSocket
from mdxdash.wire.message import Message, parse_message

RETRY_PAUSE = 0.5
"""Seconds before another attempt at the same path."""

OTHER_PATH_PAUSE = 0.2
"""Seconds before the attempt at another path, after `429 Too Many Requests`."""

RECONNECT_PAUSE = 0.3
"""Seconds between a loss and the first attempt: a real agent that is cut off each time it comes
returns about three times a second."""

HANDSHAKE_TIMEOUT = 60.0
"""Seconds that the agent waits for the answer to its request."""


class Connected(msgspec.Struct, frozen=True):
    """The handshake was accepted."""

    path: str


class Refused(msgspec.Struct, frozen=True):
    """An attempt failed: nobody listens, or the server answered other than with 101."""

    path: str
    reason: str


class Disconnected(msgspec.Struct, frozen=True):
    """The connection is gone."""

    reason: str


class Wrote(msgspec.Struct, frozen=True):
    """The payload of a text frame that left."""

    payload: bytes


ClientEvent = Connected | Refused | Disconnected | Wrote | Outcome
"""What `on_event` is told: how the connection does, what left, what the parser made of input."""


class AgentStopped(Exception):
    """The simulated agent is at its end; the text says why."""


class AgentCrashed(AgentStopped):
    """The real program would have died here."""


class AgentGaveUp(AgentStopped):
    """The agent lives on without a connection, and will not try again."""


class Simulator:
    """A stand-in MMDAgent-EX that dials `url` (`ws://HOST:PORT/PATH` or `wss://…`).

    `retries` is `Plugin_Remote_RetryCount`: attempts after a failed one, counted anew after each
    loss. `log` is `Plugin_Remote_AllLog`. `on_event` is called from the event loop with every
    `ClientEvent`, and must not block. `tls` serves `wss`; without it any certificate is accepted,
    as the agent does.
    """

    def __init__(
        self,
        url: str,
        *,
        life: Life | None = None,
        retries: int = 0,
        log: bool = False,
        tls: ssl.SSLContext | None = None,
        on_event: Callable[[ClientEvent], None] | None = None,
    ) -> None:
        self._uri = parse_uri(url)
        self._retries = retries
        self._tls = (tls or _trusting_context()) if self._uri.secure else None
        self._tell = on_event if on_event is not None else _say_nothing
        self._agent = SimulatedAgent(Life() if life is None else life, log=log)
        self._connection: AgentSocket | None = None

    def say(self, line: str) -> None:
        """Issue a message, `TYPE|args`, inside the agent; it leaves a little later. What is said
        while there is no connection is lost. Call it from the event loop that runs `run`."""
        self._agent.say(parse_message(line), asyncio.get_running_loop().time())
        if self._connection is not None:
            self._connection.wake()

    async def run(self) -> NoReturn:
        """Be an agent until cancelled. Cancelled, it ends as a killed process does: TCP is closed,
        without a close frame.

        Raises:
            AgentCrashed: it received what makes the real program crash.
            AgentGaveUp: no server took it in within its retries, or it was told to disable its
                part that holds the connection.
        """
        while True:
            connection = await self._dial()
            self._connection = connection
            try:
                reason = await connection.converse()
            finally:
                self._connection = None
                self._agent.disconnect()
                connection.close()
            self._tell(Disconnected(reason))
            await asyncio.sleep(RECONNECT_PAUSE)

    async def _dial(self) -> AgentSocket:
        """A connection on which the handshake was accepted. Raises `AgentGaveUp`."""
        path = self._uri.resource_name
        failures = 0
        while True:
            connection = AgentSocket(self._agent, self._hear, self._wrote)
            try:
                answer = await self._attempt(connection, path)
            except (OSError, EOFError, TimeoutError, InvalidHandshake) as error:
                answer = str(error) or type(error).__name__
            except BaseException:
                connection.close()
                raise
            if answer is None:
                self._tell(Connected(path))
                return connection
            connection.close()
            self._tell(Refused(path, answer))
            if failures >= self._retries:
                raise AgentGaveUp(f"no connection to {path} after {failures} retries: {answer}")
            failures += 1
            if "Too Many Requests" in answer:
                path = f"{path}-{failures}"
                await asyncio.sleep(OTHER_PATH_PAUSE)
            else:
                await asyncio.sleep(RETRY_PAUSE)

    async def _attempt(self, connection: AgentSocket, path: str) -> str | None:
        """Ask the server in. None if it accepts, or else its answer: status and reason."""
        uri = self._uri
        protocol = ClientProtocol(uri)
        request = protocol.connect()
        request.path = path
        request.headers["X-App-Type"] = "MMDAgent"
        async with asyncio.timeout(HANDSHAKE_TIMEOUT):
            await asyncio.get_running_loop().create_connection(
                lambda: connection, uri.host, uri.port, ssl=self._tls
            )
            head = await connection.ask(request.serialize())
        status = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")[2]
        if not status.startswith("101"):
            return status or "no HTTP answer"
        protocol.receive_data(head)
        if protocol.handshake_exc is not None:
            return str(protocol.handshake_exc)
        connection.open()
        return None

    def _hear(self, outcome: Outcome) -> None:
        """Tell of an outcome. Raises the end of the agent; returns for all that it survives."""
        self._tell(outcome)
        if isinstance(outcome, Crash):
            raise AgentCrashed(outcome.reason)
        if isinstance(outcome, Issued) and outcome.message == Message("PLUGIN_DISABLE", "Remote"):
            raise AgentGaveUp("PLUGIN_DISABLE|Remote closes the connection for good")

    def _wrote(self, payload: bytes) -> None:
        self._tell(Wrote(payload))


def _say_nothing(happening: ClientEvent) -> None:
    pass


def _trusting_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
