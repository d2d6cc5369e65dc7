"""Admission: which connections the hub accepts, with which response it refuses the others, and
how many may wait for their handshake.

Web pages, plain HTTP, wrong paths and wrong secrets are refused. What is logged about a refused
connection never holds the secret, nor a path that may be nearly the secret.
"""

import hmac
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, Protocol

import msgspec
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response
from websockets.protocol import State

from mdxdash.hub.address import PATH_SUFFIX
from mdxdash.hub.refusals import Refusals
from mdxdash.language.translation import N_
from mdxdash.settings.redaction import HIDDEN, redact_address, redact_path, resembles
from mdxdash.settings.tables.hub_section import HubSettings

_HELP: Final = (
    "This is mdxdash, the WebSocket server that MMDAgent-EX agents dial.\n"
    "There is no page here; point an agent's .mdf at this address.\n"
)
_SHOWN_LENGTH: Final = 200


class Refusal(msgspec.Struct, frozen=True):
    """Why a request is refused, and the response to it."""

    status: HTTPStatus
    reason: str
    """For the log."""
    help: str = ""
    """Lines after the reason phrase in the body of the response."""
    dialled: str = ""
    """The path that was dialled, as it may be shown, where it is the reason."""
    expected: str = ""
    """The path that was expected instead."""

    @property
    def body(self) -> str:
        """The body of the response: the status's reason phrase, then the help."""
        return f"{self.status.phrase}\n{self.help}"


class Bounded(Protocol):
    """Serves a bounded number of connections."""

    @property
    def full(self) -> bool:
        """Whether it takes no further connection now."""


class Admission:
    """Keeps account of every connection from its first byte to its last.

    A connection is pending until its request is judged, then admitted until it ends.
    """

    def __init__(
        self,
        settings: HubSettings,
        log: Callable[[str], None],
        endpoints: Mapping[str, Bounded] = MappingProxyType({}),
    ) -> None:
        """`log` is called with the text of each refusal; `endpoints` are served beside the agents,
        each under its path (without the secret, which follows it)."""
        self.settings = settings
        self.refusals = Refusals(log)
        self._endpoints = endpoints
        self._pending: dict[ServerConnection, float] = {}
        """With the time each was accepted, in monotonic seconds, the oldest first."""
        self.admitted: dict[ServerConnection, str] = {}
        """The agents' connections, with the suffix of their path."""

    def add_pending(self, connection: ServerConnection) -> None:
        """Adds a connection whose request has not come yet. With more than `half_open` of them, the
        oldest is refused and cut."""
        self._pending[connection] = time.monotonic()
        if len(self._pending) > self.settings.half_open:
            oldest = next(iter(self._pending))
            waiting = self.settings.half_open
            self.refuse_pending(
                oldest,
                N_("no request yet, and {waiting} others were waiting").format(waiting=waiting),
            )
            oldest.transport.abort()

    def add_admitted(self, connection: ServerConnection, path: str) -> None:
        """Adds an agent's connection that another process has admitted, with its request's path."""
        self.admitted[connection] = self.path_suffix(path) or ""

    @property
    def opening(self) -> int:
        """The number of connections whose handshake may still end well: their request has not come
        yet, or has been admitted and is not answered."""
        opening = [each for each in self.admitted if each.state is not State.OPEN]
        return len(self._pending) + len(opening)

    def remove(self, connection: ServerConnection) -> None:
        """Removes a connection that has ended."""
        self.admitted.pop(connection, None)
        accepted_at = self._pending.get(connection)
        if accepted_at is None:
            return
        limit = self.settings.handshake_timeout
        if time.monotonic() - accepted_at >= limit:
            self.refuse_pending(
                connection, N_("no whole request within {limit:g} s").format(limit=limit)
            )
        else:
            self.refuse_pending(connection, N_("no WebSocket request came before it ended"))

    def refuse_pending(
        self, connection: ServerConnection, reason: str, *, dialled: str = "", expected: str = ""
    ) -> None:
        """Logs, once, why a pending connection is refused; it is pending no longer. Does nothing
        for other connections. `dialled` and `expected` are paths, where these are the reason."""
        if self._pending.pop(connection, None) is not None:
            self.log_refusal(connection, reason, dialled=dialled, expected=expected)

    def log_refusal(
        self, connection: ServerConnection, reason: str, *, dialled: str = "", expected: str = ""
    ) -> None:
        """Counts a refused connection and logs why, as `Refusals.add` does."""
        self.refusals.add(connection.remote_address, reason, dialled=dialled, expected=expected)

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Judges the request of a connection. Returns None if it is admitted, else the response
        that refuses it."""
        if connection.connection_lost_waiter.done():
            # It ended in the packet of its request, and `remove` was called already.
            return connection.respond(HTTPStatus.BAD_REQUEST, "")
        refusal = self._judge(request)
        if refusal is not None:
            self.refuse_pending(
                connection, refusal.reason, dialled=refusal.dialled, expected=refusal.expected
            )
            response = connection.respond(refusal.status, refusal.body)
            if refusal.status == HTTPStatus.UPGRADE_REQUIRED:
                response.headers["Upgrade"] = "websocket"  # RFC 9110, section 15.5.22
            return response
        self._pending.pop(connection, None)
        if self.endpoint_path(request.path) is None:
            self.admitted[connection] = self.path_suffix(request.path) or ""
        return None

    def endpoint_path(self, path: str) -> str | None:
        """Returns the path, without the secret, of the endpoint that a request's `path` names; None
        if it names none."""
        for own in self._endpoints:
            wanted = self.settings.with_secret(own)
            if hmac.compare_digest(_bytes(path), _bytes(wanted)):
                return own
        return None

    def path_suffix(self, path: str) -> str | None:
        """Returns what follows the agents' path in a request's `path`: `` or `-1`; None if the
        request's is another path."""
        ours = self.settings.dial_path
        start, rest = path[: len(ours)], path[len(ours) :]
        same = hmac.compare_digest(_bytes(start), _bytes(ours))
        if not (same and PATH_SUFFIX.fullmatch(rest)):
            return None
        # It becomes the agent's name, which everybody sees.
        return None if self.settings.secret and resembles(rest, self.settings.secret) else rest

    def _judge(self, request: Request) -> Refusal | None:
        settings = self.settings
        origins = request.headers.get_all("Origin")
        if origins and (len(origins) > 1 or origins[0] not in settings.allow_origins):
            shown = ", ".join(map(redact_address, origins))
            reason = N_("a web page of {shown} (Origin)").format(shown=_short(shown))
            return Refusal(HTTPStatus.FORBIDDEN, reason)
        if "websocket" not in map(str.lower, request.headers.get_all("Upgrade")):
            reason = N_("plain HTTP for {path}").format(path=self._shown(request.path))
            return Refusal(HTTPStatus.UPGRADE_REQUIRED, reason, _HELP)
        if (endpoint := self.endpoint_path(request.path)) is not None:
            if self._endpoints[endpoint].full:
                reason = N_("as many programs are connected to {endpoint} as may be").format(
                    endpoint=endpoint
                )
                return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, reason)
            return None
        suffix = self.path_suffix(request.path)
        if suffix is None:
            reason = N_("path {path}, expected {expected}").format(
                path=self._shown(request.path), expected=settings.shown_path
            )
            help = "" if settings.secret else f"The path here is {settings.path}\n"
            dialled = HIDDEN if settings.secret else _short(redact_path(request.path))
            return Refusal(HTTPStatus.NOT_FOUND, reason, help, dialled, settings.shown_path)
        if len(self.admitted) >= settings.max_agents:
            reason = N_("{most} agents are connected, which is the most (max_agents)").format(
                most=settings.max_agents
            )
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, reason)
        if settings.exclusive and suffix in self.admitted.values():
            # Only with exactly this reason phrase, `Too Many Requests`, the agent tries another
            # path (PROTOCOL.md, Opening).
            reason = N_("{expected}{suffix} is taken (exclusive)").format(
                expected=settings.shown_path, suffix=suffix
            )
            return Refusal(HTTPStatus.TOO_MANY_REQUESTS, reason)
        return None

    def _shown(self, path: str) -> str:
        if self.settings.secret is None:
            return _short(redact_path(path))
        # It may be the secret with a typing error, or the secret of another server.
        return N_("of {count} characters (not shown: it may hold a secret)").format(count=len(path))


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _short(text: str) -> str:
    clean = text.encode("utf-8", "backslashreplace").decode()
    return clean if len(clean) <= _SHOWN_LENGTH else f"{clean[:_SHOWN_LENGTH]}…"
