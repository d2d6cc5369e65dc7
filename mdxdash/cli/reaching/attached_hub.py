"""A hub in another process, as `mdxdash run` needs one: macros run here, on its agents."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self

from mdxdash.api import NoAgent
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.reaching.reached_hub import ReachedHub
from mdxdash.events.log import EventLog
from mdxdash.hub.targets import ALL
from mdxdash.language.translation import _
from mdxdash.macros.model import Macro
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.remote.attached.attachment import Attachment

CAUGHT_UP_WITHIN: Final = 30.0
"""Seconds that the hub may take to send what there was before."""

_LOOK_INTERVAL: Final = 0.01


class HubHangs(Exception):
    """The hub does not send what it has."""


class AttachedHub:
    """Use it as an asynchronous context manager: it is attached, and runs macros, while it is
    entered. Entering it raises `HubHangs`."""

    def __init__(self, reached: ReachedHub, macros: Sequence[Macro]) -> None:
        """The triggers of `macros` with `on` are switched on, beside the hub's own macros."""
        self.log = EventLog()
        self._welcome = reached.welcome
        self._attachment = Attachment(reached.open_channel, reached.welcome, self.log, face="run")
        self.runner = MacroRunner(self._attachment.hub, self.log, macros)
        self._entered = AsyncExitStack()

    @property
    def url(self) -> str:
        """The URL that agents dial, without the secret."""
        return self._welcome.url

    @property
    def place(self) -> str:
        """Which hub it is, in words."""
        return _("attached to {name}, {url}").format(name=self._welcome.name, url=self.url)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._attachment)
            try:
                async with asyncio.timeout(CAUGHT_UP_WITHIN):
                    await self._catch_up()
            except TimeoutError:
                problem = self._attachment.link.problem or _("it does not send its events")
                raise HubHangs(
                    _("the hub {name}: {problem}").format(name=self._welcome.name, problem=problem)
                ) from None
            # Only now: what was before is no reply to anything.
            await stack.enter_async_context(self.runner.running())
            await self.runner.started.wait()
            self._entered = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._entered.__aexit__(exc_type, exc, traceback)
        for text in (*self._attachment.take_news(), self._attachment.link.problem):
            if text:
                report(f"mdxdash: {text}")

    async def agent(self, target: str | None = None, *, timeout: float) -> None:
        """Waits for an agent of the target, for `timeout` seconds at most. Raises `NoAgent`."""
        try:
            async with asyncio.timeout(timeout):
                while not self._attachment.hub.targets(target):
                    await asyncio.sleep(_LOOK_INTERVAL)
        except TimeoutError:
            who = "" if target in (None, ALL) else f" {target}"
            raise NoAgent(
                _("no agent{who} came to {url} within {timeout:g} s").format(
                    who=who, url=self.url, timeout=timeout
                )
            ) from None

    async def _catch_up(self) -> None:
        while self._attachment.link.problem or self.log.next_seq < self._next_seq:
            await asyncio.sleep(_LOOK_INTERVAL)

    @property
    def _next_seq(self) -> int:
        return self._attachment.hub.welcome.next_seq
