"""The old process: gives its hub to a new one, and goes on itself when that fails."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final, TypeVar

from mdxdash.events.event import Event
from mdxdash.hub.adoption import CannotHandOver
from mdxdash.language.translation import N_
from mdxdash.recordings.journal import HangingDisk
from mdxdash.remote.handover.messages import (
    VERSION,
    Begin,
    ChangedEvent,
    Channel,
    Events,
    Go,
    Going,
    HandOverFailed,
    Message,
    Ready,
    Refused,
    Rest,
    Taken,
    encode_settings,
)
from mdxdash.remote.hub_session import HubSession
from mdxdash.settings.rereading import Rereading
from mdxdash.version import __version__

READY_WITHIN: Final = 30.0
"""Seconds that a new process gets to load everything, on the slowest machine."""

TAKEN_WITHIN: Final = 5.0
"""Seconds in which nobody serves the agents, at most; usually it is a tenth of one."""

_BATCH: Final = 2048
"""Events that are given over at a time: about a millisecond of work."""

_REST_EVENTS: Final = 4096
"""Events that may be left when the agents are given over."""

_CATCH_UP_WITHIN: Final = 20.0
"""Seconds after which the rest is given over, however much it is."""

M = TypeVar("M", Ready, Taken, Going)


def own_command() -> tuple[str, ...]:
    """Returns the command that starts the program that is installed now."""
    # Not from the working directory, where there may be a package of this name (-P, Python 3.11).
    return (sys.executable, "-P", "-m", "mdxdash")


async def hand_over(
    session: HubSession,
    command: Sequence[str],
    options: Sequence[str] = (),
    *,
    reads_settings: bool = False,
) -> Rereading:
    """Starts a new process and gives it the hub. When this returns, the new one serves, and this
    process must end without closing the session: `os._exit`.

    `command` starts mdxdash, and `options` are for its `takeover`. With `reads_settings` the new
    process reads the settings' file again; returns what is otherwise in it. Raises
    `CannotHandOver` with the reason when the hub stays here, as if nothing had happened.
    """
    if sys.platform == "win32":
        raise CannotHandOver(N_("Windows does not let a process give its sockets away like this"))
    with (
        tempfile.TemporaryFile() as errors,
        _new_process(command, options, errors) as (process, channel),
    ):
        try:
            await asyncio.to_thread(channel.send, _begin(session, reads_settings=reads_settings))
            ready = _expect(await asyncio.to_thread(channel.receive, READY_WITHIN), Ready)
            with _Transfer(session) as transfer:
                await transfer.send_events(channel)
                await session.hub.settle()
                # Without an `await` from here on: nothing happens in this process meanwhile.
                transfer.give_rest(channel)
            session.let_go()
            return ready.settings
        except BaseException as error:
            # It is dead before the agents are served here again.
            process.kill()
            process.wait()
            session.thaw()
            if isinstance(error, HandOverFailed | OSError | HangingDisk):
                raise CannotHandOver(_reason(error, errors)) from error
            raise


def _begin(session: HubSession, *, reads_settings: bool) -> Begin:
    journal = session.journal
    return Begin(
        VERSION,
        __version__,
        encode_settings(session.settings),
        session.macros.switched_on,
        "" if journal is None else str(journal.path),
        session.log.first_seq,
        reads_settings,
    )


class _Transfer:
    """What was given over so far of one session."""

    def __init__(self, session: HubSession) -> None:
        self._session = session
        self._next = session.log.first_seq
        self._changed: dict[int, Event] = {}
        self._unsubscribe: Callable[[], None] = lambda: None

    def __enter__(self) -> "_Transfer":
        self._unsubscribe = self._session.log.subscribe_changes(self._note_change)
        return self

    def __exit__(self, *_: object) -> None:
        self._unsubscribe()

    async def send_events(self, channel: Channel) -> None:
        """Gives over the events of the log, while more happen, until few are left."""
        log = self._session.log
        deadline = time.monotonic() + _CATCH_UP_WITHIN
        while log.next_seq - self._next > _REST_EVENTS and time.monotonic() < deadline:
            await asyncio.to_thread(channel.send, Events(tuple(self._take(_BATCH))))

    def give_rest(self, channel: Channel) -> None:
        """Gives over the agents and the rest, and waits until the other process serves. Blocks the
        event loop, which is meant: see `HubServer.freeze`."""
        log = self._session.log
        snapshot, descriptors = self._session.freeze()
        rest = Rest(
            snapshot,
            len(descriptors),
            tuple(self._take(log.next_seq - self._next)),
            tuple(ChangedEvent(e.seq, e.round_trip, e.lost) for e in self._changed.values()),
            dict(log.counts),
            tuple(log.marked),
            tuple(alert.seq for alert in self._session.alerts.unseen_alerts),
        )
        channel.send(rest)
        channel.send_sockets(descriptors)
        _expect(channel.receive(TAKEN_WITHIN), Taken)
        channel.send(Go())
        _expect(channel.receive(TAKEN_WITHIN), Going)

    def _take(self, count: int) -> list[Event]:
        log = self._session.log
        # What has left memory meanwhile is in the recording.
        start = max(self._next, log.first_seq)
        self._next = min(start + count, log.next_seq)
        return log.slice(start, self._next)

    def _note_change(self, event: Event) -> None:
        if event.seq < self._next:
            self._changed[event.seq] = event


def _expect(message: Message, wanted: type[M]) -> M:
    if isinstance(message, Refused):
        raise HandOverFailed(message.reason)
    if not isinstance(message, wanted):
        raise HandOverFailed(N_("the new process says {name}").format(name=type(message).__name__))
    return message


@contextmanager
def _new_process(
    command: Sequence[str], options: Sequence[str], errors: IO[bytes]
) -> Iterator[tuple[subprocess.Popen[bytes], Channel]]:
    """Starts a process that is to take over, in a session of its own: no terminal ends it."""
    ours, theirs = socket.socketpair()
    with contextlib.closing(Channel(ours)) as channel:
        with theirs:
            try:
                process = subprocess.Popen(
                    [*command, "takeover", *options, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    start_new_session=True,
                )
            except OSError as error:
                raise CannotHandOver(f"{command[0]}: {error.strerror or error}") from error
        yield process, channel


def _reason(error: Exception, errors: IO[bytes]) -> str:
    """Returns why it failed, with what the new process has written last."""
    errors.seek(0)
    lines = errors.read().decode("utf-8", "replace").strip().splitlines()
    if isinstance(error, TimeoutError):
        text = N_("the new process did not answer in time")
    elif isinstance(error, ConnectionError):
        text = N_("the other process has ended")
    else:
        text = str(error)
    # The new process writes the reason that it gives, too.
    return f"{text}: {lines[-1]}" if lines and lines[-1] != text else text
