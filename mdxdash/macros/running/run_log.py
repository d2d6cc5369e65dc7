"""What each run of a macro did: its steps with their times, what satisfied them, why it failed.

Bounded in memory. Whoever shows runs subscribes, or looks at the records now and then.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from mdxdash.events.event import Event

RUNS_KEPT: Final = 200
STEPS_KEPT: Final = 1000
RECENT_KEPT: Final = 20
"""Events that a failed run shows as what came instead."""

RunState = Literal["running", "passed", "failed", "stopped"]
"""`stopped`: by a person, by `restart`, or because mdxdash ended."""


@dataclass(slots=True)
class StepRecord:
    """A step that was begun. Times are seconds since its run began."""

    number: str
    """Where it stands: `4`; `6(2).1` is the first step in the second round of step 6; `7.1` is the
    first step of the macro that step 7 runs."""
    text: str
    """What it does, filled in: `wait type:SYNTH_EVENT_STOP args:0 (30s)`."""
    started: float
    holds_steps: bool = False
    """A `repeat` or a `run`: its steps have records of their own."""
    ended: float | None = None
    event: Event | None = None
    """What satisfied it, or what it failed on."""
    note: str = ""
    """What else there is to say: why it failed, that it went on after its time-out."""


@dataclass(slots=True)
class RunRecord:
    """One run of one macro on one agent."""

    macro: str
    agent: str
    began_at: float
    """Unix time, seconds."""
    began: float
    """The same moment on the clock of `time.monotonic`, to which its steps' times are added."""
    trigger: Event | None = None
    """What set it off; None when a person, the clock or another program did."""
    steps: deque[StepRecord] = field(default_factory=lambda: deque(maxlen=STEPS_KEPT))
    """The newest, in the order they began."""
    state: RunState = "running"
    took: float | None = None
    """Seconds, once it is over."""
    failure: str = ""
    """Which step failed and why: `step 4: no type:X within 10s`."""
    recent: tuple[Event, ...] = ()
    """For a failed run: the last events of its agent, oldest first, echoes left out."""

    @property
    def current(self) -> StepRecord | None:
        """The innermost step that it is at; None once it is over."""
        if self.state != "running":
            return None
        return next((step for step in reversed(self.steps) if step.ended is None), None)


Listener = Callable[[RunRecord, StepRecord | None], None]
"""Called when a step begins or ends, and with None when the run begins or ends."""


class RunLog:
    """The newest runs, oldest first."""

    def __init__(self) -> None:
        self.records: deque[RunRecord] = deque(maxlen=RUNS_KEPT)
        self._listeners: list[Listener] = []

    def add(self, record: RunRecord) -> None:
        """Takes a run that begins."""
        self.records.append(record)
        self.tell(record, None)

    def tell(self, record: RunRecord, step: StepRecord | None) -> None:
        """Lets everybody know that a run or one of its steps changed."""
        for listener in tuple(self._listeners):
            listener(record, step)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` on the spot; it must be quick and not raise. Returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
