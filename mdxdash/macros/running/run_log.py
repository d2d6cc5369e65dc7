"""What each run of a macro did: its steps with their times, what satisfied them, why it failed.

The memory is bounded. Whoever shows runs subscribes, or reads the records now and then.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from mdxdash.events.event import Event

RUNS_KEPT: Final = 200
STEPS_KEPT: Final = 1000
RECENT_KEPT: Final = 20
"""Events that a failed run keeps, to show what came instead."""

RunState = Literal["running", "passed", "failed", "stopped"]
"""`stopped`: by a person, by `overlap = "restart"`, or because mdxdash ended."""


@dataclass(slots=True)
class StepRecord:
    """A step that began. Times are seconds since its run began."""

    number: str
    """`4`; `6(2).1` is the first step in the second round of step 6; `7.1` is the first step of the
    macro that step 7 runs."""
    text: str
    """The step, with its names filled in: `wait type:SYNTH_EVENT_STOP args:0 (30s)`."""
    started: float
    holds_steps: bool = False
    """Whether it is a `repeat` or a `run`, whose steps have records of their own."""
    ended: float | None = None
    event: Event | None = None
    """The event that satisfied it, or that failed it."""
    note: str = ""
    """Why it failed, or that the run went on after its timeout."""


@dataclass(slots=True)
class RunRecord:
    """One run of one macro on one agent."""

    macro: str
    agent: str
    began_at: float
    """Unix time, seconds."""
    began: float
    """The same moment in seconds of `time.monotonic`; the times of its steps count from it."""
    trigger: Event | None = None
    """The event that triggered it; None if a person, the clock or another program did."""
    steps: deque[StepRecord] = field(default_factory=lambda: deque(maxlen=STEPS_KEPT))
    """The newest STEPS_KEPT, in the order in which they began."""
    state: RunState = "running"
    took: float | None = None
    """Seconds; None while it runs."""
    failure: str = ""
    """Which step failed, and why: `step 4: wait type:X (10s): nothing that passes came within
    10s`."""
    recent: tuple[Event, ...] = ()
    """Of a failed run: the last events of its agent without echoes, oldest first."""
    number: int = 0
    """Counts the runs of a session, from 1; its `RunLog` sets it."""

    @property
    def current(self) -> StepRecord | None:
        """The innermost step that it is at; None if it is over."""
        if self.state != "running":
            return None
        return next((step for step in reversed(self.steps) if step.ended is None), None)


Listener = Callable[[RunRecord, StepRecord | None], None]
"""Is called when a step begins or ends, and with None when the run begins or ends."""


_PLAIN: Final = ("passed", "stopped")


class RunLog:
    """The newest RUNS_KEPT runs, oldest first; those that failed or still run are kept longer than
    others, so that the beats of a periodic macro do not push a failure out."""

    def __init__(self) -> None:
        self.records: deque[RunRecord] = deque()
        self.begun = 0
        """How many runs began so far."""
        self._listeners: list[Listener] = []

    def add(self, record: RunRecord) -> None:
        """Numbers a run that begins, and adds it."""
        self.begun += 1
        record.number = self.begun
        self._keep(record)
        self.notify(record, None)

    def restore(self, records: Iterable[RunRecord], begun: int) -> None:
        """Takes over the runs of another process, which has numbered `begun` of them."""
        for record in records:
            self._keep(record)
        self.begun = begun

    def _keep(self, record: RunRecord) -> None:
        if len(self.records) >= RUNS_KEPT:
            plain = (n for n, each in enumerate(self.records) if each.state in _PLAIN)
            del self.records[next(plain, 0)]
        self.records.append(record)

    def numbered(self, number: int) -> RunRecord | None:
        """Returns the run of that number; None when it is not kept any more."""
        return next((record for record in self.records if record.number == number), None)

    def notify(self, record: RunRecord, step: StepRecord | None) -> None:
        """Calls the listeners for a run, or one of its steps, that began or ended."""
        for listener in tuple(self._listeners):
            listener(record, step)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Adds a listener, which must be quick and not raise. Returns the function that removes
        it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
