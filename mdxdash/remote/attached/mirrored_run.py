"""A run of a macro in another process, as it is told (`protocol.Run`): made a record here."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final, cast, get_args

from mdxdash.events.event import Event
from mdxdash.macros.running.run_log import RunRecord, RunState, StepRecord
from mdxdash.remote.protocol import Run

EventOf = Callable[[int | None], Event | None]
"""Returns the event of a number of the other process; None if it is not known here."""

_STATES: Final[frozenset[str]] = frozenset(get_args(RunState))


def mirrored_run(run: Run, agent: str) -> RunRecord:
    """Returns a new record of a run on an agent, as that is called here. `fill_run` does the
    rest."""
    return RunRecord(run.macro, agent, run.began_at, time.monotonic() - run.age)


def fill_run(record: RunRecord, run: Run, event_of: EventOf) -> None:
    """Takes over what a run does now."""
    record.trigger = event_of(run.trigger)
    record.steps = deque(
        [
            StepRecord(
                step.number,
                step.text,
                step.started,
                step.holds_steps,
                step.ended,
                event_of(step.event),
                step.note,
            )
            for step in run.steps
        ],
        maxlen=record.steps.maxlen,
    )
    record.state = cast(RunState, run.state if run.state in _STATES else "stopped")
    record.took, record.failure = run.took, run.failure
    recent = map(event_of, run.recent)
    record.recent = tuple(event for event in recent if event is not None)
