"""The macros of a session at one moment, as another process needs them to go on. Times are seconds
of `time.monotonic`."""

import msgspec

from mdxdash.events.event import Event
from mdxdash.macros.running.condition_tracker import TrackerPast
from mdxdash.macros.running.control import Tally
from mdxdash.macros.running.periodic_times import PeriodicTimes
from mdxdash.macros.running.position import Level
from mdxdash.macros.running.run_log import RunRecord, RunState, StepRecord
from mdxdash.wire.message import Message


class RecordSnapshot(msgspec.Struct, frozen=True):
    """A `RunRecord`."""

    macro: str
    agent: str
    began_at: float
    began: float
    number: int
    state: RunState
    took: float | None
    failure: str
    trigger: Event | None
    recent: tuple[Event, ...]
    steps: tuple[StepRecord, ...]

    @classmethod
    def of(cls, record: RunRecord) -> "RecordSnapshot":
        """Returns the snapshot of a record."""
        return cls(
            record.macro,
            record.agent,
            record.began_at,
            record.began,
            record.number,
            record.state,
            record.took,
            record.failure,
            record.trigger,
            record.recent,
            tuple(record.steps),
        )

    def record(self) -> RunRecord:
        """Returns the record again."""
        record = RunRecord(
            self.macro,
            self.agent,
            self.began_at,
            self.began,
            self.trigger,
            state=self.state,
            took=self.took,
            failure=self.failure,
            recent=self.recent,
            number=self.number,
        )
        record.steps.extend(self.steps)
        return record


class RunSnapshot(msgspec.Struct, frozen=True):
    """A run that is not over."""

    number: int
    """Of its record."""
    levels: tuple[Level, ...]
    deadline: float
    """Of the wait that it is at."""
    gone_at: float | None
    rounds: int
    sent: tuple[Message, ...]


class QueuedStart(msgspec.Struct, frozen=True):
    """A start that waits until the macro has ended on the agent."""

    macro: str
    agent: str
    params: dict[str, str]
    trigger: Event | None


class TriggerPast(msgspec.Struct, frozen=True):
    """What a trigger did on one agent."""

    agent: str
    started_at: float
    message: tuple[str, str] | None
    loops: tuple[float, ...]
    starts: tuple[float, ...]


class SwitchedMacro(msgspec.Struct, frozen=True):
    """A macro with `on` or `every`."""

    definition: str
    """The macro as a text."""
    triggers: bool
    """Whether events trigger it now."""
    past: tuple[TriggerPast, ...] = ()
    periodic: PeriodicTimes | None = None
    tracked: TrackerPast = TrackerPast()
    """What its condition has counted."""


class MacrosSnapshot(msgspec.Struct, frozen=True):
    """All macros of a session."""

    records: tuple[RecordSnapshot, ...] = ()
    """Of the run log, the oldest first."""
    begun: int = 0
    tallies: dict[str, Tally] = {}
    runs: tuple[RunSnapshot, ...] = ()
    queued: tuple[QueuedStart, ...] = ()
    switched: dict[str, SwitchedMacro] = {}
    """By name."""
