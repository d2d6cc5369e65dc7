"""A connection that begins with a TLS handshake.

asyncio's own TLS listener reports a connection only when its handshake has succeeded, so pending
connections could not be counted, and failed handshakes not logged. So the listener is a plain one,
and the connection starts TLS itself.
"""

import asyncio
import ssl
from typing import Any

from websockets.asyncio.server import Server
from websockets.server import ServerProtocol

from mdxdash.hub.address import CannotListen
from mdxdash.hub.admission import Admission
from mdxdash.hub.connection import AgentConnection
from mdxdash.hub.sockets.bounded_reads import READ_BYTES
from mdxdash.language.translation import N_


def check_loop() -> None:
    """Raises `CannotListen` on an event loop whose transports read before TLS can begin: that of
    uvloop does (`UVBaseTransport._call_connection_made`), and winloop's."""
    if not isinstance(asyncio.get_running_loop(), asyncio.BaseEventLoop):
        raise CannotListen(N_("TLS needs the event loop of asyncio, not that of uvloop or winloop"))


class TlsConnection(AgentConnection):
    """As `AgentConnection`, behind TLS."""

    def __init__(
        self,
        protocol: ServerProtocol,
        server: Server,
        admission: Admission,
        context: ssl.SSLContext,
        **options: Any,
    ) -> None:
        super().__init__(protocol, server, admission, **options)
        self._context = context
        self._secure = False
        self._ended = False
        self._unread = bytearray()
        self._slicing = False
        self._handshake: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected; its TLS handshake follows."""
        assert isinstance(transport, asyncio.Transport)
        # What it sends now is for TLS. On Windows a read that has begun cannot be cancelled.
        transport.pause_reading()
        self.transport = transport
        self._admission.add_pending(self)
        self._handshake = self.loop.create_task(self._start_tls(transport))

    def data_received(self, data: bytes) -> None:
        """Takes decrypted bytes; they may come before `start_tls` has returned."""
        self._unread += data
        if self._secure and not self._slicing:
            self._take_slice()

    def _take_slice(self) -> None:
        """Processes as much as a plain connection reads in one go: all that was decrypted at once
        would block the event loop for a quarter of a second (measured)."""
        data = bytes(self._unread[:READ_BYTES])
        if not data:
            return
        del self._unread[:READ_BYTES]
        super().data_received(data)
        if self._unread and not self.transport.is_closing():
            self._slicing = True
            self.hold_reading("slices")
            self.loop.call_soon(self._take_slice)
        elif self._slicing:
            self._slicing = False
            self.release_reading("slices")

    def _take_rest(self) -> None:
        rest = bytes(self._unread)
        self._unread.clear()
        if rest and self.cut_reason is None:
            super().data_received(rest)

    def eof_received(self) -> None:
        """The client has closed its side."""
        if self._secure:
            self._take_rest()
            super().eof_received()
        else:
            self._ended = True

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        if self._secure:
            self._take_rest()
            super().connection_lost(exc)
        else:
            self._ended = True

    async def _start_tls(self, transport: asyncio.Transport) -> None:
        secure: asyncio.Transport | None = None
        try:
            secure = await self.loop.start_tls(
                transport,
                self,
                self._context,
                server_side=True,
                ssl_handshake_timeout=self._admission.settings.handshake_timeout,
            )
        except ssl.SSLError as error:
            self._admission.refuse_pending(self, _describe(error))
        except OSError:
            pass  # it ended, or took too long: `Admission` logs both
        if secure is None or self._ended:
            self._admission.remove(self)
            transport.close()
            return
        self._secure = True
        super().connection_made(secure)
        self._take_slice()


def _describe(error: ssl.SSLError) -> str:
    """Returns why the handshake failed, for the log."""
    reason = (error.reason or str(error)).replace("_", " ").lower()
    if error.reason == "HTTP_REQUEST":
        return N_("not TLS but plain HTTP or ws://; this hub takes wss://")
    if "ALERT" in (error.reason or ""):
        return N_("the client ended the TLS handshake: {reason}").format(reason=reason)
    return N_("not TLS, or no version of it that is accepted: {reason}").format(reason=reason)
