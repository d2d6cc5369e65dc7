"""Certificates for tests, and clients that accept them."""

import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mdxdash.hub.tls.certificate import make_pair
from tests.support.raw_connections import request
from tests.support.waiting import GUARD

YEAR = timedelta(days=365)


def written_pair(folder: Path, begin: datetime | None = None) -> tuple[str, str]:
    """The files of a certificate, valid for a year, and its key."""
    folder.mkdir(exist_ok=True)
    begin = begin or datetime.now(UTC) - timedelta(hours=1)
    cert, key = make_pair(["localhost", "127.0.0.1"], begin, YEAR)
    (folder / "cert.pem").write_bytes(cert)
    (folder / "key.pem").write_bytes(key)
    return str(folder / "cert.pem"), str(folder / "key.pem")


def trusting() -> ssl.SSLContext:
    """A client's context that accepts any certificate, as agents do."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def silent_agent(port: int) -> ssl.SSLSocket:
    """An agent over TLS, connected: a blocking socket, so that nobody reads, or answers the end of
    the connection (`close_notify`), until a test does."""
    connected = trusting().wrap_socket(socket.create_connection(("127.0.0.1", port), GUARD))
    connected.sendall(request())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += connected.recv(1)
    return connected


def read_all(connected: ssl.SSLSocket) -> bytes:
    """What comes until the end."""
    found = bytearray()
    with connected, suppress(OSError):
        while data := connected.recv(65_536):
            found += data
    return bytes(found)
