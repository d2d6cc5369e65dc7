"""A hub that a script runs: it listens for agents, and runs macros."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from mdxdash.api.agent import Agent
from mdxdash.api.errors import NoAgent, PortOfRunningHub
from mdxdash.events.log import DEFAULT_BYTES_LIMIT, DEFAULT_LIMIT, EventLog
from mdxdash.hub.address import CannotListen
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.server import HubServer
from mdxdash.hub.targets import ALL
from mdxdash.language.translation import N_
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.remote.tap import add_tap
from mdxdash.settings.model import SpeechSettings
from mdxdash.settings.tables.command_sections import VoiceSettings
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.settings.toml_source import read_toml
from mdxdash.speech.engine import SpeechEngine

DEFAULT_AGENT_TIMEOUT: Final = 30.0
"""Seconds that `Hub.agent` waits at most if it is given no timeout."""


def load_macros(path: str | Path) -> tuple[Macro, ...]:
    """Reads the macros of a TOML file.

    Args:
        path: The file; its settings, if it has any, are not read.

    Returns:
        The macros in the order of the file; the Test message macro if it has no `macro` key.

    Raises:
        SettingsError: The file cannot be read, or has an error; with file, line and what was
            expected.
    """
    return read_macros(read_toml(Path(path)))


async def _end(task: asyncio.Task[None]) -> None:
    """Cancels a task; raises the error with which it ended before."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class Hub:
    """A WebSocket server that agents dial. Use it as an asynchronous context manager.

    Args:
        host: The address to listen on. Beyond loopback `settings` need a secret.
        port: The TCP port; 0 takes a free one.
        path: The path of the URL that agents dial.
        macros: Macros, or a TOML file of them. The triggers of those with `on` are switched on.
        settings: All settings of the hub; `host`, `port` and `path` are not used then.
        events: How many events stay in memory.
        event_bytes: How many bytes the events in memory may take.
        groups: Names for several agents, each with names and globs; a group can be a target.
        speech: How agents speak: the lead, and how long a sound may be.
        voices: Speech synthesisers by name, for `Agent.say`.

    Raises:
        SettingsError: The file of macros cannot be read, or has an error.
        CannotListen: On entering the context: the hub cannot listen on its address.
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
        speech: SpeechSettings | None = None,
        voices: Mapping[str, VoiceSettings] = MappingProxyType({}),
    ) -> None:
        self.log = EventLog(events, event_bytes)
        """All events in their order; `log.subscribe` adds a function that gets each new one."""
        hub_settings = settings or HubSettings(host=host, port=port, path=path)
        self.server = HubServer(hub_settings, self.log, groups)
        add_tap(self.server)
        given = load_macros(macros) if isinstance(macros, str | Path) else tuple(macros)
        self.speech = SpeechEngine(self.server, self.log, speech or SpeechSettings(), voices=voices)
        """What the agents speak."""
        if isinstance(macros, str | Path):
            self.speech.folder = Path(macros).parent
        self.runner = MacroRunner(self.server, self.log, given, speech=self.speech)
        self._open = AsyncExitStack()

    @property
    def url(self) -> str:
        """The URL that agents dial: `ws://localhost:9001/chat`."""
        return self.server.url

    @property
    def port(self) -> int:
        """The TCP port; the one that was taken if 0 was given."""
        return self.server.port

    @property
    def agents(self) -> tuple[Agent, ...]:
        """The agents that are connected."""
        return tuple(Agent(agent, self) for agent in self.server.connected)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self.server)
            except CannotListen as error:
                await self._explain(error)
                raise
            stack.push_async_callback(self.speech.close)
            # No TaskGroup: it would wrap what the caller's own block raises in an ExceptionGroup.
            stack.push_async_callback(_end, asyncio.create_task(self.runner.run()))
            await self.runner.started.wait()
            self._open = stack.pop_all()
        return self

    async def _explain(self, error: CannotListen) -> None:
        """Raises `PortOfRunningHub` if that is why it cannot listen."""
        port = self.server.settings.port
        # Only now: no other hub waits for it.
        from mdxdash.remote.running_hubs import hub_on_port  # noqa: PLC0415

        found = await asyncio.to_thread(hub_on_port, port) if port else None
        if found is not None:
            raise PortOfRunningHub(port, found.name) from error

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
        """Waits for an agent.

        Args:
            target: An agent's name, a glob over names, a group, or `=chat` for the agent of that
                name only; None or "all" for any agent.
            timeout: Seconds to wait at most.

        Returns:
            The first connected agent of the target. What it sent since it connected counts for its
            first `expect`.

        Raises:
            NoAgent: None connected in time.
        """
        connected = asyncio.Event()
        unsubscribe = self.log.subscribe(
            lambda event: connected.set() if event.kind == "connected" else None
        )
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for agent in self.server.targets(target):
                        return Agent(agent, self, expect_from=self._connected_seq(agent))
                    await connected.wait()
                    connected.clear()
        except TimeoutError as error:
            lines = "\n    ".join(self.server.mdf_lines)
            who = "" if target in (None, ALL) else f" {target}"
            raise NoAgent(
                N_(
                    "no agent{who} came to {url} within {timeout:g} s; "
                    "its .mdf must say\n    {lines}"
                ).format(who=who, url=self.url, timeout=timeout, lines=lines)
            ) from error
        finally:
            unsubscribe()

    def _connected_seq(self, agent: HubAgent) -> int | None:
        """Returns the `seq` of the event with which the agent connected; None if it is not in
        memory."""
        found = None
        for event in self.log.with_signature(
            lambda each: each.kind == "connected" and each.agent == agent.name and not each.via
        ):
            found = event.seq
        return found
