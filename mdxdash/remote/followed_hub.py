"""The side of shell commands that read on: the events of a hub, also of the process that takes it
over, none missing and none twice."""

import time
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

import msgspec

from mdxdash.events.event import Event, is_same
from mdxdash.language.translation import N_
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.control_socket import HubAddress, NoSuchHub, hub_address
from mdxdash.remote.protocol import Answer, Attach, Notice, Request, Welcome
from mdxdash.remote.shell_client import HubGone, Refused, ShellClient

SUCCESSOR_WITHIN: Final = 15.0
"""Seconds that another process may take to go on with a hub whose process is gone."""

_ENDED_AFTER: Final = 0.3
"""Seconds without a control socket of the hub's name after which the hub has ended: another process
replaces the socket at once."""

_PAUSE: Final = 0.05

_KEPT: Final = 2_000
"""The last events that are kept. A hub that was killed may have lost the last ones it sent, and
counts on from before them; these tell which events of the other process are new."""


class FollowedHub:
    """A connection to a hub as `ShellClient`, opened again when another process goes on with the
    hub. Use it as a context manager."""

    def __init__(self, address: HubAddress, attach: Attach) -> None:
        """`attach` is the first line; it asks for events."""
        self._name = address.name
        self._attach = attach
        self._client = ShellClient(address, attach)
        self._last: deque[Event] = deque(maxlen=_KEPT)

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.__exit__(exc_type, exc, traceback)

    @property
    def welcome(self) -> Welcome:
        """What the hub said of itself last."""
        return self._client.welcome

    @property
    def has_read_all(self) -> bool:
        """Whether `stream` has yielded all that came so far."""
        return self._client.has_read_all

    @property
    def next_seq(self) -> int:
        """The number after that of the last event."""
        return self._last[-1].seq + 1 if self._last else self.welcome.first_sent

    def ask(self, request: Request) -> Answer:
        """As `ShellClient.ask`. A request is not made again at another process."""
        return self._client.ask(request)

    def stream(self, end: float | None = None) -> Iterator[Event | Notice]:
        """Yields what the hub sends; a `Welcome` when another process goes on with it.

        Raises `HubGone` when none does, and `TimeoutError` at `end`, a time of `time.monotonic`;
        None waits for ever.
        """
        earlier: dict[int, Event] = {}
        while True:
            try:
                for each in self._client.stream(end):
                    if isinstance(each, Event):
                        known = earlier.pop(each.seq, None)
                        if known is not None and is_same(known, each):
                            continue
                        self._last.append(each)
                    yield each
            except HubGone:
                self._client.__exit__(None, None, None)
                earlier = {event.seq: event for event in self._last}
                self._client = self._successor(end)
                yield self._client.welcome

    def _successor(self, end: float | None) -> ShellClient:
        """Returns a connection to the process that goes on with the hub."""
        before = self._client.welcome
        after = self._last[0].seq - 1 if self._last else before.first_sent - 1
        attach = msgspec.structs.replace(self._attach, after=after)
        begun = time.monotonic()
        seen = begun
        problem = N_("the hub ended the connection")
        while (now := time.monotonic()) - begun < SUCCESSOR_WITHIN and now - seen < _ENDED_AFTER:
            if end is not None and now >= end:
                raise TimeoutError(N_("the hub did not answer in time"))
            try:
                address = hub_address(self._name)
                seen = now
                client = ShellClient(address, attach).__enter__()
            except NoSuchHub:
                pass
            except (HubGone, Refused, NoControlFolder, OSError) as error:
                seen, problem = time.monotonic(), str(error)
            else:
                if client.welcome.session == before.session:
                    return client
                client.__exit__(None, None, None)
                raise HubGone(N_("the hub has begun a new session"))
            time.sleep(_PAUSE)
        raise HubGone(problem)
