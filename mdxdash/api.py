"""mdxdash as a library: host agents, send to them, wait for what they say, run macros.

A dialogue test is a pytest test:

    async with mdxdash.Hub(port=0) as hub:
        agent = await hub.agent(timeout=30)
        await agent.send("VALUE_SET", "score", 10)
        event = await agent.expect("type:VALUE_EVENT_SET args:score", timeout=5)

All times are seconds. Filters are those of the event stream. Nothing here loads Textual.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from mdxdash.events.event import Event
from mdxdash.events.log import DEFAULT_BYTES_LIMIT, DEFAULT_LIMIT, EventLog
from mdxdash.events.text import text_line
from mdxdash.hub.address import CannotListen
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.server import HubServer
from mdxdash.hub.targets import ALL
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.files.toml_steps import filter_text
from mdxdash.macros.model import DEFAULT_TIMEOUT, ExpectStep, Macro
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.remote.tap import add_tap
from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.toml_source import SettingsError, read_toml
from mdxdash.wire.message import SEPARATOR, Message, parse_message

__all__ = [
    "Agent",
    "CannotListen",
    "Event",
    "ExpectTimeout",
    "Hub",
    "Macro",
    "MacroFailed",
    "Message",
    "NoAgent",
    "Refused",
    "RunRecord",
    "SettingsError",
    "Unexpected",
    "load_macros",
]

DEFAULT_AGENT_TIMEOUT: Final = 30.0


class NoAgent(TimeoutError):
    """No agent connected in time; the text says where it was waited for, and what to check."""


class Refused(ValueError):
    """A message was not sent; the text says why, and what would have happened."""


class Unexpected(AssertionError):
    """The agent did not do what was expected. `events` are the last of it, oldest first; the text
    ends with them."""

    def __init__(self, message: str, events: Sequence[Event]) -> None:
        lines = [message, *(f"    {text_line(event)}" for event in events)]
        super().__init__("\n".join(lines))
        self.events = tuple(events)


class ExpectTimeout(Unexpected, TimeoutError):
    """What was expected did not come in time."""


class MacroFailed(Unexpected):
    """A macro did not come to its end; `run` says which steps it did."""

    def __init__(self, run: RunRecord) -> None:
        super().__init__(f'the macro "{run.macro}" {run.state}: {run.failure}', run.recent)
        self.run = run


def load_macros(path: str | Path) -> tuple[Macro, ...]:
    """The macros of a TOML file. Raises SettingsError with file, line and what was expected."""
    return read_macros(read_toml(Path(path)))


class Agent:
    """An agent that is, or was, connected."""

    def __init__(self, agent: HubAgent, hub: "Hub") -> None:
        self._agent = agent
        self.hub = hub
        self._heard_before = hub.log.next_seq

    @property
    def name(self) -> str:
        """`chat`, with `#2` for a second one."""
        return self._agent.name

    @property
    def connected(self) -> bool:
        return self._agent.connected

    async def send(self, type: str, *arguments: object, sure: bool = False) -> None:
        """Sends a message: `send("VALUE_SET", "score", 10)`, or a whole line as the only argument.

        Returns when it stands in the agent's queue. Raises Refused if it would harm the agent, if
        it may harm it and the caller is not `sure`, if an argument would be two (it holds a bar),
        if the queue is full, or if the agent is gone.
        """
        texts = [str(argument) for argument in arguments]
        for text in (type, *texts) if texts else ():
            if SEPARATOR in text:
                raise Refused(f"{text!r} holds a bar: expected each argument by itself")
        message = Message(type, SEPARATOR.join(texts)) if texts else parse_message(type)
        self._heard_before = self.hub.log.next_seq
        if reason := self.hub.runner.send(message, self.name, sure=sure):
            raise Refused(reason)

    async def expect(
        self, filter: str, *, timeout: float = DEFAULT_TIMEOUT, forbidden: str | None = None
    ) -> Event:
        """Waits for the first event of the agent that passes a filter, and gives it.

        What came since the last `send`, or since the event that `expect` gave last, counts too: an
        answer is not missed while the test does something else. Echoes do not count, unless the
        filter says `is:echo`. In a filter `{{` is a brace.

        Raises ExpectTimeout after `timeout` seconds, or a minute after the agent went for good;
        Unexpected as soon as an event passes the filter `forbidden`; ValueError (`ValidationError`)
        for a filter that cannot be read.
        """
        if timeout <= 0:
            raise ValueError(f"expected a timeout above 0 seconds, got {timeout}")
        filter_text("filter", filter)
        if forbidden is not None:
            filter_text("forbidden", forbidden)
        macro = Macro("expect", steps=(ExpectStep(filter, forbidden, timeout),), overlap="allow")
        log = self.hub.log
        before = [
            event
            for event in log.slice(self._heard_before, log.next_seq)
            if event.agent == self.name
        ]
        record = await self._run(macro, {}, before)
        step = record.steps[-1]
        if record.state == "failed" and step.event is None:
            raise ExpectTimeout(f"{step.text}: {step.note}", record.recent)
        if record.state != "passed" or step.event is None:
            raise Unexpected(f"{step.text}: {step.note or record.state}", record.recent)
        self._heard_before = step.event.seq + 1
        return step.event

    async def run(self, macro: Macro | str, **params: str) -> RunRecord:
        """Runs a macro, or the one of that name, once on this agent, to its end; gives what it did.

        Raises MacroFailed when a step fails or it is stopped, LookupError for a name that is none
        of the hub's macros, TypeError for a parameter that it does not have, RuntimeError when it
        runs already.
        """
        found = self.hub.runner.find(macro) if isinstance(macro, str) else macro
        if found is None:
            raise LookupError(f'no macro "{macro}": expected one of those that the hub was given')
        for name in params.keys() - dict(found.params).keys():
            raise TypeError(f'the macro "{found.name}" has no parameter {name}')
        record = await self._run(found, params, ())
        if record.state != "passed":
            raise MacroFailed(record)
        self._heard_before = self.hub.log.next_seq
        return record

    async def _run(
        self, macro: Macro, params: Mapping[str, str], heard: Sequence[Event]
    ) -> RunRecord:
        runner = self.hub.runner
        record = runner.start(macro, self.name, params=params, heard=heard)
        if record is None:
            raise RuntimeError(f'the macro "{macro.name}" runs on {self.name} already')
        try:
            await runner.over(record)
        finally:
            runner.cancel(record)
        return record


async def _end(task: asyncio.Task[None]) -> None:
    """Cancels a task, and raises what it failed with before."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class Hub:
    """A WebSocket server that agents dial. Use it as an asynchronous context manager.

    `port` 0 takes a free one; `macros` are a file's, or macros, whose `on` answer meanwhile.
    `groups` are names for several agents: each stands for names and globs, as macros' targets.
    `events` stay in memory, or fewer that take `event_bytes`.
    Entering it raises CannotListen; a file of macros may raise SettingsError here.
    """

    def __init__(
        self,
        *,
        host: str = "localhost",
        port: int = 9001,
        path: str = "/chat",
        macros: str | Path | Sequence[Macro] = (),
        settings: HubSettings | None = None,
        events: int = DEFAULT_LIMIT,
        event_bytes: int = DEFAULT_BYTES_LIMIT,
        groups: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self.log = EventLog(events, event_bytes)
        """Everything that happens, in order; `log.subscribe` tells of it."""
        where = settings or HubSettings(host=host, port=port, path=path)
        self.server = HubServer(where, self.log, groups)
        add_tap(self.server)
        given = load_macros(macros) if isinstance(macros, str | Path) else tuple(macros)
        self.runner = MacroRunner(self.server, self.log, given)
        self._open = AsyncExitStack()

    @property
    def url(self) -> str:
        """Where agents find it: `ws://localhost:9001/chat`."""
        return self.server.url

    @property
    def port(self) -> int:
        """The TCP port, also when 0 was asked for."""
        return self.server.port

    @property
    def agents(self) -> tuple[Agent, ...]:
        """The agents that are connected."""
        return tuple(Agent(agent, self) for agent in self.server.connected)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.server)
            # No TaskGroup: it would wrap what the caller's own block raises.
            stack.push_async_callback(_end, asyncio.create_task(self.runner.run()))
            await self.runner.started.wait()
            self._open = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._open.__aexit__(exc_type, exc, traceback)

    async def agent(
        self, target: str | None = None, *, timeout: float = DEFAULT_AGENT_TIMEOUT
    ) -> Agent:
        """The first connected agent that a target means, at once or when it comes: a name, glob or
        group, `=chat` for that name alone; None or "all" for any.

        What it said since it connected counts for its first `expect`. Raises NoAgent.
        """
        came = asyncio.Event()
        unsubscribe = self.log.subscribe(
            lambda event: came.set() if event.kind == "connected" else None
        )
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for agent in self.server.targets(target):
                        return self._since_connected(agent)
                    await came.wait()
                    came.clear()
        except TimeoutError as error:
            lines = "\n    ".join(self.server.mdf_lines)
            who = "" if target in (None, ALL) else f" {target}"
            raise NoAgent(
                f"no agent{who} came to {self.url} within {timeout:g} s; "
                f"its .mdf must say\n    {lines}"
            ) from error
        finally:
            unsubscribe()

    def _since_connected(self, agent: HubAgent) -> Agent:
        found = Agent(agent, self)
        for event in reversed(self.log.slice(self.log.first_seq, self.log.next_seq)):
            if event.kind == "connected" and event.agent == agent.name and not event.via:
                found._heard_before = event.seq
                break
        return found
