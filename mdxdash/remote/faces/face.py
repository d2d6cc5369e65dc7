"""One face: from its first line to the end of its connection."""

import asyncio
import hmac
import re
import time
from collections.abc import Coroutine
from typing import Any, Final, Protocol

import msgspec

from mdxdash.events.event import By
from mdxdash.language.translation import N_
from mdxdash.remote.faces.event_feed import EventFeed, SharedLines
from mdxdash.remote.faces.link import WAITING_BYTES, LineSplitter, Link
from mdxdash.remote.faces.requests import Refused, Requests
from mdxdash.remote.faces.served_hub import ServedHub
from mdxdash.remote.faces.state_feed import StateFeed
from mdxdash.remote.faces.states import first_readable, welcome
from mdxdash.remote.protocol import (
    LINE_BYTES,
    PROTOCOL,
    Answer,
    Attach,
    GiveSound,
    Read,
    Request,
    Restart,
)
from mdxdash.version import __version__

ATTACH_WITHIN: Final = 5.0
"""Seconds that a connection has for its first line."""

LINES_AT_ONCE: Final = 50
WORK_AT_ONCE: Final = 0.001
PAUSE: Final = 0.05
"""Seconds in which `LINES_AT_ONCE` lines of a face are processed, or as many as take `WORK_AT_ONCE`
seconds: what comes on top waits in the face's own socket. One face gets 2 % of the event loop."""

_LONGEST_REST: Final = 0.1

_READS: Final = 4
"""Requests for events that are worked on at the same time."""

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,15}")

_COMMANDS: Final[dict[str, By]] = {
    "send": "send",
    "run": "macro",
    "fleet": "fleet",
    "remdis": "remdis",
}
"""Who sends, by what a command calls itself; a dashboard sends by its own name."""

_encode: Final = msgspec.json.Encoder().encode
_requests: Final[msgspec.json.Decoder[Request]] = msgspec.json.Decoder(Request)


class Admission(Protocol):
    """Decides who may attach; the set of all faces."""

    @property
    def names(self) -> tuple[str, ...]:
        """Who is attached."""

    @property
    def reading(self) -> asyncio.Lock:
        """Held by the face for which a thread reads events: one at a time, since they are read and
        encoded at the cost of the event loop."""

    @property
    def lines(self) -> SharedLines:
        """Encodes events for the faces."""

    def attach(self, face: "Face") -> str:
        """Takes a face that wants events and states, and makes its name one of its own. Returns
        why it is not taken, or nothing."""


class Face:
    """Serves one face over its link. Owns nothing that lives longer."""

    def __init__(
        self,
        served: ServedHub,
        link: Link,
        admission: Admission,
        *,
        token: str = "",
        read_only: bool = False,
        elsewhere: bool = False,
    ) -> None:
        """`token` is what the face must send, if anything. `elsewhere`: it is on another
        machine."""
        self.name = ""
        """What it calls itself; empty until it is attached."""
        self.events: EventFeed | None = None
        """What it is sent of the events; None for a face that only asks."""
        self.states: StateFeed | None = None
        self._served = served
        self._link = link
        self._admission = admission
        self._token = token
        self._read_only = read_only
        self._elsewhere = elsewhere
        self._requests: Requests | None = None
        self._splitter = LineSplitter(LINE_BYTES)
        self._given = 0
        """Lines that were processed since the last pause."""
        self._worked = 0.0
        """Seconds that they took."""
        self._holders: set[str] = set()
        self._reads: set[asyncio.Task[None]] = set()
        self._closed = False
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(
            ATTACH_WITHIN, self.refuse, N_("it did not attach in time")
        )
        self._pause: asyncio.TimerHandle | None = None

    def receive(self, data: bytes) -> None:
        """Takes bytes that the face sent."""
        self._splitter.feed(data)
        self._process()
        if self._splitter.too_long:
            self.refuse(N_("a line has more than {limit:,} bytes").format(limit=LINE_BYTES))

    def resume(self) -> None:
        """The face has read what was written: it gets more."""
        if not self._closed:
            self._release("answers")
            if self.events is not None:
                self.events.pump()

    def refuse(self, reason: str) -> None:
        """Tells the face why its connection ends, and ends it."""
        if not self._closed:
            self._link.write(_encode(Answer(error=reason)) + b"\n")
            self.end()

    def end(self) -> None:
        """Ends the connection after what was written."""
        self._link.close()
        self.close()

    def close(self) -> None:
        """Ends everything that belongs to it; its connection has ended or is ending."""
        self._closed = True
        self._deadline.cancel()
        if self._pause is not None:
            self._pause.cancel()
        if self.events is not None:
            self.events.close()
        if self._requests is not None:
            self._requests.close()
        for task in self._reads:
            task.cancel()

    def _process(self) -> None:
        """Processes the lines that have come, as many as a face may have processed at a time."""
        while len(self._splitter) and not (self._closed or self._holders):
            began = time.perf_counter()
            self._given += self._splitter.give(1, self._take)
            self._worked += time.perf_counter() - began
            if self._pause is None:
                self._pause = asyncio.get_running_loop().call_later(PAUSE, self._begin_again)
            if self._given >= LINES_AT_ONCE or self._worked >= WORK_AT_ONCE:
                self._hold("pause")

    def _begin_again(self) -> None:
        self._pause = None
        self._given, self._worked = 0, 0.0
        self._release("pause")

    def _hold(self, holder: str) -> None:
        if not self._holders:
            self._link.hold()
        self._holders.add(holder)

    def _release(self, holder: str) -> None:
        if holder in self._holders:
            self._holders.remove(holder)
            self._process()
            if not self._holders and not self._closed:
                self._link.release()

    def _take(self, line: bytes) -> None:
        try:
            request = _requests.decode(line)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            if self._requests is None:
                self.refuse(N_("this is no face of mdxdash: {error}").format(error=error))
            else:
                self._answer(Answer(error=N_("no request: {error}").format(error=error)))
            return
        if self._requests is not None:
            self._carry_out(self._requests, request)
        elif isinstance(request, Attach):
            self._attach(request)
        else:
            self.refuse(N_("the first line must be `attach`"))

    def _attach(self, attach: Attach) -> None:
        problem = self._problem(attach)
        self.name = attach.face
        if not problem and attach.events:
            problem = self._admission.attach(self)
        if problem:
            self.refuse(problem)
            return
        self._deadline.cancel()
        read_only = self._read_only or attach.read_only
        dashboard = self.name if attach.face == "web" or attach.events else "attach"
        by = _COMMANDS.get(attach.face, dashboard)
        self._requests = Requests(
            self._served,
            by,
            lambda: self._admission.names,
            read_only=read_only,
            elsewhere=self._elsewhere,
        )
        first = self._first_wanted(attach)
        told = welcome(
            self._served, first, face=self.name, read_only=read_only, elsewhere=self._elsewhere
        )
        self._link.write(_encode(told) + b"\n")
        if attach.events:
            served = self._served
            lines = self._admission.lines
            self.events = EventFeed(served.log, lines, served.older, self._link, first)
            self.states = StateFeed(self._served, self._link)
            self.events.pump()

    def _problem(self, attach: Attach) -> str:
        if not hmac.compare_digest(_bytes(attach.token), _bytes(self._token)):
            return N_("the token is wrong")
        if attach.protocol != PROTOCOL:
            older = N_("the hub") if attach.protocol > PROTOCOL else N_("the other side")
            return N_(
                "protocol {protocol} is not known: this hub is mdxdash {version} with "
                "protocol {own}; update {older}"
            ).format(protocol=attach.protocol, version=__version__, own=PROTOCOL, older=older)
        return "" if _NAME.fullmatch(attach.face) else N_("a face is named with the letters a to z")

    def _first_wanted(self, attach: Attach) -> int:
        next_seq = self._served.log.next_seq
        if attach.after is not None and 0 <= attach.after < next_seq:
            return attach.after + 1
        return max(first_readable(self._served), next_seq - max(0, attach.tail))

    def _carry_out(self, requests: Requests, request: Request) -> None:
        id_ = getattr(request, "id", None)
        if isinstance(request, Read):
            self._work(self._read(requests, request), request.id)
            return
        if isinstance(request, Restart):
            self._work(requests.restart(request), request.id)
            return
        if isinstance(request, GiveSound):
            self._work(requests.give_sound(request), request.id)
            return
        try:
            answer = requests.answer(request)
        except Refused as error:
            answer = Answer(error=str(error))
        if id_ is not None:
            self._answer(msgspec.structs.replace(answer, id=id_))

    async def _read(self, requests: Requests, request: Read) -> Answer:
        lock = self._admission.reading
        await lock.acquire()
        began = time.monotonic()
        try:
            return await requests.read(request)
        finally:
            # As long again it reads for nobody: a face that asks without end gets half of a core.
            rest = min(time.monotonic() - began, _LONGEST_REST)
            asyncio.get_running_loop().call_later(rest, lock.release)

    def _work(self, answering: Coroutine[Any, Any, Answer], id_: int) -> None:
        """Answers a request that takes time."""

        async def work() -> None:
            try:
                answer = await answering
            except Refused as error:
                answer = Answer(error=str(error))
            self._answer(msgspec.structs.replace(answer, id=id_))

        def over(task: asyncio.Task[None]) -> None:
            self._reads.discard(task)
            if not self._closed:
                self._release("reads")

        task = asyncio.create_task(work())
        self._reads.add(task)
        task.add_done_callback(over)
        if len(self._reads) >= _READS:
            self._hold("reads")

    def _answer(self, answer: Answer) -> None:
        self._link.write(_encode(answer) + b"\n")
        if self._link.waiting > WAITING_BYTES:
            self._hold("answers")


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "backslashreplace")
