"""Sends what is ordered to the hubs of a broker, and collects their answers."""

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from mdxdash.catalog.dissect import dissect_command
from mdxdash.catalog.replies import anticipate
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_
from mdxdash.remote.fleet.broker_connection import BrokerError, NotThere
from mdxdash.remote.fleet.messages import EXPIRES_AFTER, Command, FromDesk, Sent, encoded
from mdxdash.remote.fleet.watching.fleet_hub import Order
from mdxdash.remote.fleet.watching.outcome import Outcome
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from mdxdash.wire.message import format_message

ANSWERED_WITHIN: Final = EXPIRES_AFTER + 2.0
"""Seconds after which no answer is waited for."""

ORDERS_AT_ONCE: Final = 200
"""Orders whose answers are waited for, at most."""

_HANDED_OVER_WITHIN: Final = 5.0
"""Seconds in which the broker takes a command: one without memory or disk just does not."""

_TAKES_NONE: Final = N_("the broker takes no command: it may be out of memory or disk")


class CommandSender(Protocol):
    """Hands commands to hubs: see `Broker`."""

    async def command(self, hub: str, body: bytes, expires_after: float) -> None:
        """Hands a command to a hub. Raises `NotThere`, `BrokerError`."""


class OrderDesk:
    """Of one dashboard, or one command of the shell."""

    def __init__(
        self,
        log: EventLog,
        person: str,
        find: Callable[[str], WatchedHub | None],
        report: Callable[[str], None],
    ) -> None:
        """
        * `log`: gets an event of what is refused.
        * `person`: what the user calls himself.
        * `find`: returns a hub by its name.
        * `report`: gets a sentence on what became of an order that was given.
        """
        self._log = log
        self._person = person
        self._find = find
        self._report = report
        self._sender: CommandSender | None = None
        self._reply_to = ""
        self._problem = ""
        self._outcomes: dict[str, Outcome] = {}
        """By the identity of a command."""
        self._news = asyncio.Event()
        """Set, and made anew, when an answer has come."""
        self._tasks: set[asyncio.Task[None]] = set()

    def connected(self, sender: CommandSender, reply_to: str) -> None:
        """The broker is there; `reply_to` is where answers are to go."""
        self._sender, self._reply_to = sender, reply_to

    def disconnected(self, problem: str) -> None:
        """The broker is away."""
        self._sender, self._problem = None, problem

    def give(self, order: Order) -> None:
        """Sends what is ordered, and reports what became of it."""

        async def give() -> None:
            self._report((await self.carry_out(order)).text)

        if len(self._tasks) >= ORDERS_AT_ONCE:
            outcome = Outcome(order)
            for hub in order.agents:
                outcome.fail(hub, N_("too many orders wait for their answers"))
            self._report(outcome.text)
            return
        task = asyncio.create_task(give())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Gives up what goes on."""
        for task in self._tasks:
            task.cancel()

    async def carry_out(self, order: Order) -> Outcome:
        """Sends what is ordered to the hubs, and waits for what becomes of it at each agent."""
        outcome = Outcome(order)
        ids: list[str] = []
        try:
            await self._hand_over_all(order, outcome, ids)
            with suppress(TimeoutError):
                async with asyncio.timeout(ANSWERED_WITHIN):
                    while not outcome.complete:
                        await self._news.wait()
        finally:
            for id_ in ids:
                self._outcomes.pop(id_, None)
        return outcome

    async def _hand_over_all(self, order: Order, outcome: Outcome, ids: list[str]) -> None:
        """Hands a command to each hub; `ids` gets their identities."""
        takes_commands = True
        for hub, agents in order.agents.items():
            if not takes_commands:
                self._refuse(outcome, outcome.fail(hub, _TAKES_NONE))
                continue
            command = self._command(hub, agents, order)
            self._outcomes[command.id] = outcome
            ids.append(command.id)
            takes_commands = await self._hand_over(hub, command, outcome)

    def take_answer(self, answer: FromDesk) -> None:
        """Takes the answer of a hub."""
        outcome = self._outcomes.get(answer.id)
        if outcome is not None:
            self._refuse(outcome, outcome.take(answer))
            self._anticipate(outcome, answer)
            news, self._news = self._news, asyncio.Event()
            news.set()

    def _anticipate(self, outcome: Outcome, answer: FromDesk) -> None:
        """What agents have got changes what is known of them before they say so."""
        hub, message = self._find(answer.hub), outcome.order.message
        if not isinstance(answer, Sent) or hub is None or message is None:
            return
        command = dissect_command(format_message(message))
        for name in answer.delivery.agents:
            if (agent := hub.agents.get(name)) is not None:
                anticipate(agent.known, command)

    def _command(self, hub: str, agents: tuple[str, ...], order: Order) -> Command:
        watched = self._find(hub)
        # By the hub's clock, as far as it is known here.
        ahead = 0.0 if watched is None else watched.clock.seconds
        return Command(
            id=uuid.uuid4().hex,
            reply_to=self._reply_to,
            expires_at=time.time() + ahead + EXPIRES_AFTER,
            agents=agents,
            line="" if order.message is None else format_message(order.message),
            sure=order.sure,
            macro=order.macro,
            stop_macro=order.stop_macro,
            stop_run=order.stop_run,
            stop_speech=order.stop_speech,
            person=self._person,
        )

    async def _hand_over(self, hub: str, command: Command, outcome: Outcome) -> bool:
        """Returns whether the broker took it or refused it at once."""
        if self._sender is None:
            self._refuse(outcome, outcome.fail(hub, self._problem))
            return True
        try:
            async with asyncio.timeout(_HANDED_OVER_WITHIN):
                await self._sender.command(hub, encoded(command), EXPIRES_AFTER)
        except TimeoutError:
            self._refuse(outcome, outcome.fail(hub, _TAKES_NONE))
            return False
        except NotThere:
            self._refuse(outcome, outcome.miss(hub))
        except BrokerError as error:
            self._refuse(outcome, outcome.fail(hub, str(error)))
        return True

    def _refuse(self, outcome: Outcome, agents: Sequence[str]) -> None:
        """Makes an event of what did not become of an order."""
        message = outcome.order.message
        type_, args = (message.type, message.args) if message is not None else ("", "")
        for agent in agents:
            text = outcome.at[agent].text
            reason = text if message is not None else f"{outcome.what}: {text}"
            self._log.append("refused", agent, type_, args, reason, by="fleet")
