"""The WebSocket connection as an agent needs it: messages as bytes, and close frames without a
code.

The payload of a close frame stays in the agent's buffer and is glued to the first line after its
reconnect (PROTOCOL.md, To the agent), so every close frame that websockets wants to send is sent
empty. An agent never answers a close frame (RFC 6455, section 5.5.1, asks for it), so the hub ends
a connection by closing TCP.

The limits that protect the other connections from this one are here too.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, Protocol

from websockets.asyncio.server import Server, ServerConnection
from websockets.datastructures import Headers
from websockets.exceptions import PayloadTooBig
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import Event as ProtocolEvent
from websockets.protocol import State
from websockets.server import ServerProtocol

from mdxdash.hub.admission import Admission
from mdxdash.hub.sockets.bounded_reads import bound_reads, read_share
from mdxdash.hub.sockets.connection_snapshot import ConnectionSnapshot
from mdxdash.hub.sockets.endings import CLOSED_BY_AGENT, LOST_BY_ERROR, LOST_WITHOUT_CLOSE
from mdxdash.hub.sockets.frame_writer import FrameWriter
from mdxdash.hub.sockets.masking import apply_mask
from mdxdash.language.translation import N_
from mdxdash.wire.frame_search import find_line
from mdxdash.wire.frame_serialization import server_frame
from mdxdash.wire.frame_splitting import FrameSplitter

ADOPTION: Final = "adoption"
"""The holder of an adopted connection that is not to be served yet."""

_TURN: Final = "turn"
"""The holder of a connection that has had its turn."""

EARLY_MESSAGES: Final = 1000
"""Messages that may come before there is a receiver: an agent sends what it has queued as soon as
the handshake is done (PROTOCOL.md, Opening)."""

_ABORT_AFTER: Final = 1.0
"""Seconds that a closed connection gets to read what was written to it."""

_FIN: Final = 0x80
_TEXT_HEAD: Final = _FIN | Opcode.TEXT
_BINARY_HEAD: Final = _FIN | Opcode.BINARY
_CLOSE_HEAD: Final = _FIN | Opcode.CLOSE
_EMPTY_CLOSE: Final = bytes([_CLOSE_HEAD, 0])


class MessageRelay(Protocol):
    """Relays one agent's messages to the upstream, and the upstream's to the agent;
    `relay.forwarding.Relay` is one."""

    @property
    def mid_message(self) -> bool:
        """Whether the agent has only a part of a line or audio block of the upstream."""

    def from_agent(self, messages: Sequence[bytes], *, text: bool) -> None:
        """Takes messages of the agent; `text` is false for binary ones."""

    def watch(self, now: float) -> None:
        """Takes the time, of `time.monotonic`, several times a second."""

    def close(self) -> None:
        """The agent's connection has ended."""


class AgentConnection(ServerConnection):
    """The hub's connection to one agent (or to a client of an endpoint).

    A message goes to the receiver as soon as it is parsed, not through websockets' queue and
    `recv`, whose task switch halves the rate. A receiver that puts work off calls `hold_reading`,
    so that no more than one read of the socket can pile up.
    """

    def __init__(
        self,
        protocol: ServerProtocol,
        server: Server,
        admission: Admission,
        adopted: ConnectionSnapshot | None = None,
        **options: Any,
    ) -> None:
        """`adopted` is the connection of another process to go on with, over its socket. Reading
        is held by `ADOPTION`, and nothing is written, until that is released."""
        super().__init__(protocol, server, **options)
        self.unfinished_since: float | None = None
        """When the message began that is not complete yet, in monotonic seconds."""
        self.cut_reason: str | None = None
        """Why the hub cut the connection; None if it did not."""
        self.relay: MessageRelay | None = None
        """Takes every message of the agent, if there is an upstream."""
        self.on_resume: Callable[[], None] | None = None
        """Called when the agent reads again after a pause."""
        self.report_progress: Callable[[int, bytes | None], None] | None = None
        """Called after each read with the count of bytes read so far, and with those that are not
        decoded, or None where fragments are kept too. A duplicate of the socket is held elsewhere
        then."""
        self._lost_by: Exception | None = None
        self._aborts = False
        """Whether TCP is cut if the other side does not close it soon."""
        self._read = 0 if adopted is None else adopted.read
        self._sharing = 1
        """Agents that share what is read in one turn of the event loop."""
        self._admission = admission
        self._request_bytes = 0
        self._request_end = b""
        self._splitter = FrameSplitter(self.frame_limit, apply_mask)
        self._receiver: Callable[[Sequence[bytes]], None] | None = None
        self._early: list[bytes] = []
        self._holders: set[str] = set()
        self._fragments: list[bytes] = []
        self._in_message = False
        self._is_text = True
        self._finished = 0
        self._searches = False
        self._adopted = adopted
        if adopted is not None:
            self._restore(adopted)

    @property
    def frame_limit(self) -> int:
        """The largest message that is accepted, in bytes."""
        return self._admission.settings.frame_bytes

    def cut(self, reason: str) -> None:
        """Ends the connection at once, because of what the other side did; `reason` is for the
        log."""
        self.cut_reason = reason
        self.transport.abort()

    def hold_reading(self, holder: str) -> None:
        """Stops reading until every holder has released it; `holder` is the name of one."""
        self._holders.add(holder)
        self.transport.pause_reading()

    def release_reading(self, holder: str) -> None:
        """Ends the hold of `holder`."""
        self._holders.discard(holder)
        if holder == ADOPTION:
            self._writer.wait_for_room()  # which begins with what the other process left
        if not self._holders:
            self.transport.resume_reading()

    def send_data(self) -> None:
        """Writes what the protocol wants to send, but close frames without their payload."""
        # Each item is a whole serialized frame, the handshake's response, or b"" for the end of the
        # stream.
        for data in self.protocol.data_to_send():
            self._writer.write(_EMPTY_CLOSE if data[:1] == _EMPTY_CLOSE[:1] else data)

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent: neither side has begun to end the connection. A transport
        that is closing drops what is written, with TLS long before the protocol's state tells: the
        other side answers first (`close_notify`)."""
        return self.protocol.state is State.OPEN and not self.transport.is_closing()

    @property
    def is_ready(self) -> bool:
        """Whether a message that is sent now goes to the kernel at once, whole."""
        # `is_open` and `mid_message` written out: an idle agent's command waits for each call.
        protocol, relay = self.protocol, self.relay
        return (
            protocol.state is State.OPEN
            and not self.transport.is_closing()
            and self._writer.has_room
            and not protocol.expect_continuation_frame
            and (relay is None or not relay.mid_message)
        )

    async def wait_for_room(self) -> None:
        """Waits while the agent does not read, so that a frame would not go to the kernel whole.
        Raises `OSError` when the connection is lost meanwhile."""
        self._writer.wait_for_room()
        await self.drain()

    def send_now(self, data: bytes) -> None:
        """Sends a text message, after `is_ready` and without an `await` between."""
        self._writer.give(server_frame(_TEXT_HEAD, data))

    def send_message(self, data: bytes, *, text: bool) -> None:
        """Sends a message, a text or a binary one, in one frame. It may not be sent between the
        fragments of another one (RFC 6455, section 5.4)."""
        if self.protocol.state is State.OPEN and not self.protocol.expect_continuation_frame:
            self._writer.write(server_frame(_TEXT_HEAD if text else _BINARY_HEAD, data))
        else:  # which says what is wrong
            self.send_frame(Frame(Opcode.TEXT if text else Opcode.BINARY, data))

    def send_frame(self, frame: Frame) -> None:
        """Sends a data frame as it is, be it a fragment. Between the fragments of a message no
        other data frame may be sent."""
        send = {
            Opcode.TEXT: self.protocol.send_text,
            Opcode.BINARY: self.protocol.send_binary,
            Opcode.CONT: self.protocol.send_continuation,
        }[frame.opcode]
        send(frame.data, frame.fin)
        self.send_data()

    def finish_message(self, rest: bytes, *, text: bool) -> None:
        """Ends a message whose further fragments will not come, and sends `rest`, if any, as a
        message of its own, a text or a binary one."""
        self.protocol.expect_continuation_frame = False
        if rest and self.is_open:
            self.send_message(rest, text=text)

    @property
    def mid_message(self) -> bool:
        """Whether the upstream has sent only a part of a message, a line or an audio block."""
        relay = self.relay
        return (relay is not None and relay.mid_message) or self.protocol.expect_continuation_frame

    def pause_writing(self) -> None:
        """Does nothing: the writer waits for the agent, not for the transport's buffer."""

    def resume_writing(self) -> None:
        """Does nothing, as `pause_writing`."""

    def _wait_for_agent(self) -> None:
        super().pause_writing()

    def _go_on_writing(self) -> None:
        """The agent reads again."""
        super().resume_writing()
        if self.on_resume is not None:
            self.on_resume()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        hold, release = partial(self.hold_reading, _TURN), partial(self.release_reading, _TURN)
        self._limit_reads = bound_reads(transport, self, hold, release)
        if self._adopted is None:
            super().connection_made(transport)
        else:
            # Without the task that ServerConnection starts for the handshake.
            super(ServerConnection, self).connection_made(transport)
        # With another limit, uvloop before 0.23 writes only when the loop's turn is over, and the
        # next frame of the turn would wait (UVStream._initiate_write).
        self.transport.set_write_buffer_limits(high=0)
        self._writer = FrameWriter(
            self.transport,
            self.loop,
            self._wait_for_agent,
            self._go_on_writing,
            () if self._adopted is None else self._adopted.unwritten,
        )
        if self._adopted is None:
            self._admission.add_pending(self)
        else:
            self.hold_reading(ADOPTION)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        if self.report_progress is not None:
            # Closing alone would send nothing while a duplicate of the socket is held.
            with suppress(OSError), self.transport.get_extra_info("socket").dup() as own:
                own.shutdown(socket.SHUT_RDWR)  # which uvloop's socket cannot do itself
        self._writer.close()
        self._lost_by = exc
        super().connection_lost(exc)
        self._admission.remove(self)
        if self.relay is not None:
            self.relay.close()

    def data_received(self, data: bytes) -> None:
        """Parses bytes, and cuts the connection when they exceed a limit."""
        self._read += len(data)
        if self.request is None:
            self._request_bytes += len(data)
            limit = self._admission.settings.request_bytes
            if self._request_bytes > limit:
                self._admission.refuse_pending(
                    self, N_("a request over {limit:,} bytes").format(limit=limit)
                )
                self.transport.abort()
                return
            data = self._receive_request(data)
        if (sharing := len(self._admission.admitted)) != self._sharing:
            self._sharing = sharing
            self._limit_reads(read_share(sharing))
        finished = self._finished
        self._receive_frames(data)
        if self._searches or (self._splitter.is_empty and not self._in_message):
            self.unfinished_since = None
        elif self.unfinished_since is None or self._finished != finished:
            self.unfinished_since = time.monotonic()
        if self.report_progress is not None:
            self.note_progress()
        # Pongs and what the upstream sends are written whether or not the client reads them.
        limit = self._admission.settings.unread_bytes
        if self._writer.unread_bytes > limit:
            self.cut(N_("over {limit:,} bytes that it did not read").format(limit=limit))

    def note_progress(self) -> None:
        """Tells how far the connection was read."""
        if self.report_progress is not None:
            rest = None if self._in_message else self._splitter.pending
            self.report_progress(self._read, rest)

    def _receive_request(self, data: bytes) -> bytes:
        """Gives websockets what belongs to the request, which ends with an empty line. Returns the
        bytes behind it."""
        seen = self._request_end + data
        found = seen.find(b"\n\r\n")
        end = len(data) if found < 0 else found + 3 - len(self._request_end)
        self._request_end = seen[-2:]
        self._parse(data[:end])
        if self.request is None and self.protocol.handshake_exc is not None:
            self._admission.refuse_pending(
                self,
                N_("no proper request: {error}").format(error=self.protocol.handshake_exc),
            )
        return data[end:]

    def _receive_frames(self, data: bytes) -> None:
        """Takes text frames itself, and gives the others to websockets one after the other, each
        when all of it is there. That is four times as fast, and websockets' parser is always
        between two frames."""
        splitter, protocol = self._splitter, self.protocol
        if self._searches and not self._search(data):
            return
        if not self._searches:
            splitter.feed(data)
        self._searches = False
        while not protocol.eof_sent:
            # Between the fragments of a message a text frame is an error (RFC 6455, section 5.4).
            if not self._in_message and (messages := splitter.take_messages()):
                self._finished += len(messages)
                self._is_text = True
                self._deliver(messages)
            if splitter.is_empty:
                return
            frames = splitter.take_frames(self.frame_limit - (protocol.current_size or 0))
            if not frames:
                return
            self._parse(frames)
        # It has failed or is closing: what still comes is discarded (RFC 6455, section 7.1.7).
        splitter.take_all()

    def _parse(self, data: bytes) -> None:
        """Gives bytes to websockets, and ends a connection that is over then. One that is closed
        from here has the time-out of `close` instead."""
        super().data_received(data)
        if self.protocol.close_expected() and not self._aborts:
            # websockets would wait until the client closes TCP, which a hostile one never does.
            self._aborts = True
            self._writer.write_all()
            self._close_transport()
            self.loop.call_later(_ABORT_AFTER, self.transport.abort)

    def _search(self, data: bytes) -> bool:
        """Looks for the next line of the agent, since bytes before it are missing. Returns whether
        it is there; what is behind it waits in the splitter then."""
        splitter = self._splitter
        splitter.feed(data)
        rest = splitter.take_all()
        at, found = find_line(rest, apply_mask)
        splitter.feed(rest[at:][-self.frame_limit :])
        return found

    def process_event(self, event: ProtocolEvent) -> None:
        """Handles the request, then each frame; data frames do not go into the queue of `recv`."""
        if not isinstance(event, Frame):
            super().process_event(event)
            return
        if event.opcode not in DATA_OPCODES:
            super().process_event(event)
        elif event.fin and not self._in_message:
            self._is_text = event.opcode is Opcode.TEXT
            self._deliver([bytes(event.data)])
        else:
            self._gather(event)
        # A ping between the fragments of a message does not restart the message's time limit.
        if not self._in_message:
            self._finished += 1

    def deliver_to(self, receiver: Callable[[Sequence[bytes]], None]) -> None:
        """Calls `receiver` with the messages that came before, and from now on with those that each
        read brings, at least one, from the event loop."""
        early, self._early = self._early, []
        if early:
            receiver(early)
        self._receiver = receiver

    def _gather(self, frame: Frame) -> None:
        # The protocol bounds the sum of the fragments, as it bounds a single frame.
        if not self._in_message:
            self._is_text = frame.opcode is Opcode.TEXT
        self._in_message = not frame.fin
        self._fragments.append(bytes(frame.data))
        if frame.fin:
            message = b"".join(self._fragments)
            self._fragments.clear()
            self._deliver([message])

    def _deliver(self, messages: list[bytes]) -> None:
        if self.relay is not None:
            self.relay.from_agent(messages, text=self._is_text)
        if self._receiver is not None:
            self._receiver(messages)
            return
        self._early += messages
        if len(self._early) > EARLY_MESSAGES:
            del self._early[EARLY_MESSAGES:]
            self.cut(N_("it did not wait for the end of the handshake"))

    @property
    def is_between_frames(self) -> bool:
        """Whether the kernel has no part of a frame only, so that `snapshot` can be taken."""
        return self._writer.is_between_frames

    def snapshot(self) -> ConnectionSnapshot:
        """Returns what another process needs to go on with the socket. Nothing may be read or
        written here after that."""
        assert self.request is not None
        return ConnectionSnapshot(
            path=self.request.path,
            headers=tuple(self.request.headers.raw_items()),
            undecoded=self._splitter.pending,
            fragments=tuple(self._fragments),
            fragments_bytes=self.protocol.current_size,
            is_text=self._is_text,
            unfinished_since=self.unfinished_since,
            unwritten=self._writer.waiting,
            read=self._read,
        )

    def _restore(self, adopted: ConnectionSnapshot) -> None:
        self.request = Request(adopted.path, Headers(adopted.headers))
        self._splitter = FrameSplitter(self.frame_limit, apply_mask, adopted.undecoded)
        self._fragments = list(adopted.fragments)
        self._in_message = adopted.fragments_bytes is not None
        self.protocol.current_size = adopted.fragments_bytes
        self._is_text = adopted.is_text
        self.unfinished_since = adopted.unfinished_since
        self._searches = adopted.searches

    async def end(self, timeout: float) -> None:
        """Ends the connection without a close frame, within `timeout` seconds. What was written is
        delivered if the agent still reads, else dropped."""
        self._writer.write_all()
        self._close_transport()
        done, _ = await asyncio.wait([self.connection_lost_waiter], timeout=timeout)
        if not done:
            self.transport.abort()

    def _close_transport(self) -> None:
        if not self.transport.is_closing():  # a second time, asyncio forgets what TLS needs to end
            self.transport.close()

    def end_reason(self) -> tuple[str, bool]:
        """Returns why the connection has ended, for the log, and whether the other side broke a
        rule or limit."""
        protocol = self.protocol
        cause = self._lost_by
        error = protocol.parser_exc
        if self.cut_reason is not None:
            return N_("{reason}: the connection was cut").format(reason=self.cut_reason), True
        if isinstance(error, PayloadTooBig):
            return N_("a frame over {limit} KiB: the connection was cut").format(
                limit=self.frame_limit // 1024
            ), True
        if error is not None and not isinstance(error, EOFError):
            return N_("not WebSocket (RFC 6455), the connection was cut: {error}").format(
                error=error
            ), True
        if (close := protocol.close_rcvd) is not None:
            reason = f" ({close.reason})" if close.reason else ""
            return CLOSED_BY_AGENT.format(code=close.code, reason=reason), False
        if isinstance(cause, OSError):
            return LOST_BY_ERROR.format(cause=cause.strerror or cause), False
        return LOST_WITHOUT_CLOSE, False
