"""A connection that begins with a TLS handshake, and is at the admission from its first byte on.

A listener with a certificate would keep a connection to itself until the handshake is over: nobody
could count those that never get there, nor learn what was wrong with them. So the listener is a
plain one, and TLS begins here.
"""

import asyncio
import ssl
from typing import Any

from websockets.asyncio.server import Server
from websockets.server import ServerProtocol

from mdxdash.hub.admission import Admission
from mdxdash.hub.connection import READ_BYTES, AgentConnection


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
        self._over = False
        self._unread = bytearray()
        self._slicing = False
        self._handshake: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected; of TLS nothing is known yet."""
        assert isinstance(transport, asyncio.Transport)
        # What it has sent is for TLS. On Windows a read that has begun cannot be taken back.
        transport.pause_reading()
        self.transport = transport
        self._admission.add_pending(self)
        self._handshake = self.loop.create_task(self._shake_hands(transport))

    def data_received(self, data: bytes) -> None:
        """Takes bytes in; they may come before the end of the handshake is known here."""
        self._unread += data
        if self._secure and not self._slicing:
            self._take_slice()

    def _take_slice(self) -> None:
        """As much at a time as a connection without TLS is read: what was decrypted in one go
        would hold all others up for a quarter of a second."""
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
        """The client will say no more."""
        if self._secure:
            self._take_rest()
            super().eof_received()
        else:
            self._over = True

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        if self._secure:
            self._take_rest()
            super().connection_lost(exc)
        else:
            self._over = True

    async def _shake_hands(self, transport: asyncio.Transport) -> None:
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
            self._admission.refuse_pending(self, _in_words(error))
        except OSError:
            pass  # it went, or took too long, which the admission knows
        if secure is None or self._over:
            self._admission.remove(self)
            transport.close()
            return
        self._secure = True
        super().connection_made(secure)
        self._take_slice()


def _in_words(error: ssl.SSLError) -> str:
    """What went wrong with the handshake."""
    reason = (error.reason or str(error)).replace("_", " ").lower()
    if error.reason == "HTTP_REQUEST":
        return "not TLS: plain HTTP or ws://, and here is wss://"
    if "ALERT" in (error.reason or ""):
        return f"it broke the TLS handshake off: {reason}"
    return f"not TLS, or none that is spoken here: {reason}"
