"""The filter line at the top of the stream. Its text is the only state of what is shown."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from mdxdash.events.printable import printable
from mdxdash.filters.filter import Filter, FilterError, parse
from mdxdash.tui.widgets.text_fields import PrintableInput

_SIGN = "  "
"""As wide as the `/` before the line, so that the caret stands under what it means."""


class FilterInput(PrintableInput):
    """The text field, with the filters that were used before on up and down."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that what is pressed right after is meant for the stream and gets there.
        Binding("escape", "leave", "To the stream", priority=True),
        Binding("enter", "leave", show=False, priority=True),
        Binding("up", "recall(-1)", "Earlier filter", show=False),
        Binding("down", "recall(1)", "Later filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(placeholder="all events; e.g. type:RECOG_*,SYNTH_* -hello", compact=True)
        self._history: list[str] = []
        self._index = 0

    async def action_leave(self) -> None:
        """Remembers the text and goes to the stream, at once: the next key is meant for it."""
        self.keep()
        await self.run_action("app.show_stream")

    def keep(self) -> None:
        """Remembers the text, so that up brings it back."""
        text = self.value.strip()
        if text and (not self._history or self._history[-1] != text):
            self._history.append(text)
        self._index = len(self._history)

    def action_recall(self, by: int) -> None:
        index = max(0, min(self._index + by, len(self._history)))
        self._index = index
        self.value = self._history[index] if index < len(self._history) else ""
        self.cursor_position = len(self.value)


class FilterBar(Vertical):
    """The filter line, the counts beside it, and the error of the filter below it."""

    class Changed(Message):
        """There is a new valid filter."""

        def __init__(self, filter_: Filter) -> None:
            super().__init__()
            self.filter = filter_

    def __init__(self) -> None:
        super().__init__(id="filter")
        self.input = FilterInput()
        self._error = Static(id="filter-error", markup=False)
        self._counts = Label("", id="filter-counts")
        self._valid = ""

    def compose(self) -> ComposeResult:
        with Horizontal(id="filter-line"):
            yield Label("/", id="filter-sign")
            yield self.input
            yield self._counts
        yield self._error

    def on_mount(self) -> None:
        self._error.display = False

    @property
    def text(self) -> str:
        """The filter as it is typed."""
        return self.input.value

    @text.setter
    def text(self, text: str) -> None:
        self.input.value = text

    @property
    def filter(self) -> Filter:
        """The filter in force."""
        return parse(self._valid)

    def take_away(self) -> None:
        """Empties the line; up in it brings the filter back."""
        self.input.keep()
        self._valid = self.text = ""

    def edit(self, change: Callable[[str], str]) -> None:
        """Replaces the filter by what `change` makes of it. Only a valid filter can be changed: an
        invalid one that is being typed is replaced by the filter in force."""
        text = self.text
        try:
            parse(text)
        except FilterError:
            text = self._valid
        self.text = change(text)

    def show_counts(self, shown: int, total: int, *, complete: bool) -> None:
        """Says how many of how many events are shown; `…` while they are still being counted."""
        text = f"{shown:,}{'' if complete else '…'} / {total:,}"
        self._counts.update(text, layout=False)

    def show_stopped(self, reason: str) -> None:
        """Shows why the filter matches nothing more, until it is changed; empty: it matches."""
        if reason and not self._error.display:
            self._error.update(printable(f"{_SIGN}{reason}: it matches nothing more"))
            self._error.display = True

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        try:
            filter_ = parse(event.value)
        except FilterError as error:
            in_force = f" (in force: {self._valid})" if self._valid else " (in force: all events)"
            self._error.update(printable(f"{_SIGN}{error.caret(event.value)[1]}{in_force}"))
            self._error.display = True
            return
        self._error.display = False
        self._valid = event.value.strip()
        self.post_message(self.Changed(filter_))
