"""The runs of macros at all hubs of a broker, as the hubs tell them, in one log of runs."""

from collections.abc import Sequence
from typing import Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_
from mdxdash.macros.running.run_log import RunLog, RunRecord
from mdxdash.remote.attached.mirrored_run import fill_run, mirrored_run
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from mdxdash.remote.protocol import Run

_KNOWN: Final = 10_000
"""Runs whose number here is remembered, so that one which has left the log does not come back."""


class Origin(msgspec.Struct, frozen=True):
    """Where a run goes on."""

    hub: str
    session: str
    run: int
    """Its number at the hub."""


class FleetRuns:
    """Of one dashboard."""

    def __init__(self, log: EventLog) -> None:
        """`log` has the events of all hubs."""
        self.log = RunLog()
        self._events = log
        self._numbers: dict[Origin, int] = {}
        """The numbers of runs here."""
        self._origins: dict[int, Origin] = {}

    def take(self, hub: WatchedHub, session: str, runs: Sequence[Run]) -> None:
        """Takes what a hub tells of runs."""

        def event_of(seq: int | None) -> Event | None:
            number = None if seq is None else hub.number_of(seq)
            return self._events[number] if number is not None and number in self._events else None

        for run in runs:
            origin = Origin(hub.name, session, run.run)
            record = self._record(origin, run)
            if record is not None:
                was_over = record.state != "running"
                fill_run(record, run, event_of)
                is_over = record.state != "running"
                self.log.notify(record, None if is_over != was_over else record.current)

    def origin(self, record: RunRecord) -> Origin | None:
        """Returns where a run goes on; None if that is not known any more."""
        return self._origins.get(record.number)

    def lose(self, hub: str, session: str = "") -> None:
        """A hub is gone, or has begun a new session: what its runs do is not seen any more. With a
        session, the runs of that one go on."""
        for record in self.log.records:
            origin = self.origin(record)
            if record.state != "running" or origin is None or origin.hub != hub:
                continue
            if not session or origin.session != session:
                record.state, record.failure = "stopped", N_("its hub is gone")
                self.log.notify(record, None)

    def _record(self, origin: Origin, run: Run) -> RunRecord | None:
        """Returns the record of a run; None for one that has left the log and is over."""
        number = self._numbers.get(origin)
        if number is not None:
            record = self.log.numbered(number)
            if record is not None or run.state != "running":
                return record
        record = mirrored_run(run, f"{origin.hub}/{run.agent}")
        self.log.add(record)
        self._numbers[origin] = record.number
        self._origins[record.number] = origin
        if len(self._numbers) > _KNOWN:
            oldest = next(iter(self._numbers))
            self._origins.pop(self._numbers.pop(oldest), None)
        return record
