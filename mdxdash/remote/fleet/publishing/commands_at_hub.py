"""Carries out a command of the broker at the hub, by the requests that every face makes."""

import time
from functools import partial
from typing import Final

from mdxdash.hub.interface import Delivery
from mdxdash.hub.targets import exactly
from mdxdash.language.translation import N_
from mdxdash.remote.attached.hub_link import HubLink
from mdxdash.remote.fleet.messages import Command, Sent
from mdxdash.remote.fleet.publishing.command_desk import CommandDesk
from mdxdash.remote.protocol import Fire, Note, Send, StopMacros, StopSpeech
from mdxdash.wire.framing import expected_echo
from mdxdash.wire.message import Message, parse_message

_NAMED: Final = 5
"""Agents that the event of a command names; of more, the number is given."""


class CommandsAtHub:
    """Makes an event of each command, which says who sent it, and carries it out."""

    def __init__(self, link: HubLink, desk: CommandDesk) -> None:
        """`desk` is told which messages are on their way."""
        self._link = link
        self._desk = desk

    async def carry_out(self, command: Command, user: str, next_seq: int, hub: str) -> Sent:
        """Returns what became of it. Raises `NotAttached`.

        * `user`: the user of the broker who sent it.
        * `next_seq`: the number that the hub's next event has at least.
        """
        self._link.tell(Note(f"{_who(command, user)}: {_what(command)}"))
        if command.macro:
            macro = command.macro
            answer = await self._link.ask(lambda id_: Fire(macro, None, id_))
            return Sent(hub, command.id, error=answer.error, outcome=answer.outcome)
        if command.stop_macro:
            stopped = command.stop_macro
            if run := command.stop_run:
                answer = await self._link.ask(lambda id_: StopMacros(run=run, id=id_))
            else:
                answer = await self._link.ask(lambda id_: StopMacros(macro=stopped, id=id_))
            return Sent(hub, command.id, error=answer.error, outcome=answer.outcome)
        if command.stop_speech:
            for agent in command.agents:
                await self._link.ask(partial(StopSpeech, exactly(agent)))
            return Sent(hub, command.id, Delivery(command.agents))
        return await self._send(command, next_seq, hub)

    async def _send(self, command: Command, next_seq: int, hub: str) -> Sent:
        message = parse_message(command.line)
        echoes = expected_echo(message) is not None
        taken: list[str] = []
        refused: list[str] = []
        asked: dict[str, None] = {}
        for agent in command.agents:
            if time.time() > command.expires_at:
                refused.append(N_("{agent}: it has expired").format(agent=agent))
                continue
            delivery = await self._send_to(agent, command, message if echoes else None, next_seq)
            taken += delivery.agents
            refused += delivery.refused
            asked |= dict.fromkeys(delivery.asked)
            if delivery.nobody:
                refused.append(N_("{agent}: it is not connected").format(agent=agent))
        return Sent(hub, command.id, Delivery(tuple(taken), tuple(refused), tuple(asked)))

    async def _send_to(
        self, agent: str, command: Command, echoing: Message | None, next_seq: int
    ) -> Delivery:
        # Before it is sent: its event may come together with the answer.
        if echoing is not None and not self._desk.expect(
            command, agent, echoing, next_seq, time.monotonic()
        ):
            text = N_("{agent}: the hub waits for too many echoes already")
            return Delivery(refused=(text.format(agent=agent),))
        line, to, sure = command.line, exactly(agent), command.sure
        answer = await self._link.ask(lambda id_: Send(line, to, sure, id_))
        delivery = answer.delivery or Delivery(refused=(answer.error,))
        if agent not in delivery.agents:
            self._desk.withdraw(command, agent)
        return delivery


def _who(command: Command, user: str) -> str:
    return f"{user} ({command.person})" if command.person else user


def _what(command: Command) -> str:
    if command.macro:
        return N_("macro {macro}").format(macro=command.macro)
    if command.stop_macro:
        return N_("stop macro {macro}").format(macro=command.stop_macro)
    count, line = len(command.agents), command.line
    if count > _NAMED:
        if command.stop_speech:
            return N_("stop speech to {count:,} agents").format(count=count)
        return N_("{line} to {count:,} agents").format(line=line, count=count)
    to = ", ".join(command.agents)
    if command.stop_speech:
        return N_("stop speech to {to}").format(to=to)
    return N_("{line} to {to}").format(line=line, to=to)
