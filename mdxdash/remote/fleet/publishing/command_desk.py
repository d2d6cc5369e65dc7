"""The commands that came to a hub: which are carried out, and what became of their messages. Pure.

A command with the same identity is carried out once, and one that has expired is not.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.remote.fleet.messages import EXPIRES_AFTER, Acknowledged, Command
from mdxdash.remote.protocol import Changed
from mdxdash.wire.message import Message, format_message

_REMEMBERED: Final = 10_000
"""Commands whose identity is remembered."""

_CLOCKS_DIFFER: Final = 60.0
"""Seconds for which a command may be valid at most, whatever its sender's clock is."""

ECHO_WITHIN: Final = 8.0
"""Seconds after which no echo is waited for: the hub itself waits for 5."""


class _Watched(msgspec.Struct):
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
        self._watched: list[_Watched] = []

    def admit(self, command: Command, who: str, now: float) -> str:
        """Takes a command. `who` is the user of the broker who sent it; `now` is Unix time. Returns
        why it is not carried out, or nothing; `again` if it was carried out before."""
        if command.id in self._known:
            return "again"
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

    def expect(self, command: Command, agent: str, message: Message, seq: int, now: float) -> None:
        """Waits for the echo of a message that was sent to an agent: its event has the number
        `seq` or a higher one. `now` is in monotonic seconds."""
        line = format_message(message)
        self._watched.append(_Watched(command, agent, line, seq, now + ECHO_WITHIN))

    def withdraw(self, command: Command, agent: str) -> None:
        """The message was not sent after all."""
        self._watched = [
            each
            for each in self._watched
            if not (each.command.id == command.id and each.agent == agent)
        ]

    @property
    def waits(self) -> bool:
        """Whether an echo is waited for."""
        return bool(self._watched)

    def take_event(self, event: Event) -> Iterator[tuple[Command, Acknowledged]]:
        """Takes an event of the hub; yields the answers that follow from it."""
        if event.kind != "sent":
            return
        line = format_message(Message(event.type, event.args))
        for watched in self._watched:
            if not watched.seq and watched.agent == event.agent and watched.line == line:
                if event.seq < watched.from_seq:
                    continue
                watched.seq = event.seq
                if event.round_trip is not None or event.lost:
                    yield from self.take_change(Changed(event.seq, event.round_trip, event.lost))
                return

    def take_change(self, changed: Changed) -> Iterator[tuple[Command, Acknowledged]]:
        """Takes what became of an event; yields the answers that follow from it."""
        for watched in [each for each in self._watched if each.seq == changed.seq]:
            self._watched.remove(watched)
            command = watched.command
            answer = Acknowledged(self._hub, command.id, watched.agent, changed.round_trip)
            yield command, answer

    def expire(self, now: float) -> Iterator[tuple[Command, Acknowledged]]:
        """Yields an answer for each message that was waited for too long."""
        for watched in [each for each in self._watched if each.until < now]:
            self._watched.remove(watched)
            command = watched.command
            yield command, Acknowledged(self._hub, command.id, watched.agent)
