"""What the old and the new process of a hub say to each other, over a pair of Unix sockets.

Each message is a `msgspec` MessagePack of `Message`, behind its length in 4 bytes. Sockets travel
as ancillary data (SCM_RIGHTS, `unix(7)`), `SOCKETS_AT_ONCE` of them with a byte each time.

    old                         new
    Begin                  ->
                           <-   Ready: everything is loaded
    Events, Events …       ->   while the old one still serves
    (the old one stops: nothing is read, written or recorded from here on)
    Rest, then the sockets ->
                           <-   Taken: it could serve, and has touched nothing
    Go                     ->
                           <-   Going: it serves

Before `Going` the old process goes on as if nothing had happened when anything fails. The new one
touches no socket before `Go`, and ends when the old one is gone before that.
"""

import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.remote.session_macros import SwitchedOn
from mdxdash.remote.session_snapshot import SessionSnapshot
from mdxdash.settings.model import Settings
from mdxdash.settings.rereading import Rereading, given_outside

VERSION: Final = 1
"""The version of these messages and of the snapshots in them. A new process with another one is
not given the agents."""

MESSAGE_BYTES: Final = 2**30
"""No message has more bytes."""

SOCKETS_AT_ONCE: Final = 200
"""The system's limit is 253 (SCM_MAX_FD, `unix(7)`)."""

_LENGTH_BYTES: Final = 4


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """What the new process has to load."""

    version: int
    mdxdash: str
    """The version of the program."""
    settings: bytes = b""
    """`encode_settings`."""
    switched_on: SwitchedOn = SwitchedOn()
    record_file: str = ""
    first_seq: int = 1
    """The number of the first event that follows."""
    reads_settings: bool = False
    """Whether the new process reads the settings' file again."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The new process has loaded everything."""

    mdxdash: str
    settings: Rereading = Rereading()
    """What is otherwise in the settings, if they were read again."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The new process cannot take over."""

    reason: str


class Events(msgspec.Struct, frozen=True, tag="events"):
    """Events that have happened, in order."""

    events: tuple[Event, ...]


class ChangedEvent(msgspec.Struct, frozen=True):
    """A sent event that was acknowledged or lost after it was given over."""

    seq: int
    round_trip: float | None
    lost: bool


class Rest(msgspec.Struct, frozen=True, tag="rest"):
    """All that was not given over before."""

    session: SessionSnapshot
    sockets: int
    """The number of sockets that follow."""
    events: tuple[Event, ...] = ()
    changed: tuple[ChangedEvent, ...] = ()
    counts: dict[str, int] = {}
    marked: tuple[int, ...] = ()
    unseen: tuple[int, ...] | None = None
    """The alerts that nobody has seen."""


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """The new process could serve."""


class Go(msgspec.Struct, frozen=True, tag="go"):
    """It is to serve."""


class Going(msgspec.Struct, frozen=True, tag="going"):
    """It serves; the old process can end."""


Message = Begin | Ready | Refused | Events | Rest | Taken | Go | Going

_decoder: Final[msgspec.msgpack.Decoder[Message]] = msgspec.msgpack.Decoder(Message)


class HandOverFailed(Exception):
    """The other process is gone, or says what is no message; the text says so."""


class Channel:
    """One end of the pair of sockets. Its methods block; `OSError` and `TimeoutError` come from the
    socket."""

    def __init__(self, end: socket.socket) -> None:
        """Owns the socket from now on."""
        self._socket = end

    def send(self, message: Message) -> None:
        """Sends a message."""
        data = msgspec.msgpack.encode(message)
        self._socket.sendall(len(data).to_bytes(_LENGTH_BYTES) + data)

    def receive(self, timeout: float | None) -> Message:
        """Waits for a message, for `timeout` seconds at most. Raises `HandOverFailed` when the
        other process is gone."""
        self._socket.settimeout(timeout)
        length = int.from_bytes(self._exactly(_LENGTH_BYTES))
        if length > MESSAGE_BYTES:
            raise HandOverFailed(N_("the other process does not speak of a hand-over"))
        try:
            return _decoder.decode(self._exactly(length))
        except msgspec.DecodeError as error:
            raise HandOverFailed(
                N_("the other process says what is unknown here: {error}").format(error=error)
            ) from error

    def close(self) -> None:
        """Closes this end."""
        self._socket.close()

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            part = self._socket.recv(min(count - len(data), 2**20))
            if not part:
                raise HandOverFailed(N_("the other process has ended"))
            data += part
        return bytes(data)

    if sys.platform != "win32":

        def send_sockets(self, descriptors: Sequence[int]) -> None:
            """Sends duplicates of open sockets."""
            for start in range(0, len(descriptors), SOCKETS_AT_ONCE):
                part = descriptors[start : start + SOCKETS_AT_ONCE]
                socket.send_fds(self._socket, [b"\0"], list(part))

        def receive_sockets(self, count: int) -> tuple[socket.socket, ...]:
            """Waits for sockets."""
            found: list[socket.socket] = []
            while len(found) < count:
                data, descriptors, _, _ = socket.recv_fds(self._socket, 1, SOCKETS_AT_ONCE)
                if not data or not descriptors:
                    raise HandOverFailed(N_("the sockets did not come"))
                found += [socket.socket(fileno=descriptor) for descriptor in descriptors]
            return tuple(found)

    else:

        def send_sockets(self, descriptors: Sequence[int]) -> None:
            """Windows has no sockets that are given to any process."""
            raise NotImplementedError

        def receive_sockets(self, count: int) -> tuple[socket.socket, ...]:
            """As `send_sockets`."""
            raise NotImplementedError


def encode_settings(settings: Settings) -> bytes:
    """Encodes the settings of a run, secrets included, with what options and variables gave; where
    in a file the others stand is left out."""
    plain = msgspec.structs.replace(settings, origins=given_outside(settings), waiting=())
    return msgspec.msgpack.encode(plain, enc_hook=_plain)


def decode_settings(data: bytes) -> Settings:
    """The inverse of `encode_settings`. Raises `msgspec.DecodeError`."""
    return msgspec.msgpack.decode(data, type=Settings, dec_hook=_path)


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping | MappingProxyType):
        return dict(value)
    raise NotImplementedError(N_("{value} in settings").format(value=type(value)))


def _path(type_: type, value: Any) -> object:
    if type_ is Path:
        return Path(value)
    raise NotImplementedError(N_("{type} in settings").format(type=type_))
