"""The side of shell commands: a connection to a hub that blocks, one request after the other."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import msgspec

from mdxdash.events.encoding import EVENT_START
from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.remote.control_socket import CONNECT_TIMEOUT, HubAddress, connect
from mdxdash.remote.handover.held import held_reason
from mdxdash.remote.protocol import PROTOCOL, Answer, Attach, Notice, Request, Welcome

_READ_BYTES: Final = 2**18

_encode: Final = msgspec.json.Encoder().encode
_events: Final = msgspec.json.Decoder(Event)
_notices: Final[msgspec.json.Decoder[Notice]] = msgspec.json.Decoder(Notice)


class Refused(Exception):
    """The hub refused the connection or a request; the text is its reason."""


class HubGone(Exception):
    """The hub ended the connection."""


class ShellClient:
    """A connection to a hub. Use it as a context manager: it is open while it is entered.

    Entering it raises `NoSuchHub`, `Refused`, `HubGone`, and `TimeoutError` for a hub that hangs.
    """

    def __init__(self, address: HubAddress, attach: Attach) -> None:
        """`attach` is the first line; its token is added."""
        self._address = address
        self._attach = msgspec.structs.replace(attach, token=address.token)
        self._socket: socket.socket | None = None
        self._rest = b""
        self._lines: list[bytes] = []
        self._requests = 0
        self.welcome: Welcome
        """What the hub said of itself."""

    def __enter__(self) -> Self:
        if reason := held_reason(self._address):
            raise Refused(reason)
        self._socket = connect(self._address)
        try:
            self._write(self._attach)
            first = self._next(time.monotonic() + CONNECT_TIMEOUT)
        except BaseException:
            self._socket.close()
            raise
        if not isinstance(first, Welcome):
            self._socket.close()
            raise Refused(
                first.error if isinstance(first, Answer) else N_("it is no hub of mdxdash")
            )
        self.welcome = first
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._socket is not None
        self._socket.close()

    @property
    def has_read_all(self) -> bool:
        """Whether `stream` has yielded all that came so far."""
        return not self._lines

    def ask(self, request: Request, timeout: float = CONNECT_TIMEOUT) -> Answer:
        """Sends a request, and waits for its answer; what comes before it is passed over.

        Raises `Refused` for an answer with an error, `HubGone`, and `TimeoutError`.
        """
        self._requests += 1
        self._write(msgspec.structs.replace(request, id=self._requests))
        end = time.monotonic() + timeout
        while True:
            found = self._next(end)
            if isinstance(found, Answer) and found.id == self._requests:
                if found.error:
                    raise Refused(found.error)
                return found

    def stream(self, end: float | None = None) -> Iterator[Event | Notice]:
        """Yields what the hub sends. Raises `HubGone`, and `TimeoutError` at `end`, a time of
        `time.monotonic`; None waits for ever."""
        while True:
            yield self._next(end)

    def wait_until_gone(self, timeout: float) -> None:
        """Waits until the hub ends the connection. Raises `TimeoutError`."""
        end = time.monotonic() + timeout
        with suppress(HubGone):
            while True:
                self._line(end)

    def _write(self, request: Request) -> None:
        assert self._socket is not None
        self._socket.settimeout(CONNECT_TIMEOUT)
        try:
            self._socket.sendall(_encode(request) + b"\n")
        except (BrokenPipeError, ConnectionError):
            raise HubGone(N_("the hub ended the connection")) from None

    def _next(self, end: float | None) -> Event | Notice:
        line = self._line(end)
        try:
            return _events.decode(line) if line.startswith(EVENT_START) else _notices.decode(line)
        except msgspec.DecodeError as error:
            raise Refused(
                N_("it is no hub of mdxdash, or a newer one: {error}").format(error=error)
            ) from error

    def _line(self, end: float | None) -> bytes:
        assert self._socket is not None
        while not self._lines:
            if end is not None and end <= time.monotonic():
                raise TimeoutError(N_("the hub did not answer in time"))
            self._socket.settimeout(None if end is None else end - time.monotonic())
            try:
                data = self._socket.recv(_READ_BYTES)
            except TimeoutError:
                continue
            except ConnectionError:
                data = b""
            if not data:
                raise HubGone(N_("the hub ended the connection"))
            *lines, self._rest = (self._rest + data).split(b"\n")
            self._lines = lines[::-1]
        return self._lines.pop()


def first_line(face: str, *, events: bool = False, tail: int = 0) -> Attach:
    """Returns the first line of a command that calls itself `face`; with `events` it is sent the
    last `tail` events, and all that come."""
    return Attach(PROTOCOL, face, events=events, tail=tail)
