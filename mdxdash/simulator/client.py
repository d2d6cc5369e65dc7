"""The simulator on the network: a WebSocket client that behaves like Plugin_Remote.

It connects, retries, goes on to another path after `429 Too Many Requests`, echoes at the agent's
pace, never answers a close frame, and stops with the reason where the real agent would crash.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import NoReturn

import msgspec
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.uri import parse_uri

from mdxdash.simulator.behavior import Behavior
from mdxdash.simulator.input_parser import Crash, Issued, Outcome
from mdxdash.simulator.simulated_agent import SimulatedAgent
from mdxdash.simulator.tcp_connection import AgentSocket
from mdxdash.wire.message import Message, parse_message

RETRY_PAUSE = 0.5
"""Seconds before another attempt at the same path."""

OTHER_PATH_PAUSE = 0.2
"""Seconds before the attempt at another path, after `429 Too Many Requests`."""

RECONNECT_PAUSE = 0.3
"""Seconds between a lost connection and the next attempt. A real agent whose connection is cut each
time returns about three times a second (PROTOCOL.md)."""

HANDSHAKE_TIMEOUT = 60.0
"""Seconds that the agent waits for the response to its request."""


class Connected(msgspec.Struct, frozen=True):
    """The handshake was accepted."""

    path: str


class Refused(msgspec.Struct, frozen=True):
    """An attempt failed: nothing listens, or the server responded with another status than 101."""

    path: str
    reason: str


class Disconnected(msgspec.Struct, frozen=True):
    """The connection has ended."""

    reason: str


class Wrote(msgspec.Struct, frozen=True):
    """The payload of a text frame that was sent."""

    payload: bytes


ClientEvent = Connected | Refused | Disconnected | Wrote | Outcome
"""What `on_event` gets: the state of the connection, what was sent, the outcomes of the parser."""


class AgentStopped(Exception):
    """The simulated agent has ended; the text gives the reason."""


class AgentCrashed(AgentStopped):
    """The real program would have crashed."""


class AgentGaveUp(AgentStopped):
    """The agent would run on without a connection, and would not try again."""


class Simulator:
    """A stand-in MMDAgent-EX that connects to `url` (`ws://HOST:PORT/PATH` or `wss://…`).

    `retries` is `Plugin_Remote_RetryCount`: the attempts after a failed one, counted from 0 again
    after each loss. `log` is `Plugin_Remote_AllLog`. `on_event` is called from the event loop with
    every `ClientEvent`, and must not block. `tls` is used for `wss`; without it any certificate is
    accepted, as the agent does.
    """

    def __init__(
        self,
        url: str,
        *,
        behavior: Behavior | None = None,
        retries: int = 0,
        log: bool = False,
        tls: ssl.SSLContext | None = None,
        on_event: Callable[[ClientEvent], None] | None = None,
    ) -> None:
        self._uri = parse_uri(url)
        self._retries = retries
        self._tls = (tls or _trusting_context()) if self._uri.secure else None
        self._notify = on_event if on_event is not None else _ignore
        self._agent = SimulatedAgent(Behavior() if behavior is None else behavior, log=log)
        self._connection: AgentSocket | None = None

    def issue(self, line: str) -> None:
        """Issue a message, `TYPE|args`, inside the agent, which sends it a little later.

        Without a connection it is lost. Call it from the event loop that runs `run`.
        """
        self._agent.issue(parse_message(line), asyncio.get_running_loop().time())
        if self._connection is not None:
            self._connection.wake()

    def pause_reading(self) -> None:
        """Leave what the server sends in the kernel's buffers, as a program that is held up."""
        if self._connection is not None:
            self._connection.pause_reading()

    def resume_reading(self) -> None:
        """Go on reading after `pause_reading`."""
        if self._connection is not None:
            self._connection.resume_reading()

    async def run(self) -> NoReturn:
        """Run the agent until cancelled. Then the TCP connection is closed without a close frame,
        as by a killed process.

        Raises:
            AgentCrashed: it received what makes the real program crash.
            AgentGaveUp: no server accepted it within its retries, or it received
                `PLUGIN_DISABLE|Remote`.
        """
        while True:
            connection = await self._dial()
            self._connection = connection
            try:
                reason = await connection.wait_ended()
            finally:
                self._connection = None
                self._agent.disconnect()
                connection.close()
            self._notify(Disconnected(reason))
            await asyncio.sleep(RECONNECT_PAUSE)

    async def _dial(self) -> AgentSocket:
        """Return a connection whose handshake was accepted.

        Raises:
            AgentGaveUp: all attempts failed.
        """
        path = self._uri.resource_name
        failures = 0
        while True:
            connection = AgentSocket(self._agent, self._on_outcome, self._on_written)
            try:
                refusal = await self._attempt(connection, path)
            except (OSError, EOFError, TimeoutError, InvalidHandshake) as error:
                refusal = _describe(error)
            except BaseException:
                connection.close()
                raise
            if refusal is None:
                self._notify(Connected(path))
                return connection
            connection.close()
            self._notify(Refused(path, refusal))
            if failures >= self._retries:
                raise AgentGaveUp(f"no connection to {path} after {failures} retries: {refusal}")
            failures += 1
            if "Too Many Requests" in refusal:
                path = f"{path}-{failures}"
                await asyncio.sleep(OTHER_PATH_PAUSE)
            else:
                await asyncio.sleep(RETRY_PAUSE)

    async def _attempt(self, connection: AgentSocket, path: str) -> str | None:
        """Attempt the opening handshake. Returns None if it is accepted, else why it is not."""
        uri = self._uri
        protocol = ClientProtocol(uri)
        request = protocol.connect()
        request.path = path
        request.headers["X-App-Type"] = "MMDAgent"
        async with asyncio.timeout(HANDSHAKE_TIMEOUT):
            await asyncio.get_running_loop().create_connection(
                lambda: connection, uri.host, uri.port, ssl=self._tls
            )
            head = await connection.request(request.serialize())
        status = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")[2]
        if not status.startswith("101"):
            return status or "no HTTP response"
        protocol.receive_data(head)
        if protocol.handshake_exc is not None:
            return str(protocol.handshake_exc)
        connection.open()
        return None

    def _on_outcome(self, outcome: Outcome) -> None:
        """Report an outcome. Raises `AgentStopped` for one that ends the agent."""
        self._notify(outcome)
        if isinstance(outcome, Crash):
            raise AgentCrashed(outcome.reason)
        if isinstance(outcome, Issued) and outcome.message == Message("PLUGIN_DISABLE", "Remote"):
            raise AgentGaveUp("PLUGIN_DISABLE|Remote closes the connection for good")

    def _on_written(self, payload: bytes) -> None:
        self._notify(Wrote(payload))


def _ignore(event: ClientEvent) -> None:
    pass


def _trusting_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _describe(error: Exception) -> str:
    # asyncio joins the errors of several addresses, as of `localhost`, into one of this text.
    if isinstance(error, ConnectionRefusedError) or "Multiple exceptions" in str(error):
        return "nothing listens there"
    return str(error) or type(error).__name__
