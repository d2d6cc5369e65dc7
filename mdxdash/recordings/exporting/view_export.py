"""What a view shows as a file: what is in memory, and before it what only the recording has."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from mdxdash.events.event import Event
from mdxdash.events.log import Older
from mdxdash.filters.filter import Context
from mdxdash.filters.view import View
from mdxdash.recordings.exporting.formats import EXPORTS, FORMATS
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.filtering import shows_echoes

_AT_ONCE: Final = 10_000
"""Events read and written in one go: some hundredths of a second."""


class ExportTarget(NamedTuple):
    """Where an export is to go."""

    problem: str
    """What stands against it; empty: nothing."""
    exists: bool
    """There is a file already."""


def check_target(path: Path, recording: Path | None) -> ExportTarget:
    """Whether an export can go there, which must not be into the recording itself. May block."""
    if path.suffix.lower() not in FORMATS:
        return ExportTarget(
            f'"{path.name}": expected a name that ends in one of {", ".join(FORMATS)}', False
        )
    if path.is_dir() or not path.parent.is_dir():
        folder = path if path.is_dir() else path.parent
        return ExportTarget(f"{folder}: expected a file in a folder", False)
    exists = path.exists()
    if exists and recording is not None and recording.exists() and path.samefile(recording):
        return ExportTarget(f"{path}: this is the recording itself", exists)
    return ExportTarget("", exists)


class EventRange(NamedTuple):
    """Where the events are that a view can show: `start <= seq < stop`, from `held_from` on in
    memory."""

    start: int
    held_from: int
    stop: int

    @property
    def older(self) -> int:
        """How many have left memory."""
        return self.held_from - self.start

    @property
    def held(self) -> int:
        """How many are in memory."""
        return self.stop - self.held_from


def event_range(view: View) -> EventRange:
    """Where they are now."""
    return EventRange(view.begins_at, max(view.begins_at, view.log.first_seq), view.log.next_seq)


class ViewExport:
    """Everything that passes a view's filter at the moment this is made, whether it is in memory
    or `older` reads it. Quick to make; `write` takes its time, and is for a thread."""

    def __init__(self, view: View, older: Older | None, now: float) -> None:
        self.from_recording = 0
        self.from_memory = 0
        """Events that were written so far, by where they came from."""
        self.missing = 0
        """Events that are nowhere: whether they would pass, nobody knows."""
        self._reach = event_range(view)
        # Memory goes on without waiting for us, so what is in it now is taken now.
        self._held = view.log.slice(self._reach.held_from, self._reach.stop)
        self._older = older
        self._filter = view.filter
        self._passes = view.filter.compile(
            Context(now=lambda: now, marked=frozenset(view.log.marked))
        )

    def write(self, path: Path, header: Header) -> None:
        """Writes it in the format that the path's ending means. Blocks; raises OSError."""
        format_ = FORMATS[path.suffix.lower()]
        echoes, passes = shows_echoes(format_, self._filter), self._passes

        def chosen(events: Iterable[Event]) -> list[Event]:
            return [e for e in events if (echoes or e.echo is None) and passes(e)]

        with path.open("wb") as file:
            file.writelines(EXPORTS[format_](self._chunks(chosen), header))

    def _chunks(self, chosen: Callable[[Iterable[Event]], list[Event]]) -> Iterator[list[Event]]:
        for begin in range(self._reach.start, self._reach.held_from, _AT_ONCE):
            end = min(begin + _AT_ONCE, self._reach.held_from)
            read = self._older(begin, end) if self._older else ()
            self.missing += end - begin - len(read)
            if found := chosen(read):
                self.from_recording += len(found)
                yield found
        for begin in range(0, len(self._held), _AT_ONCE):
            if found := chosen(self._held[begin : begin + _AT_ONCE]):
                self.from_memory += len(found)
                yield found
