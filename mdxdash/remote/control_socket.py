"""The control socket of a hub: where it is, how a hub takes one, and how a face finds it.

Each hub of a user has one name: `main`, `main-2` …, or the one of its settings. Its socket is
`NAME.sock` in the control folder, a Unix socket of mode 0600. On Windows it is a port on the
loopback, and `NAME.json` holds the port and the token that faces must send. What a dead hub left
behind is recognised, since nothing accepts connections there, and replaced.
"""

import os
import re
import secrets
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remote.control_folder import NoControlFolder, checked_folder, locked

DEFAULT_NAME: Final = "main"

CONNECT_TIMEOUT: Final = 2.0
"""Seconds after which a hub that does not accept a connection counts as hanging."""

_LOOPBACK: Final = "127.0.0.1"
_BACKLOG: Final = 64
_ADDRESS_BYTES: Final = 103
"""The longest path of a Unix socket: 104 bytes with its end on macOS, 108 on Linux (unix(7))."""
_PATH: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,31})\.(?:sock|json)")


class NameTaken(Exception):
    """A hub of this name runs already."""


class NoSuchHub(Exception):
    """No hub accepts connections there; the text says which."""


class HubAddress(msgspec.Struct, frozen=True):
    """Where the control socket of one hub is."""

    name: str
    path: Path
    """Of the Unix socket, or of the file with port and token."""
    port: int = 0
    token: str = ""

    def __repr__(self) -> str:
        return f"HubAddress({self.name!r}, {str(self.path)!r})"  # the token is a secret


class _PortFile(msgspec.Struct, frozen=True):
    port: int
    token: str


class ControlSocket:
    """The listening control socket of a hub of this process."""

    def __init__(self, address: HubAddress, listener: socket.socket) -> None:
        self.address = address
        self.listener = listener
        self._file = _identity(address.path)

    @property
    def name(self) -> str:
        """The hub's name."""
        return self.address.name

    def close(self) -> None:
        """Stops listening, and removes the file unless another hub has replaced it."""
        self.listener.close()
        with suppress(OSError):
            if _identity(self.address.path) == self._file:
                self.address.path.unlink()


def take_socket(name: str | None = None, folder: Path | None = None) -> ControlSocket:
    """Makes the control socket of a hub, which then listens. May block for a moment.

    * `name`: None takes the first free one: `main`, `main-2` …
    * `folder`: instead of the user's control folder.

    Raises `NameTaken` when a hub of this name runs, `NoControlFolder` when the folder cannot be
    used, `OSError` for any other reason.
    """
    checked = checked_folder(folder, make=True)
    with locked(checked):
        for candidate in _candidates() if name is None else [name]:
            path = checked / f"{candidate}.{_ending()}"
            if not _is_taken(path):
                with suppress(FileNotFoundError):
                    path.unlink()
                return _listen_on_port(path) if _uses_ports() else _listen_at(path)
    raise NameTaken(N_("a hub named {name} runs already").format(name=name))


def hub_addresses(folder: Path | None = None) -> list[HubAddress]:
    """Returns the control sockets that are there, by name, also of hubs that are dead. None where
    there is no folder. Raises `NoControlFolder` when the folder is not safe."""
    try:
        checked = checked_folder(folder)
        files = [Path(entry) for entry in os.scandir(checked)]
    except NoControlFolder as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return []
        raise
    ending = f".{_ending()}"
    found = [_address_of(file) for file in files if file.name.endswith(ending)]
    return sorted(filter(None, found), key=lambda address: address.name)


def hub_address(name: str, folder: Path | None = None) -> HubAddress:
    """Returns the control socket of the hub of that name. Raises `NoSuchHub`, `NoControlFolder`."""
    for address in hub_addresses(folder):
        if address.name == name:
            return address
    raise NoSuchHub(N_("no hub named {name} runs").format(name=name))


def connect(address: HubAddress) -> socket.socket:
    """Opens a connection to a hub, which blocks for `CONNECT_TIMEOUT` at most.

    Raises `NoSuchHub` when nothing accepts connections there, `TimeoutError` when it hangs.
    """
    try:
        if address.port:
            return socket.create_connection((_LOOPBACK, address.port), CONNECT_TIMEOUT)
        return _connect_unix(address.path)
    except (ConnectionRefusedError, FileNotFoundError) as error:
        raise NoSuchHub(
            N_("the hub {name} does not run any more").format(name=address.name)
        ) from error
    except BlockingIOError as error:  # its queue of connections is full
        raise TimeoutError(
            N_("the hub {name} does not answer").format(name=address.name)
        ) from error


def _candidates() -> Iterator[str]:
    yield DEFAULT_NAME
    for number in count(2):
        yield f"{DEFAULT_NAME}-{number}"


def _uses_ports() -> bool:
    return sys.platform == "win32"


def _ending() -> str:
    return "json" if _uses_ports() else "sock"


def _identity(path: Path) -> tuple[int, int, int]:
    status = path.lstat()
    # The time, since a number is used again when its file is gone.
    return status.st_dev, status.st_ino, status.st_mtime_ns


def _address_of(path: Path) -> HubAddress | None:
    """Returns the address that a file stands for; None for a file of something else."""
    found = _PATH.fullmatch(path.name)
    if found is None:
        return None
    try:
        if not _uses_ports():
            return HubAddress(found[1], path) if stat.S_ISSOCK(path.lstat().st_mode) else None
        there = msgspec.json.decode(path.read_bytes(), type=_PortFile)
    except (OSError, msgspec.DecodeError):
        return None
    return HubAddress(found[1], path, there.port, there.token)


def _is_taken(path: Path) -> bool:
    """Returns whether something accepts connections at the place of a hub's file."""
    try:
        address = _address_of(path)
        if address is None:
            return False
        connect(address).close()
    except (FileNotFoundError, NoSuchHub):
        return False
    except OSError:  # it hangs: that is no reason to take its name away
        return True
    return True


def _listen_on_port(path: Path) -> ControlSocket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind((_LOOPBACK, 0))
        listener.listen(_BACKLOG)
        there = _PortFile(listener.getsockname()[1], secrets.token_urlsafe(32))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(there))
    except BaseException:
        listener.close()
        raise
    return ControlSocket(HubAddress(path.stem, path, there.port, there.token), listener)


if sys.platform == "win32":

    def _listen_at(path: Path) -> ControlSocket:
        raise NotImplementedError(path)

    def _connect_unix(path: Path) -> socket.socket:
        raise NotImplementedError(path)

else:

    def _listen_at(path: Path) -> ControlSocket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # The folder keeps others out until the socket has its mode.
            with _short(path) as short:
                listener.bind(short)
            path.chmod(0o600)
            listener.listen(_BACKLOG)
        except BaseException:
            listener.close()
            raise
        return ControlSocket(HubAddress(path.stem, path), listener)

    def _connect_unix(path: Path) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_TIMEOUT)
        try:
            with _short(path) as short:
                connection.connect(short)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _short(path: Path) -> Iterator[str]:
        """Gives a path that fits into a socket's address."""
        if len(os.fsencode(path)) <= _ADDRESS_BYTES:
            yield str(path)
            return
        if not Path("/proc/self/fd").exists():
            raise OSError(N_("the path is too long for a socket: {path}").format(path=path))
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            yield f"/proc/self/fd/{descriptor}/{path.name}"
        finally:
            os.close(descriptor)
