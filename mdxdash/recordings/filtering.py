"""The events of a recording that pass a filter."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, Filter
from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import Recording


def select(recording: Recording, filter_: Filter) -> Iterator[Sequence[Event]]:
    """Yields the events that pass, in chunks that are not empty.

    Raises `OSError`, `PatternStopped`.

    For the filter, it is now the end of the recording: `last:30s` are its last 30 seconds.
    """
    if filter_.is_empty:
        yield from recording.read_chunks()
        return
    end = 0.0
    marked: set[int] = set()
    if filter_.depends_on_time or filter_.mentions("is:marked"):
        for chunk in recording.read_chunks():
            end = chunk[-1].time
        marked = recording.marked
    passes = filter_.compile(Context(now=lambda: end, marked=marked, budget=None))
    for chunk in recording.read_chunks():
        if found := [event for event in chunk if passes(event)]:
            yield found


class Found(NamedTuple):
    """An event that a search has found, and the recording that it stands in."""

    path: Path
    event: Event


def search(paths: Iterable[Path], filter_: Filter) -> Iterator[list[Found]]:
    """Yields the events of several recordings that pass, in slices, which may be empty: it blocks
    for some milliseconds a slice. A recording that cannot be read is left out. Echoes do not pass
    unless the filter mentions them. Raises `PatternStopped`."""
    echoes = filter_.mentions("is:echo")
    for path in paths:
        try:
            recording = open_recording(path)
            end, marked = 0.0, set[int]()
            if filter_.depends_on_time or filter_.mentions("is:marked"):
                for chunk in recording.read_chunks():
                    end = chunk[-1].time if chunk else end
                    yield []
                marked = recording.marked
            now = end
            passes = filter_.compile(
                Context(now=lambda now=now: now, marked=marked, budget=None)  # type: ignore[misc]
            )
            for chunk in recording.read_chunks():
                yield [
                    Found(path, event)
                    for event in chunk
                    if (echoes or event.echo is None) and passes(event)
                ]
        except (OSError, RecordingError):
            continue


def shows_echoes(format_: str, filter_: Filter) -> bool:
    """Returns whether an export contains echoes: a page of HTML shows them only if the filter
    mentions them, as the screen does."""
    return format_ != "html" or filter_.mentions("is:echo")


def without_echoes(chunks: Iterator[Sequence[Event]]) -> Iterator[Sequence[Event]]:
    """Yields the chunks without echoes, which the sent event's round trip already shows."""
    for chunk in chunks:
        yield [event for event in chunk if event.echo is None]
