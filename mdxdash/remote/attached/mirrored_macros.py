"""The macros of a hub in another process: what each does, what runs did, and requests to it."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.macros.running.control import Firing, NotFired, Tally
from mdxdash.macros.running.run_log import RunLog, RunRecord
from mdxdash.remote.attached.hub_link import NotAttached
from mdxdash.remote.attached.mirrored_run import fill_run, mirrored_run
from mdxdash.remote.protocol import (
    Answer,
    Fire,
    Macros,
    Run,
    StopMacros,
    Switch,
    TallyState,
)
from mdxdash.settings.toml_source import SettingsError, parse_toml

Ask = Callable[[Callable[[int], msgspec.Struct]], "asyncio.Future[Answer]"]
"""Sends a request to the hub: see `HubLink.ask`."""

_RUN_WITHIN: Final = 2.0
"""Seconds in which the hub describes a run after it has answered that it began."""

_OLDER_KEPT: Final = 10_000
"""Events that are kept for runs, though they are not in memory."""


class MirroredMacros:
    """Implements `MacroControl`."""

    def __init__(
        self,
        log: EventLog,
        ask: Ask,
        report: Callable[[str], None],
        is_read_only: Callable[[], bool],
    ) -> None:
        """Requests go to `ask`; what the hub refuses is reported as a sentence. `is_read_only`
        returns whether it refuses all."""
        self.macros: tuple[Macro, ...] = ()
        self.waiting_for_trust: frozenset[str] = frozenset()
        self.runs = RunLog()
        self.error = ""
        """What is wrong with the macros' file as it is now."""
        self.missing: set[int] = set()
        """The numbers of events that runs name, and that are not in memory."""
        self._log = log
        self._ask = ask
        self._report = report
        self._is_read_only = is_read_only
        self._toml: str | None = None
        self._tallies: Mapping[str, TallyState] = {}
        self._told_at = 0.0
        """When the hub told the tallies, in monotonic seconds."""
        self._incomplete: dict[int, Run] = {}
        """The runs that name events which are not known here."""
        self._older: dict[int, Event | None] = {}
        """Events that are not in memory here, by `seq`; None for those that nobody has."""
        self._awaited: dict[int, list[asyncio.Future[RunRecord]]] = {}

    # What the hub tells

    def take(self, told: Macros) -> bool:
        """Takes over the macros and their counts; returns whether the macros, or the error of
        their file, are others."""
        self._tallies = told.tallies
        self._told_at = time.monotonic()
        self.waiting_for_trust = frozenset(told.waiting_for_trust)
        other_error, self.error = told.error != self.error, told.error
        if told.toml == self._toml:
            return other_error
        self._toml = told.toml
        try:
            macros = read_macros(parse_toml(told.toml.encode("utf-8"), Path("macros of the hub")))
        except SettingsError as error:
            self._report(N_("the hub's macros cannot be read here: {error}").format(error=error))
            return other_error
        self.macros = tuple(macros)
        return True

    def take_run(self, run: Run) -> None:
        """Takes over a run as it is now."""
        record = self.runs.numbered(run.run)
        if record is None:
            record = mirrored_run(run, run.agent)
            record.number = run.run
            self._fill(record, run)
            self.runs.restore([record], max(run.run, self.runs.begun))
            self.runs.notify(record, None)
        else:
            over = record.state != run.state
            self._fill(record, run)
            self.runs.notify(record, None if over else record.current)
        for future in self._awaited.pop(run.run, ()):
            if not future.done():
                future.set_result(record)

    def take_missing(self, wanted: Iterable[int], found: Sequence[Event]) -> None:
        """Takes events that were missing, all that there are of those `wanted`."""
        if len(self._older) > _OLDER_KEPT:
            self._older.clear()
        self._older.update(dict.fromkeys(wanted))
        self._older.update({event.seq: event for event in found})
        self.complete()

    def complete(self) -> None:
        """Completes the runs with the events that are known by now."""
        self.missing.clear()
        incomplete, self._incomplete = self._incomplete, {}
        for number, run in incomplete.items():
            if (record := self.runs.numbered(number)) is not None:
                self._fill(record, run)

    @property
    def incomplete(self) -> bool:
        """Whether a run names an event that is not known here."""
        return bool(self._incomplete)

    def _fill(self, record: RunRecord, run: Run) -> None:
        complete = len(self.missing)
        fill_run(record, run, self._event)
        self._incomplete.pop(run.run, None)
        if len(self.missing) > complete:
            self._incomplete[run.run] = run

    def _event(self, seq: int | None) -> Event | None:
        if seq is None:
            return None
        if seq in self._log:
            return self._log[seq]
        if seq not in self._older:
            self.missing.add(seq)
        return self._older.get(seq)

    # What faces ask

    def for_key(self, key: str) -> Macro | None:
        return next((macro for macro in self.macros if macro.key == key), None)

    def tally(self, macro: Macro) -> Tally:
        told = self._told(macro)
        return Tally(told.fired, told.missed, told.skipped, told.passed, told.failed, told.refused)

    def is_running(self, macro: Macro) -> bool:
        return self._told(macro).on or bool(self.active(macro))

    def active(self, macro: Macro) -> Sequence[RunRecord]:
        records = self.runs.records
        return [each for each in records if each.macro == macro.name and each.state == "running"]

    def next_in(self, macro: Macro) -> float | None:
        left = self._told(macro).next_in
        return None if left is None else max(0.0, left - (time.monotonic() - self._told_at))

    def trigger(self, macro: Macro) -> None:
        """Fires a macro where it runs; one with `every` or `on` is switched on, or off."""
        self._request(macro.name, lambda id_: Switch(macro.name, id_))

    async def request_fire(self, macro: Macro, params: Mapping[str, str] | None = None) -> Firing:
        """As `MacroControl`; the runs are those that the hub has described in time."""
        given = None if params is None else dict(params)
        try:
            answer = await self._ask(lambda id_: Fire(macro.name, given, id_))
        except NotAttached as error:
            raise NotFired(str(error)) from error
        if answer.error:
            raise NotFired(answer.error)
        runs = await asyncio.gather(*map(self._record_of, answer.runs))
        outcome: Any = answer.outcome
        return Firing(tuple(run for run in runs if run is not None), outcome)

    def cancel(self, record: RunRecord) -> None:
        """Stops one run where it runs."""
        self._request(record.macro, lambda id_: StopMacros(run=record.number, id=id_))

    def stop(self, macro: Macro) -> None:
        """Stops the runs of a macro where it runs, and switches it off."""
        self._request(macro.name, lambda id_: StopMacros(macro=macro.name, id=id_))

    def stop_all(self) -> int:
        """Stops all macros of the hub; returns how many run or are on, as far as is known here. If
        the hub cannot be asked or lets nothing be stopped, that is reported, and none is."""
        is_asked = self._request(N_("the macros"), lambda id_: StopMacros(id=id_))
        if not is_asked or self._is_read_only():
            return 0
        return sum(map(self.is_running, self.macros))

    def replace(self, macros: Sequence[Macro], *, trusted: bool = True) -> None:
        """Shows the macros of the file, which was changed here. The hub reads them a moment
        later."""
        self.macros = tuple(macros)

    def _told(self, macro: Macro) -> TallyState:
        return self._tallies.get(macro.name) or TallyState()

    def _request(self, what: str, make: Callable[[int], msgspec.Struct]) -> bool:
        """Returns whether the hub is asked; what it refuses is reported later."""

        def look(answered: "asyncio.Future[Answer]") -> None:
            if answered.cancelled():
                return
            error = answered.exception()
            if reason := str(error) if error is not None else answered.result().error:
                self._report(f"{what}: {reason}")

        try:
            self._ask(make).add_done_callback(look)
        except NotAttached as error:
            self._report(f"{what}: {error}")
            return False
        return True

    async def _record_of(self, number: int) -> RunRecord | None:
        if (record := self.runs.numbered(number)) is not None:
            return record
        future: asyncio.Future[RunRecord] = asyncio.get_running_loop().create_future()
        self._awaited.setdefault(number, []).append(future)
        try:
            return await asyncio.wait_for(future, _RUN_WITHIN)
        except TimeoutError:
            return None
