"""The events of a recording that pass a filter."""

from collections.abc import Iterator

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, Filter
from mdxdash.recordings.reader import Recording


def select(recording: Recording, filter_: Filter) -> Iterator[list[Event]]:
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


def shows_echoes(format_: str, filter_: Filter) -> bool:
    """Returns whether an export contains echoes: a page of HTML shows them only if the filter
    mentions them, as the screen does."""
    return format_ != "html" or filter_.mentions("is:echo")


def without_echoes(chunks: Iterator[list[Event]]) -> Iterator[list[Event]]:
    """Yields the chunks without echoes, which the sent event's round trip already shows."""
    for chunk in chunks:
        yield [event for event in chunk if event.echo is None]
