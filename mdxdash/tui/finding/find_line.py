"""The find line: finds events among the rows of the stream without hiding any.

What is typed is a filter. Its hits are lit, counted in slices, and gone through one after another.
"""

from collections.abc import Callable
from typing import ClassVar, Final, Literal

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from mdxdash.events.printable import printable
from mdxdash.filters.filter import FilterError, parse
from mdxdash.filters.finding.found_rows import FoundRows
from mdxdash.filters.finding.hit_spans import span_finder
from mdxdash.language.translation import N_, _
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.widgets.events.hit_lighting import Hits
from mdxdash.tui.widgets.live_text import LiveText
from mdxdash.tui.widgets.text_fields import PrintableInput

_SIGN: Final = N_("find ")

_BUDGET: Final = 0.004
"""Seconds of searching between two paints."""


class FindInput(PrintableInput):
    """The text field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that what is pressed right after is meant for the stream and gets there.
        Binding("escape", "screen.end_find", "End", priority=True, tooltip="End the find"),
        Binding(
            "enter,down", "screen.next_hit(1)", "Next", key_display="enter", tooltip="Next hit"
        ),
        Binding(
            "shift+enter,up",
            "screen.next_hit(-1)",
            "Previous",
            key_display="↑",
            tooltip="Previous hit (↑, shift+enter)",
        ),
        Binding("tab", "screen.show_stream", "To the rows", tooltip="Go to the rows"),
    ]

    def __init__(self) -> None:
        super().__init__(placeholder=_("hello, /reg.*ex/, type:RECOG_*"), compact=True)


class FindLine(Vertical):
    """The line, the count of the hits beside it, and what is wrong with its text below."""

    def __init__(self, stream: Stream, now: Callable[[], float]) -> None:
        """`now` returns Unix time, for finds such as `last:30s`."""
        super().__init__(id="find")
        self.input = FindInput()
        self._counts = LiveText(id="find-counts")
        self._error = Static(id="find-error", markup=False)
        self._stream = stream
        self._now = now
        self._found: FoundRows | None = None
        self._begun_at = 0
        """The `seq` of the event under the cursor when the line was opened; past the last one while
        the stream followed."""
        self._wanted: Literal[0, 1, -1] | None = None
        """Where to go as soon as it is found: 0 to the nearest hit, or to the next, the one
        before."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="find-text"):
            yield Label(_(_SIGN), id="find-sign")
            yield self.input
            yield self._counts
        yield self._error

    def on_mount(self) -> None:
        self.display = self._error.display = False

    @property
    def is_open(self) -> bool:
        """Whether the line is shown; there may be nothing in it."""
        return self.display

    def open(self) -> None:
        """Shows the line, with what was found last; typing replaces it."""
        stream = self._stream
        event = stream.current
        if stream.following or event is None:
            self._begun_at = stream.view.log.next_seq
        else:
            self._begun_at = event.seq
        if not self.display:
            self.display = True
            self._search(self.input.value)
        self.screen.set_focus(self.input)
        self.input.action_select_all()

    def end(self) -> None:
        """Hides the line; nothing is lit any more, and the cursor stays where it is."""
        self.display = False
        self._set_found(None)
        if self.input.has_focus:
            self.screen.set_focus(self._stream)

    def step(self, direction: Literal[1, -1]) -> None:
        """Goes to the next hit, or to the one before, as soon as it is found."""
        self._wanted = direction
        self._go()

    def advance(self) -> None:
        """Goes on searching, and shows what was found so far."""
        if self.display and not self._stream.display:
            self.end()  # another view is shown, which has no rows to find
        if self._found is None:
            return
        if self._found.advance(_BUDGET):
            self._stream.draw_changes()
        self._go()
        self._show_counts()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self._search(event.value)
            self._wanted = 0

    def _search(self, text: str) -> None:
        """Searches for something else; while it is half typed, for the same as before."""
        try:
            filter_ = parse(text)
        except FilterError as error:
            space = " " * cell_len(_(_SIGN))
            self._error.update(printable(f"{space}{error.caret(text)[1]}"))
            self._error.display = True
            return
        self._error.display = False
        if filter_.is_empty:
            self._set_found(None)
            return
        self._set_found(FoundRows(self._stream.view, self._now, filter_))
        self.advance()

    def _set_found(self, found: FoundRows | None) -> None:
        if self._found is not None:
            self._found.close()
        self._found = found
        self._wanted = None
        self._stream.drawing.hits = (
            None if found is None else Hits(found, span_finder(found.filter))
        )
        self._stream.refresh()
        self._counts.show_text("")

    def _go(self) -> None:
        found, wanted = self._found, self._wanted
        if found is None or wanted is None:
            return
        current = self._stream.current
        if wanted == 0:
            seq = found.nearest(self._begun_at)
        else:
            seq = found.next(current.seq if current else 0, wanted)
        if seq is not None:
            self._stream.go_to(seq)
        if seq is not None or found.searched:
            self._wanted = None

    def _show_counts(self) -> None:
        found = self._found
        if found is None:
            return
        if found.stopped and not self._error.display:
            self._error.update(
                printable(
                    _("{value}{stopped}: it finds no more").format(
                        value=" " * cell_len(_(_SIGN)), stopped=found.stopped
                    )
                )
            )
            self._error.display = True
        current = self._stream.current
        position = found.position(current.seq) if current else 0
        self._counts.show_text(_counted(position, len(found), complete=found.searched))


def _counted(position: int, count: int, *, complete: bool) -> str:
    """Returns `3 of 41`, or `41 hits` where the cursor is on none of them; `…` while it counts."""
    more = "" if complete else "…"
    if position:
        return _("{position:,} of {count:,}{more}").format(
            position=position, count=count, more=more
        )
    if not count:
        return _("no hit") if complete else more
    return _("{count:,}{more} hit{s}").format(count=count, more=more, s="s" if count > 1 else "")
