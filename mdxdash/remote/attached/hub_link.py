"""The connection to a hub in another process: opened again whenever it ends, requests answered."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, Protocol

import msgspec

from mdxdash.events.encoding import EVENT_START
from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.remote.attached.line_channel import LineChannel, Opener
from mdxdash.remote.protocol import Answer, Attach, Notice, Welcome

_logger = logging.getLogger(__name__)

RETRY_DELAYS: Final = (0.05, *[0.1] * 4, *[0.2] * 4, 0.5, 1.0, 2.0)
"""Seconds before each further attempt to connect; the last one for all after it. Another process
that takes the hub over needs a second or less."""

WAITING_BYTES: Final = 2**22
"""Bytes that wait to be read by the hub, from which on nothing more is told to it."""

_encode: Final = msgspec.json.Encoder().encode
_events: Final = msgspec.json.Decoder(Event)
_notices: Final[msgspec.json.Decoder[Notice]] = msgspec.json.Decoder(Notice)


class NotAttached(OSError):
    """There is no connection to the hub, or it ended before the answer came."""


class Refused(OSError):
    """The hub does not take the connection; the text is its reason."""


class Receiver(Protocol):
    """Takes what a hub sends. It may raise `OtherSession` or OSError, which end the connection."""

    def attach(self) -> Attach:
        """Returns the first line of the next connection, but for its token."""

    def welcome(self, welcome: Welcome) -> None:
        """A connection begins."""

    def take_events(self, events: Sequence[Event]) -> None:
        """Events came, in order."""

    def take_notice(self, notice: Notice) -> None:
        """Something else came; no `Welcome` and no `Answer`."""


class HubLink:
    """One connection after the other, as long as `run` runs."""

    def __init__(
        self,
        open_channel: Opener,
        receiver: Receiver,
        take_lines: Callable[[Sequence[bytes]], None] | None = None,
    ) -> None:
        """`take_lines` gets the events as lines, instead of the receiver."""
        self.problem = N_("not connected to the hub yet")
        """Why there is no connection; empty while there is one."""
        self.lost_at: float | None = None
        """When the last connection ended, in Unix time; None while there is one, and before the
        first."""
        self._open_channel = open_channel
        self._receiver = receiver
        self._take_lines = take_lines
        self._channel: LineChannel | None = None
        self._answers: dict[int, asyncio.Future[Answer]] = {}
        self._next_id = 1
        self._attached = asyncio.Event()

    @property
    def attached(self) -> bool:
        """Whether there is a connection, and the hub has said what it is."""
        return self._channel is not None

    async def run(self) -> None:
        """Connects, and again when the connection ends, until it is cancelled. Raises what the
        receiver raises, but OSError."""
        attempt = 0
        while True:
            try:
                channel = await self._open_channel()
                try:
                    await self._serve(channel)
                finally:
                    await self._end(channel)
                self.problem = N_("the hub has ended the connection")
                attempt = 0
            except Refused as error:
                self.problem = str(error)
                attempt = len(RETRY_DELAYS)
            except OSError as error:
                self.problem = N_("no connection to the hub: {strerror}").format(
                    strerror=error.strerror or error
                )
            _logger.info("%s", self.problem)
            await asyncio.sleep(RETRY_DELAYS[min(attempt, len(RETRY_DELAYS) - 1)])
            attempt += 1

    async def wait_attached(self) -> None:
        """Waits until there is a connection."""
        await self._attached.wait()

    def tell(self, request: msgspec.Struct) -> bool:
        """Sends a request that gets no answer; returns whether it is sent: not without a
        connection, nor while the hub reads nothing."""
        if self._channel is None or self._channel.waiting > WAITING_BYTES:
            return False
        self._channel.write(_encode(request))
        return True

    def ask(self, make: Callable[[int], msgspec.Struct]) -> "asyncio.Future[Answer]":
        """Sends a request at once; the future gets its answer, or `NotAttached`. `make` gets the
        `id`. Raises `NotAttached`."""
        if self._channel is None:
            raise NotAttached(self.problem)
        id_ = self._next_id
        self._next_id += 1
        line = _encode(make(id_))
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._answers[id_] = answer
        answer.add_done_callback(lambda done: self._answers.pop(id_, None))
        self._channel.write(line)
        return answer

    async def _serve(self, channel: LineChannel) -> None:
        _say_hello(channel, self._receiver.attach())
        lines = await channel.read()
        self._receiver.welcome(_welcome(lines))
        self._channel = channel
        self.problem = ""
        self.lost_at = None
        self._attached.set()
        self._take(lines[1:])
        while lines := await channel.read():
            self._take(lines)
            await asyncio.sleep(0)  # a stream that always has more would leave no turn to others

    def _take(self, lines: Sequence[bytes]) -> None:
        for found in _decoded(lines, as_lines=self._take_lines is not None):
            if isinstance(found, list):
                (self._take_lines or self._receiver.take_events)(found)
            elif isinstance(found, Answer):
                answer = self._answers.get(found.id or 0)
                if answer is not None and not answer.done():
                    answer.set_result(found)
            else:
                self._receiver.take_notice(found)

    async def _end(self, channel: LineChannel) -> None:
        if self._channel is not None:
            self.lost_at = time.time()
        self._channel = None
        self._attached.clear()
        for answer in list(self._answers.values()):
            if not answer.done():
                answer.set_exception(NotAttached(N_("the connection to the hub ended meanwhile")))
        await channel.close()


async def ask_welcome(open_channel: Opener, attach: Attach) -> Welcome:
    """Connects only to see what a hub says of itself. Raises `Refused`, OSError."""
    channel = await open_channel()
    try:
        _say_hello(channel, attach)
        return _welcome(await channel.read())
    finally:
        await channel.close()


def _say_hello(channel: LineChannel, attach: Attach) -> None:
    channel.write(_encode(msgspec.structs.replace(attach, token=channel.token)))


def _welcome(lines: Sequence[bytes]) -> Welcome:
    """Returns the hub's first line. Raises `Refused`, OSError."""
    if not lines:
        raise OSError(N_("the hub ended the connection at once"))
    match _notice(lines[0]):
        case Welcome() as welcome:
            return welcome
        case Answer(error=error) if error:
            raise Refused(error)
        case _:
            raise OSError(N_("what listens there is no hub that this version knows"))


def _decoded(lines: Sequence[bytes], *, as_lines: bool) -> Iterator[Any]:
    """Yields lists of events, decoded or as their lines, and notices, in order."""
    for is_event, group in groupby(lines, lambda line: line.startswith(EVENT_START)):
        if is_event and as_lines:
            yield list(group)
        elif is_event:
            try:
                yield _events.decode_lines(b"\n".join(group))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise OSError(
                    N_("the hub sends what is no event: {error}").format(error=error)
                ) from None
        else:
            yield from map(_notice, group)


def _notice(line: bytes) -> Notice:
    try:
        return _notices.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OSError(
            N_("the hub sends what this version does not know: {error}").format(error=error)
        ) from None
