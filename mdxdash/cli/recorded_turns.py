"""The turns of a recording, for commands."""

from collections.abc import Iterator

from mdxdash.cli.anonymous_events import event_hider
from mdxdash.cli.recording_argument import read_events
from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.filters.filter import EMPTY, Filter
from mdxdash.recordings.reader import Recording


def turns_of(
    recording: Recording, filter_: Filter = EMPTY, *, hides_words: bool = False
) -> Iterator[Turn]:
    """Yields the turns as they become complete, in the order of their ends: those of which an event
    passes. Exits with code 2 when the file cannot be read any more. Raises `PatternStopped`."""
    wanted: set[int] | None = None
    if not filter_.is_empty:
        wanted = {event.seq for chunk in read_events(recording, filter_) for event in chunk}
    complete: list[Turn] = []
    dialogue = Dialogue(on_turn=lambda turn: complete.append(turn) if turn.complete else None)

    def finished() -> Iterator[Turn]:
        yield from (
            turn for turn in complete if wanted is None or not wanted.isdisjoint(turn.events)
        )
        complete.clear()

    hide = event_hider(recording) if hides_words else None
    for chunk in read_events(recording, EMPTY):
        for event in chunk:
            dialogue.add(hide(event) if hide is not None else event)
        yield from finished()
    dialogue.finish()
    yield from finished()
