"""Takes the commands that come to a hub over the broker, has them carried out, and answers."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Final, Protocol

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remote.attached.hub_link import NotAttached
from mdxdash.remote.fleet.messages import UNREADABLE, Command, FromDesk, Sent, read_command
from mdxdash.remote.fleet.publishing.broker_notes import Tell
from mdxdash.remote.fleet.publishing.command_desk import CommandDesk

AT_ONCE: Final = 100
"""Commands that are carried out at the same time."""

ANSWERS_AT_ONCE: Final = 1000
"""Answers on their way; of more, the newest are left out."""

_LONGEST_ERROR: Final = 200

_LONGEST: Final = 2**18
"""Bytes of a command."""

_AGENTS: Final = 1000
"""Agents that a command names, at most: a hub bears 64."""

_LONGEST_NAME: Final = 200
"""Characters of the names in a command: of it, of who sends it and waits, of a macro."""

TOLD_AT_ONCE: Final = 10
"""Refusals of which the hub makes events in `TOLD_WITHIN` seconds; of more, their number."""
TOLD_WITHIN: Final = 10.0

Answer = Callable[[str, FromDesk], Awaitable[None]]
"""Publishes an answer under the routing key of who waits for it. Raises nothing."""


class CarryOut(Protocol):
    """Carries out commands: see `CommandsAtHub`."""

    async def carry_out(self, command: Command, user: str, next_seq: int, hub: str) -> Sent:
        """Returns what became of it. Raises `NotAttached`."""


class CommandReception:
    """Of one hub."""

    def __init__(
        self,
        hub: str,
        desk: CommandDesk,
        at_hub: CarryOut,
        tell: Tell,
        answer: Answer,
        next_seq: Callable[[], int],
    ) -> None:
        """
        * `hub`: its name at the broker.
        * `tell`: makes an event of the hub of what is refused.
        * `next_seq`: returns the number that the hub's next event has at least.
        """
        self._hub = hub
        self._desk = desk
        self._at_hub = at_hub
        self._tell = tell
        self._answer = answer
        self._next_seq = next_seq
        self._told = 0
        """Refusals since `_told_since`."""
        self._told_since = float("-inf")
        self._unanswered = 0
        """Answers that were left out."""
        self._commands: set[asyncio.Task[None]] = set()
        self._answers: set[asyncio.Task[None]] = set()

    def take(self, data: bytes, user: str, key: str = "") -> None:
        """Takes a command; `user` sent it, as far as the broker has checked it."""
        try:
            command = _read(data)
        except UNREADABLE as error:
            text = N_("fleet: {user} sends what is no command: {error}")
            self._refuse(text.format(user=_name(user), error=str(error)[:_LONGEST_ERROR]))
            return
        if self._desk.is_known(command):
            return
        reason = self._desk.admit(command, user, time.time())
        if not reason and len(self._commands) >= AT_ONCE:
            reason = N_("{most} commands are being carried out already").format(most=AT_ONCE)
        if reason:
            text = N_("fleet: a command of {user} was refused: {reason}")
            self._refuse(text.format(user=_name(user), reason=reason))
            self.answer(command, Sent(self._hub, command.id, error=reason))
            return
        _keep(self._carry_out(command, user), self._commands)

    def _refuse(self, text: str) -> None:
        """Makes an event of a refusal, unless there were very many."""
        self.report_left_out()
        self._told += 1
        if self._told <= TOLD_AT_ONCE:
            self._tell(True, text)

    def report_left_out(self) -> None:
        """Makes an event of the refusals and answers that were left out, once `TOLD_WITHIN` is
        over. To be called now and then: another refusal may never come."""
        if time.monotonic() - self._told_since <= TOLD_WITHIN:
            return
        self._told_since = time.monotonic()
        left_out, self._told = self._told - TOLD_AT_ONCE, 0
        if left_out > 0:
            more = N_("fleet: {count:,} more commands were refused")
            self._tell(True, more.format(count=left_out))
        unanswered, self._unanswered = self._unanswered, 0
        if unanswered:
            more = N_("fleet: {count:,} answers to commands were left out: the broker takes none")
            self._tell(True, more.format(count=unanswered))

    def answer_all(self, answers: Iterable[tuple[Command, FromDesk]]) -> None:
        """Sends answers to those who wait for them."""
        for command, answer in answers:
            self.answer(command, answer)

    def answer(self, command: Command, answer: FromDesk) -> None:
        """Sends an answer to who waits for it."""
        if len(self._answers) < ANSWERS_AT_ONCE:
            _keep(self._send(command.reply_to, answer), self._answers)
        else:
            self._unanswered += 1

    def close(self) -> None:
        """Gives up what goes on."""
        for task in (*self._commands, *self._answers):
            task.cancel()

    async def _carry_out(self, command: Command, user: str) -> None:
        try:
            sent = await self._at_hub.carry_out(command, user, self._next_seq(), self._hub)
        except NotAttached as error:
            text = N_("the hub is not reached: {error}").format(error=error)
            sent = Sent(self._hub, command.id, error=text)
        self.answer(command, sent)

    async def _send(self, reply_to: str, answer: FromDesk) -> None:
        await self._answer(reply_to, answer)


def _keep(work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> None:
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def _read(data: bytes) -> Command:
    """Returns a command. Raises `UNREADABLE`."""
    if len(data) > _LONGEST:
        raise msgspec.DecodeError(N_("it is too long"))
    command = read_command(data)
    names = (command.id, command.reply_to, command.macro, command.stop_macro, command.person)
    if len(command.agents) > _AGENTS or max(map(len, names)) > _LONGEST_NAME:
        raise msgspec.DecodeError(N_("it is too long"))
    return msgspec.structs.replace(command, agents=tuple(dict.fromkeys(command.agents)))


def _name(user: str) -> str:
    return user or "somebody"
