"""The selection that all views share: it is the stream's own, whichever of them is shown."""

from collections.abc import Sequence

from mdxdash.events.event import Event
from mdxdash.filters.view import View
from mdxdash.tui.views.stream import Stream


class Selection:
    """The stream's cursor, and whether it follows, for the other views."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    @property
    def view(self) -> View:
        """The events that pass the filter."""
        return self._stream.view

    @property
    def following(self) -> bool:
        """Whether the newest event is selected, whatever comes."""
        return self._stream.following

    @property
    def event(self) -> Event | None:
        """The selected event; None when no event is shown."""
        return self._stream.current

    def select(self, seqs: Sequence[int]) -> None:
        """Selects the first of these events that is shown, or else what is next to them."""
        if seqs:
            shown = self._stream.view.shows
            self._stream.select_event(next(filter(shown, seqs), seqs[0]))

    @property
    def stretch(self) -> tuple[int, int]:
        """The first and the last `seq` of what is selected; two zeros when nothing is shown."""
        return self._stream.stretch

    def extend(self, seqs: Sequence[int]) -> None:
        """Selects all from the selected event, or from where the selection began, to the first of
        these events."""
        if seqs:
            shown = self._stream.view.shows
            self._stream.extend_to(next(filter(shown, seqs), seqs[0]))

    def hold(self) -> None:
        """Follows no longer."""
        self._stream.hold()

    def follow(self) -> None:
        """Selects the newest event, and follows."""
        self._stream.follow()
