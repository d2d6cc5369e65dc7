"""The runs of a hub's macros, as they are published: those that go on and the latest that are over,
when they change, and all of them now and then for those who come late. Pure."""

from typing import Final, NamedTuple

import msgspec

from mdxdash.remote.protocol import Run

RUNNING_MAX: Final = 100
OVER_MAX: Final = 10
"""Runs that are told: of those that go on, and of those that are over, the newest."""

STEPS_TOLD: Final = 30
"""The latest steps of a run."""

RECENT_TOLD: Final = 10
"""The last events of a failed run."""

LONGEST_TEXT: Final = 300
"""Characters of what a step does, of a note and of a failure."""

SOON: Final = 0.5
"""Seconds between two times that runs are told, at least: a step may take milliseconds."""

ALL_INTERVAL: Final = 30.0
"""Seconds between two times that all of them are told."""


class _Told(NamedTuple):
    run: Run
    at: float


class ToldRuns:
    """Of one hub. All times are monotonic, in seconds."""

    def __init__(self) -> None:
        self._running: dict[int, _Told] = {}
        self._over: dict[int, _Told] = {}
        """By their numbers, those that changed last at the end."""
        self._changed: set[int] = set()
        self._all_due = 0.0
        self._next = 0.0
        """When something may be told again."""

    def put(self, run: Run, now: float) -> None:
        """Takes a run as it is now."""
        kept, most = (
            (self._running, RUNNING_MAX) if run.state == "running" else (self._over, OVER_MAX)
        )
        self._running.pop(run.run, None)
        self._over.pop(run.run, None)
        kept[run.run] = _Told(_short(run), now)
        self._changed.add(run.run)
        if len(kept) > most:
            oldest = next(iter(kept))
            del kept[oldest]
            self._changed.discard(oldest)

    def forget(self) -> None:
        """The hub tells its runs anew."""
        self._running.clear()
        self._over.clear()
        self._changed.clear()

    def tell_again(self) -> None:
        """Who has listened may not have got what was told last."""
        self._all_due = 0.0

    @property
    def due(self) -> float:
        """When something is to be told."""
        if not self._running and not self._over:
            return float("inf")
        return self._next if self._changed else max(self._next, self._all_due)

    def take(self, now: float) -> list[Run]:
        """Returns the runs that are to be told now."""
        if now < self.due:
            return []
        self._next = now + SOON
        told = [*self._over.values(), *self._running.values()]
        if now >= self._all_due:
            self._all_due = now + ALL_INTERVAL
        else:
            told = [each for each in told if each.run.run in self._changed]
        self._changed.clear()
        return [
            msgspec.structs.replace(each.run, age=each.run.age + now - each.at) for each in told
        ]


def _short(run: Run) -> Run:
    steps = tuple(
        msgspec.structs.replace(step, text=step.text[:LONGEST_TEXT], note=step.note[:LONGEST_TEXT])
        for step in run.steps[-STEPS_TOLD:]
    )
    failure, recent = run.failure[:LONGEST_TEXT], run.recent[-RECENT_TOLD:]
    return msgspec.structs.replace(run, steps=steps, failure=failure, recent=recent)
