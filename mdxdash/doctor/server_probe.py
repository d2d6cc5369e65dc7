"""Asking an address, as an agent would name it, which server answers there."""

import asyncio
import socket
import ssl
from typing import Final

import msgspec

from mdxdash.language.translation import N_

_TIMEOUT: Final = 3.0
"""Seconds to wait for the response."""


class ProbeResult(msgspec.Struct, frozen=True):
    """What was found at an address."""

    reached: bool
    """Whether a WebSocket server responds."""
    text: str


async def probe(host: str, port: int, path: str, *, tls: bool) -> ProbeResult:
    """Send a plain HTTP request, and interpret the response.

    It is no WebSocket handshake, so nothing is connected: a WebSocket server responds with 426
    Upgrade Required (RFC 9110, section 15.5.22). Any certificate is accepted. Never raises for
    what the network does.
    """
    try:
        async with asyncio.timeout(_TIMEOUT):
            reader, writer = await asyncio.open_connection(
                host, port, ssl=_accept_any_certificate() if tls else None
            )
            try:
                named = f"[{host}]" if ":" in host else host
                request = f"GET {path} HTTP/1.1\r\nHost: {named}:{port}\r\n\r\n"
                writer.write(request.encode("utf-8"))
                response = await reader.read(4096)
            finally:
                writer.close()
    except socket.gaierror:
        return ProbeResult(False, N_("no machine is called {host}").format(host=host))
    except ConnectionRefusedError:
        return ProbeResult(
            False,
            N_("nothing listens at port {port} of {host}: start mdxdash").format(
                port=port, host=host
            ),
        )
    except TimeoutError:
        return ProbeResult(
            False,
            N_("{host} port {port} does not answer (a firewall?)").format(host=host, port=port),
        )
    except ssl.SSLError:
        return ProbeResult(
            False,
            N_("what listens at port {port} of {host} speaks no TLS").format(port=port, host=host),
        )
    except OSError as error:
        return ProbeResult(
            False,
            N_("{host} port {port}: {strerror}").format(
                host=host, port=port, strerror=error.strerror or error
            ),
        )
    return _interpret(response)


def _interpret(response: bytes) -> ProbeResult:
    if b"This is mdxdash" in response:
        return ProbeResult(True, N_("mdxdash answers"))
    if response.startswith(b"HTTP/1.1 426"):
        return ProbeResult(True, N_("a WebSocket server answers that is not mdxdash"))
    if response.startswith(b"HTTP/"):
        status = response.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")[2]
        return ProbeResult(
            False,
            N_("a web server answers, but not as a WebSocket server: {status}").format(
                status=status
            ),
        )
    if not response:
        return ProbeResult(False, N_("something listens and hangs up: it may speak TLS"))
    return ProbeResult(False, N_("something listens that is no web server"))


def _accept_any_certificate() -> ssl.SSLContext:
    """Accept any certificate, as the agent does (observed on Linux)."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
