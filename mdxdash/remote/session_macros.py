"""The macros of one session: read from their file, again when it changes, and run."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from mdxdash.events.log import EventLog
from mdxdash.events.own_activity import run_ended
from mdxdash.filters.filter import parse
from mdxdash.hub.interface import AgentHub
from mdxdash.language.translation import N_
from mdxdash.macros.files.watched_file import FILE_INTERVAL, MacroFile
from mdxdash.macros.model import Macro
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.speech.control import SpeechControl

WHEN_CONNECTED: Final = parse("kind:connected")
"""The `on` of a named macro that has neither `on` nor `every`."""


class SwitchedOn(msgspec.Struct, frozen=True):
    """Which macros are switched on from the beginning, and when their file changes."""

    triggers: bool = True
    """Those with `on`, where the user trusts their file."""
    named: frozenset[str] = frozenset()
    """The names of macros that run also where the user does not trust their file; after a change of
    the file only if he trusts it. One with neither `on` nor `every` runs once on each agent that
    connects."""


class SessionMacros:
    """The macros in force, which follow their file while `running` is entered."""

    def __init__(
        self,
        hub: AgentHub,
        log: EventLog,
        file: MacroFile,
        switched_on: SwitchedOn,
        speech: SpeechControl | None = None,
    ) -> None:
        """Messages are sent through `hub`; the events come from its `log`. `file` was read."""
        self.file = file
        self.log = log
        self._begun: set[int] = set()
        """The numbers of the runs whose begin is in the log, and whose end is not yet."""
        self.switched_on = switched_on
        self.runner = MacroRunner(hub, log, (), speech=speech)
        self._replace(trusted=True)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs macros, and looks after their file, as long as the context lasts."""
        unsubscribe = self.runner.runs.subscribe(self._record)
        try:
            async with self.runner.running():
                watch = asyncio.create_task(self._watch())
                try:
                    yield
                finally:
                    watch.cancel()
                    await asyncio.wait([watch])
        finally:
            unsubscribe()

    def _record(self, run: RunRecord, step: StepRecord | None) -> None:
        """Makes events of the begin and the end of a run, unless it takes no time: what was sent
        says then that it ran."""
        if step is not None:
            return
        if run.state == "running":
            asyncio.get_running_loop().call_soon(self._record_begin, run)
        elif run.number in self._begun:
            self._begun.discard(run.number)
            text = run_ended(run.macro, run.state, run.took or 0.0)
            self._log_run(run, "end", text, time.time())

    def _record_begin(self, run: RunRecord) -> None:
        if run.state == "running":
            self._begun.add(run.number)
            self._log_run(
                run, "start", N_("macro {macro} begins").format(macro=run.macro), run.began_at
            )

    def _log_run(self, run: RunRecord, level: str, text: str, at: float) -> None:
        key = f"{run.macro}|{run.number}"
        self.log.append("sent", run.agent, args=key, text=text, level=level, by="macro", time=at)

    async def _watch(self) -> None:
        while True:
            if await asyncio.to_thread(self.file.refresh):
                self._replace(trusted=self.file.trusted)
            await asyncio.sleep(FILE_INTERVAL)

    def _replace(self, *, trusted: bool) -> None:
        """Takes over the macros of the file, and switches on those that are new; named ones only if
        `trusted`."""
        runner, wanted = self.runner, self.switched_on
        known = set(runner.macros)
        on_before = {macro.name for macro in runner.macros if runner.is_on(macro)}
        macros = self._macros()
        runner.replace(macros, trusted=self.file.trusted)
        for macro in macros:
            if macro.name in wanted.named:
                if trusted and macro not in known and not runner.is_on(macro):
                    runner.trigger(macro)
            elif not wanted.triggers and runner.is_on(macro) and macro.name not in on_before:
                runner.stop(macro)

    def _macros(self) -> Sequence[Macro]:
        named = self.switched_on.named
        return [
            msgspec.structs.replace(macro, on=WHEN_CONNECTED)
            if macro.name in named and not macro.is_switched
            else macro
            for macro in self.file.macros
        ]
