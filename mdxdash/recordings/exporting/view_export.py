"""Exports what a view shows: older events from the recording, then those in memory."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from mdxdash.events.event import Event
from mdxdash.events.log import Older
from mdxdash.filters.filter import Context
from mdxdash.filters.view import View
from mdxdash.language.translation import N_
from mdxdash.recordings.exporting.formats import EXPORTS, FORMATS
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.filtering import shows_echoes
from mdxdash.settings.regular_file import is_special
from mdxdash.settings.user_path import path_problem

_AT_ONCE: Final = 10_000
"""Events read and written at a time, some hundredths of a second."""


class ExportTarget(NamedTuple):
    """A check of the file that an export is to be written to."""

    problem: str
    """Why it cannot be written; empty if it can."""
    exists: bool
    """Whether there is such a file already."""


def check_target(path: Path, recording: Path | None) -> ExportTarget:
    """Checks whether an export can be written to `path`, which must not be the recording. May
    block."""
    try:
        return _check_target(path, recording)
    except OSError as error:  # a name that is too long, a folder that may not be entered
        return ExportTarget(path_problem(error), False)


def _check_target(path: Path, recording: Path | None) -> ExportTarget:
    if path.suffix.lower() not in FORMATS:
        return ExportTarget(
            N_('"{name}": expected a name that ends in one of {formats}').format(
                name=path.name, formats=", ".join(FORMATS)
            ),
            False,
        )
    if path.is_dir() or not path.parent.is_dir():
        folder = path if path.is_dir() else path.parent
        return ExportTarget(
            N_("{folder}: expected a file in a folder").format(folder=folder), False
        )
    if is_special(path):
        # Writing into a pipe would wait for a reader.
        return ExportTarget(N_("{path}: this is not a regular file").format(path=path), True)
    exists = path.exists()
    if exists and recording is not None and recording.exists() and path.samefile(recording):
        return ExportTarget(N_("{path}: this is the recording itself").format(path=path), exists)
    return ExportTarget("", exists)


class EventRange(NamedTuple):
    """The events that a view can show, `start <= seq < stop`; those from `held_from` on are in
    memory."""

    start: int
    held_from: int
    stop: int

    @property
    def older(self) -> int:
        """How many are only in the recording."""
        return self.held_from - self.start

    @property
    def held(self) -> int:
        """How many are in memory."""
        return self.stop - self.held_from


def event_range(view: View) -> EventRange:
    """Returns the events that a view can show now."""
    return EventRange(view.begins_at, max(view.begins_at, view.log.first_seq), view.log.next_seq)


class ViewExport:
    """An export of all events that pass a view's filter at the moment it is made, in memory or
    read by `older`. Quick to make; `write` is slow, and is for a thread."""

    def __init__(self, view: View, older: Older | None, now: float) -> None:
        self.from_recording = 0
        self.from_memory = 0
        """Events written so far, by where they were."""
        self.missing = 0
        """Events that are neither in memory nor recorded; whether they would pass is unknown."""
        self._range = event_range(view)
        # The log goes on meanwhile.
        self._held = view.log.held()
        self._older = older
        self._filter = view.filter
        self._passes = view.filter.compile(
            Context(now=lambda: now, marked=frozenset(view.log.marked), budget=None)
        )

    def write(self, path: Path, header: Header) -> None:
        """Writes the file in the format of its suffix. Blocks.

        Raises `OSError`, `PatternStopped`.
        """
        format_ = FORMATS[path.suffix.lower()]
        echoes, passes = shows_echoes(format_, self._filter), self._passes

        def chosen(events: Iterable[Event]) -> list[Event]:
            return [e for e in events if (echoes or e.echo is None) and passes(e)]

        with path.open("wb") as file:
            file.writelines(EXPORTS[format_](self._chunks(chosen), header))

    def _chunks(self, chosen: Callable[[Iterable[Event]], list[Event]]) -> Iterator[list[Event]]:
        for begin in range(self._range.start, self._range.held_from, _AT_ONCE):
            end = min(begin + _AT_ONCE, self._range.held_from)
            read = self._older(begin, end) if self._older else ()
            self.missing += end - begin - len(read)
            if found := chosen(read):
                self.from_recording += len(found)
                yield found
        for begin in range(self._range.held_from, self._range.stop, _AT_ONCE):
            end = min(begin + _AT_ONCE, self._range.stop)
            if found := chosen(self._held.slice(begin, end)):
                self.from_memory += len(found)
                yield found
