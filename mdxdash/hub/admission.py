"""The door of the hub: who comes in, who is turned away with which answer, how many may wait.

Web pages, plain HTTP, wrong paths and wrong secrets stay out. What is told of a visitor never
holds the secret, nor what may be nearly it.
"""

import asyncio
import hmac
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, Protocol

import msgspec
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from mdxdash.hub.address import TAIL, spelled
from mdxdash.settings.hub_section import HubSettings

TOLD_PER_SECOND: Final = 50
"""Refusals told one by one; a flood is told as a number, so that it does not drive what agents
say out of memory."""

_PLAIN_ANSWER = (
    "This is mdxdash, the WebSocket server that MMDAgent-EX agents dial.\n"
    "There is no page here; point an agent's .mdf at this address.\n"
)
_SHOWN_LENGTH = 200


class Refusal(msgspec.Struct, frozen=True):
    """Why a visitor is turned away."""

    status: HTTPStatus
    answer: str
    """The body of the HTTP answer."""
    told: str
    """The reason in the event log."""


class Bounded(Protocol):
    """What serves a bounded number of connections."""

    @property
    def full(self) -> bool:
        """Whether it takes no further connection now."""


class Admission:
    """Keeps account of the connections from their first byte to their last.

    `tell` is called with each refusal, in words; `endpoints` are served beside the agents, each
    under its path, with the secret after it if there is one.
    """

    def __init__(
        self,
        settings: HubSettings,
        tell: Callable[[str], None],
        endpoints: Mapping[str, Bounded] = MappingProxyType({}),
    ) -> None:
        self.settings = settings
        self._tell = tell
        self._endpoints = endpoints
        self._arriving: dict[ServerConnection, float] = {}
        """With the time of their coming; the oldest comes first."""
        self._inside: dict[ServerConnection, str] = {}
        """With the tail of their path."""
        self._second = 0
        self._told = 0

    def arrive(self, connection: ServerConnection) -> None:
        """A connection was accepted, and its request is awaited. The oldest of too many goes."""
        self._arriving[connection] = time.monotonic()
        if len(self._arriving) > self.settings.half_open:
            oldest = next(iter(self._arriving))
            self.turn_away(
                oldest, f"no request yet, and {self.settings.half_open} others were waiting"
            )
            oldest.transport.abort()

    def leave(self, connection: ServerConnection) -> None:
        """A connection is gone."""
        self._inside.pop(connection, None)
        came = self._arriving.get(connection)
        if came is None:
            return
        limit = self.settings.handshake_timeout
        if time.monotonic() - came >= limit:
            self.turn_away(connection, f"no whole request within {limit:g} s")
        else:
            self.turn_away(connection, "no WebSocket request came before it ended")

    def turn_away(self, connection: ServerConnection, reason: str) -> None:
        """Tells, once, that a connection which was not let in is refused."""
        if self._arriving.pop(connection, None) is not None:
            self.tell(connection, reason)

    def tell(self, connection: ServerConnection, reason: str) -> None:
        """Tells why a connection is refused; of many a second only how many they were."""
        second = int(time.monotonic())
        if second != self._second:
            self._tell_rest()
            self._second = second
        self._told += 1
        if self._told <= TOLD_PER_SECOND:
            self._tell(f"connection from {spelled(connection.remote_address)}: {reason}")
        elif self._told == TOLD_PER_SECOND + 1:
            asyncio.get_running_loop().call_later(1, self._tell_rest)

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Lets an agent in (None), or turns away what is none with a short answer."""
        refusal = self._judge(request)
        if refusal is not None:
            self.turn_away(connection, refusal.told)
            answer = connection.respond(refusal.status, refusal.answer)
            if refusal.status == HTTPStatus.UPGRADE_REQUIRED:
                answer.headers["Upgrade"] = "websocket"
            return answer
        self._arriving.pop(connection, None)
        if self.endpoint_path(request.path) is None:
            self._inside[connection] = self.tail(request.path) or ""
        return None

    def endpoint_path(self, path: str) -> str | None:
        """The path, without the secret, of the endpoint that a request's path names; None if it
        names none."""
        for own in self._endpoints:
            wanted = self.settings.with_secret(own)
            if hmac.compare_digest(_bytes(path), _bytes(wanted)):
                return own
        return None

    def tail(self, path: str) -> str | None:
        """What follows our path in a visitor's: `` or `-1`; None for a path that is not ours."""
        ours = self.settings.dial_path
        start, rest = path[: len(ours)], path[len(ours) :]
        same = hmac.compare_digest(_bytes(start), _bytes(ours))
        return rest if same and TAIL.fullmatch(rest) else None

    def _judge(self, request: Request) -> Refusal | None:
        settings = self.settings
        origins = request.headers.get_all("Origin")
        if origins and (len(origins) > 1 or origins[0] not in settings.allow_origins):
            told = f"a web page of {_short(', '.join(origins))} (Origin)"
            return Refusal(HTTPStatus.FORBIDDEN, "No web pages here.\n", told)
        if "websocket" not in map(str.lower, request.headers.get_all("Upgrade")):
            told = f"plain HTTP for {self._shown(request.path)}"
            return Refusal(HTTPStatus.UPGRADE_REQUIRED, _PLAIN_ANSWER, told)
        if (endpoint := self.endpoint_path(request.path)) is not None:
            if self._endpoints[endpoint].full:
                told = f"as many programs are connected to {endpoint} as may be"
                return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Enough of you here.\n", told)
            return None
        tail = self.tail(request.path)
        if tail is None:
            told = f"path {self._shown(request.path)}, expected {settings.shown_path}"
            said = "Not here" if settings.secret else f"The path here is {settings.path}"
            return Refusal(HTTPStatus.NOT_FOUND, f"{said}\n", told)
        if len(self._inside) >= settings.max_agents:
            told = f"{settings.max_agents} agents are connected, which is the most (max_agents)"
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Enough agents here.\n", told)
        if settings.exclusive and tail in self._inside.values():
            # On exactly this reason phrase the agent goes on to another path.
            told = f"{settings.shown_path}{tail} is taken (exclusive)"
            return Refusal(HTTPStatus.TOO_MANY_REQUESTS, "This path is taken.\n", told)
        return None

    def _shown(self, path: str) -> str:
        if self.settings.secret is None:
            return _short(path)
        # It may be the secret with a slip in it, or that of another server.
        return f"of {len(path)} characters (not shown: it may hold a secret)"

    def _tell_rest(self) -> None:
        rest, self._told = self._told - TOLD_PER_SECOND, 0
        if rest > 0:
            self._tell(f"{rest:,} more connections within a second")


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _short(text: str) -> str:
    clean = text.encode("utf-8", "backslashreplace").decode()
    return clean if len(clean) <= _SHOWN_LENGTH else f"{clean[:_SHOWN_LENGTH]}…"
