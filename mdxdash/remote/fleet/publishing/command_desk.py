"""The commands that came to a hub: which are carried out, and what became of their messages. Pure.

A command with the same identity is carried out once, and one that has expired is not.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.remote.fleet.messages import EXPIRES_AFTER, Acknowledged, Command
from mdxdash.remote.protocol import Changed
from mdxdash.wire.message import Message, format_message, parse_message

_REMEMBERED: Final = 10_000
"""Commands whose identity is remembered."""

_CLOCKS_DIFFER: Final = 60.0
"""Seconds for which a command may be valid at most, whatever its sender's clock is."""

WATCHED_MAX: Final = 5_000
"""Messages whose echo is waited for."""

ECHO_WITHIN: Final = 8.0
"""Seconds after which no echo is waited for: the hub itself waits for 5."""


class _Watched(msgspec.Struct, eq=False):
    """A message of a command, on its way to one agent."""

    command: Command
    agent: str
    line: str
    from_seq: int
    """Its event has this number or a higher one."""
    until: float
    seq: int = 0
    """The number of its event; 0: it has not come yet."""


class CommandDesk:
    """Of one hub."""

    def __init__(self, hub: str) -> None:
        self._hub = hub
        self._known: dict[str, None] = {}
        self._expected: dict[tuple[str, str], deque[_Watched]] = {}
        """Messages whose event has not come, by agent and line, oldest first."""
        self._sent: dict[int, _Watched] = {}
        """Messages whose event has come, by its number."""
        self._count = 0
        """Those of both."""

    def is_known(self, command: Command) -> bool:
        """Returns whether a command of this identity was carried out before."""
        return command.id in self._known

    def admit(self, command: Command, who: str, now: float) -> str:
        """Takes a command. `who` is the user of the broker who sent it; `now` is Unix time. Returns
        why it is not carried out, or nothing."""
        if not who:
            return N_("it does not say who sends it (the property user_id)")
        if now > command.expires_at:
            return N_("it has expired {now:.1f} s ago").format(now=now - command.expires_at)
        if command.expires_at > now + EXPIRES_AFTER + _CLOCKS_DIFFER:
            return N_("it would be valid for too long")
        self._known[command.id] = None
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        return ""

    def expect(self, command: Command, agent: str, message: Message, seq: int, now: float) -> bool:
        """Waits for the echo of a message that is sent to an agent: its event has the number `seq`
        or a higher one. `now` is in monotonic seconds. Returns whether it is: not where too many
        are waited for."""
        if self._count >= WATCHED_MAX:
            return False
        line = format_message(message)
        watched = _Watched(command, agent, line, seq, now + ECHO_WITHIN)
        self._expected.setdefault((agent, line), deque()).append(watched)
        self._count += 1
        return True

    def withdraw(self, command: Command, agent: str) -> None:
        """The message was not sent after all."""
        line = format_message(parse_message(command.line))
        for watched in self._expected.get((agent, line), ()):
            if watched.command.id == command.id:
                self._forget(watched)
                return

    @property
    def waits(self) -> bool:
        """Whether an echo is waited for."""
        return self._count > 0

    def take_event(self, event: Event) -> Iterator[tuple[Command, Acknowledged]]:
        """Takes an event of the hub; yields the answers that follow from it."""
        if event.kind != "sent":
            return
        line = format_message(Message(event.type, event.args))
        for watched in self._expected.get((event.agent, line), ()):
            if event.seq < watched.from_seq:
                continue
            self._forget(watched)
            watched.seq = event.seq
            self._sent[event.seq] = watched
            self._count += 1
            if event.round_trip is not None or event.lost:
                yield from self.take_change(Changed(event.seq, event.round_trip, event.lost))
            return

    def take_change(self, changed: Changed) -> Iterator[tuple[Command, Acknowledged]]:
        """Takes what became of an event; yields the answers that follow from it."""
        watched = self._sent.get(changed.seq)
        if watched is not None:
            self._forget(watched)
            command = watched.command
            answer = Acknowledged(self._hub, command.id, watched.agent, changed.round_trip)
            yield command, answer

    def expire(self, now: float) -> Iterator[tuple[Command, Acknowledged]]:
        """Yields an answer for each message that was waited for too long."""
        expected = [each for found in self._expected.values() for each in found]
        for watched in (*expected, *self._sent.values()):
            if watched.until < now:
                self._forget(watched)
                command = watched.command
                yield command, Acknowledged(self._hub, command.id, watched.agent)

    def _forget(self, watched: _Watched) -> None:
        self._count -= 1
        if watched.seq:
            del self._sent[watched.seq]
            return
        key = watched.agent, watched.line
        self._expected[key].remove(watched)
        if not self._expected[key]:
            del self._expected[key]
