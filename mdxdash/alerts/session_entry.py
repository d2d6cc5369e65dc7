"""What is known of a recorded session at a glance: when, who, how much, and what went wrong."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from mdxdash.alerts.alert import Alert, AlertKind
from mdxdash.alerts.alert_log import AlertLog
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.sessions import start_in_name
from mdxdash.settings.user_path import path_problem

RATE_BARS: Final = 24
"""Equal parts of a session whose numbers of events are kept."""

_SECONDS_KEPT: Final = 4096
"""Parts of a session while its length is not known yet; they are made longer as it grows."""

_LOOKED_BACK: Final = 6000
"""Events that are kept in memory to find the circumstances of a loss."""


class SessionEntry(msgspec.Struct, frozen=True):
    """One recorded session."""

    file: str
    """The name of its file in the folder of recordings."""
    size: int
    """Bytes, and the time of its last change in nanoseconds, when it was read."""
    modified: int
    started: str
    """ISO 8601; empty if it is not known."""
    seconds: float
    """From its first to its last event."""
    events: int
    agents: tuple[str, ...]
    rate: tuple[int, ...]
    """The events in each of `RATE_BARS` equal parts."""
    alerts: dict[AlertKind, int]
    """What went wrong in it."""
    problem: str = ""
    """Why it cannot be read, with the file's name at last; empty if it can."""


def read_entry(path: Path) -> Iterator[SessionEntry | None]:
    """Reads a recording in slices: yields None after each, and the entry at last. Blocks for some
    milliseconds a slice."""
    try:
        status = path.stat()
        found = _Summary()
        recording = open_recording(path)
        for chunk in recording.read_chunks():
            found.add(chunk)
            yield None
    except (OSError, RecordingError) as error:
        said = path_problem(error) if isinstance(error, OSError) else str(error)
        reason = said.removeprefix(f"{path}: ")
        problem = f"{reason} ({path.name})"
        yield SessionEntry(path.name, 0, 0, start_in_name(path), 0.0, 0, (), (), {}, problem)
        return
    yield SessionEntry(
        path.name,
        status.st_size,
        status.st_mtime_ns,
        recording.header.started or start_in_name(path),
        found.seconds,
        found.events,
        tuple(found.agents),
        found.rate(),
        dict(found.alerts),
    )


class _Summary:
    """What was found so far."""

    def __init__(self) -> None:
        self.events = 0
        self.agents: dict[str, None] = {}
        self.alerts: Counter[AlertKind] = Counter()
        self._log = EventLog(_LOOKED_BACK)
        AlertLog(self._log).subscribe(self._count)
        self._first: float | None = None
        self._last = 0.0
        self._step = 1.0
        self._counts: Counter[int] = Counter()

    @property
    def seconds(self) -> float:
        return 0.0 if self._first is None else round(max(0.0, self._last - self._first), 3)

    def add(self, chunk: Sequence[Event]) -> None:
        """Takes the next events."""
        self._log.extend(chunk)
        self.events += len(chunk)
        for event in chunk:
            if event.agent and event.agent not in self.agents and len(self.agents) < 100:
                self.agents[event.agent] = None
            if self._first is None:
                self._first = event.time
            self._last = max(self._last, event.time)
            self._counts[int((event.time - self._first) / self._step)] += 1
        while len(self._counts) > _SECONDS_KEPT:
            self._step *= 2
            halves, self._counts = self._counts, Counter()
            for part, count in halves.items():
                self._counts[part // 2] += count

    def rate(self) -> tuple[int, ...]:
        """Returns the numbers of events in equal parts."""
        whole = max(self.seconds, 1e-9)
        bars = [0] * RATE_BARS
        for part, count in self._counts.items():
            bars[max(0, min(RATE_BARS - 1, int(part * self._step / whole * RATE_BARS)))] += count
        return tuple(bars)

    def _count(self, alert: Alert) -> None:
        self.alerts[alert.kind] += 1
