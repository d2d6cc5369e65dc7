"""Asks an address, as an agent would name it, who is there; nobody is let in by it."""

import asyncio
import socket
import ssl
from typing import Final

import msgspec

_TIMEOUT: Final = 3.0
"""Seconds for an answer."""


class ProbeResult(msgspec.Struct, frozen=True):
    """What an address said."""

    reached: bool
    """Whether a WebSocket server is there."""
    text: str


async def probe(host: str, port: int, path: str, *, tls: bool) -> ProbeResult:
    """Sends a plain request, which a WebSocket server answers with 426, and tells what came."""
    try:
        async with asyncio.timeout(_TIMEOUT):
            reader, writer = await asyncio.open_connection(
                host, port, ssl=_trusting() if tls else None
            )
            try:
                named = f"[{host}]" if ":" in host else host
                request = f"GET {path} HTTP/1.1\r\nHost: {named}:{port}\r\n\r\n"
                writer.write(request.encode("utf-8"))
                answer = await reader.read(4096)
            finally:
                writer.close()
    except socket.gaierror:
        return ProbeResult(False, f"no machine is called {host}")
    except ConnectionRefusedError:
        return ProbeResult(False, f"nothing listens at port {port} of {host}: start mdxdash")
    except TimeoutError:
        return ProbeResult(False, f"{host} port {port} does not answer (a firewall?)")
    except ssl.SSLError:
        return ProbeResult(False, f"what listens at port {port} of {host} speaks no TLS")
    except OSError as error:
        return ProbeResult(False, f"{host} port {port}: {error.strerror or error}")
    return _understood(answer)


def _understood(answer: bytes) -> ProbeResult:
    if b"This is mdxdash" in answer:
        return ProbeResult(True, "mdxdash answers")
    if answer.startswith(b"HTTP/1.1 426"):
        return ProbeResult(True, "a WebSocket server answers that is not mdxdash")
    if answer.startswith(b"HTTP/"):
        status = answer.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")[2]
        return ProbeResult(False, f"a web server answers, but not as a WebSocket server: {status}")
    if not answer:
        return ProbeResult(False, "something listens and hangs up: it may speak TLS")
    return ProbeResult(False, "something listens that is no web server")


def _trusting() -> ssl.SSLContext:
    """An agent takes any certificate, as seen on Linux."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
