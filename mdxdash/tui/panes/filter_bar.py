"""The filter line at the top of the stream. Its text is the only state of what is shown."""

from collections.abc import Callable
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, Label

from mdxdash.catalog.completion import Completion
from mdxdash.events.printable import printable
from mdxdash.filters.assistance.completion import TYPES_FROM, KnownNames, complete_filter
from mdxdash.filters.assistance.unknown_names import unknown_name
from mdxdash.filters.filter import Filter, FilterError, parse
from mdxdash.language.translation import N_, _
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.key_actions import named
from mdxdash.tui.panes.composing.suggestions import Suggestions
from mdxdash.tui.widgets.live_text import LiveText
from mdxdash.tui.widgets.text_fields import PrintableInput

_SIGN: Final = "  "
"""As wide as the `/` before the line, so that the caret stands under what it means."""

_EXAMPLES: Final = (
    N_("all events; e.g. type:RECOG_*,SYNTH_* -hello"),
    N_("all events; e.g. type:RECOG_*"),
    N_("all events"),
)

_MODULES_AMONG: Final = 5_000
"""The newest events, whose modules are offered."""


class FilterInput(PrintableInput):
    """The text field, which remembers the filters that were used before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that what is pressed right after is meant for the stream and gets there.
        Binding("escape", "leave", "Back", priority=True, tooltip="Go to the view"),
        Binding("enter", "leave", "Apply", show=False, priority=True, tooltip="Go to the view"),
    ]

    def __init__(self) -> None:
        super().__init__(compact=True)
        self._history: list[str] = []
        self._index = 0

    def render_line(self, y: int) -> Strip:
        """Draws the line; an empty one shows the longest example that has room, with the cell of
        the cursor."""
        # Not when it is resized: Textual does not always tell.
        examples = [_(example) for example in _EXAMPLES]
        fitting = (each for each in examples if cell_len(each) < self.size.width)
        self.set_reactive(FilterInput.placeholder, next(fitting, examples[-1]))
        return super().render_line(y)

    async def action_leave(self) -> None:
        """Remembers the text and goes to the stream, at once: the next key is meant for it."""
        self.keep()
        await self.run_action("screen.show_stream")

    def keep(self) -> None:
        """Remembers the text, so that up brings it back."""
        text = self.value.strip()
        if text and (not self._history or self._history[-1] != text):
            self._history.append(text)
        self._index = len(self._history)

    def recall(self, by: int) -> None:
        """Shows an earlier text (-1) or a later one (1)."""
        index = max(0, min(self._index + by, len(self._history)))
        self._index = index
        self.value = self._history[index] if index < len(self._history) else ""
        self.cursor_position = len(self.value)


class FilterBar(Vertical):
    """The filter line, the counts beside it, and below it what is wrong with the filter and what
    can be typed."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding(
                "tab",
                "complete",
                "Complete",
                tooltip="Complete a term, a type, an agent, a module, a saved filter",
            ),
            Binding(
                "up", "step(-1)", "Earlier", show=False, tooltip="Earlier filter, or suggestion"
            ),
            Binding("down", "step(1)", "Later", show=False, tooltip="Later filter, or suggestion"),
            Binding(
                "ctrl+s",
                "screen.save_filter",
                "Save",
                tooltip="Save the filter under a name",
                id="save_filter",
            ),
        ]
    )

    class Changed(Message):
        """There is a new valid filter."""

        def __init__(self, filter_: Filter) -> None:
            super().__init__()
            self.filter = filter_

    def __init__(self, context: AppContext) -> None:
        super().__init__(id="filter")
        self.input = FilterInput()
        self.suggestions = Suggestions(id="filter-suggestions")
        self._app_context = context
        self._completion = Completion((), 0, 0)
        self._note = LiveText(id="filter-error")
        self._counts = LiveText(id="filter-counts")
        self._valid = ""

    def compose(self) -> ComposeResult:
        with Horizontal(id="filter-line"):
            yield Label("/", id="filter-sign")
            yield self.input
            yield self._counts
        yield self._note
        yield self.suggestions

    def on_mount(self) -> None:
        self._note.display = self.suggestions.display = False

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

    def show_counts(self, passing: int, total: int, *, complete: bool, context: int = 0) -> None:
        """Says how many of how many events pass; `…` while they are still being counted. `context`
        is how many events around each of them are shown too."""
        around = f" ±{context}" if context else ""
        text = f"{passing:,}{'' if complete else '…'}{around} / {total:,}"
        self._counts.show_text(text)
        if self._note.has_class("-hint"):
            self._show_unknown()  # by now there may be something of that name

    def show_stopped(self, reason: str) -> None:
        """Shows why the filter matches nothing more, until it is changed; empty: it matches."""
        if reason and not self._note.display:
            self._show_note(_("{reason}: it matches nothing more").format(reason=reason))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._offer(asked=False)
        try:
            filter_ = parse(event.value)
        except FilterError as error:
            in_force = (
                _(" (in force: {valid})").format(valid=self._valid)
                if self._valid
                else _(" (in force: all events)")
            )
            self._show_note(f"{error.caret(event.value)[1]}{in_force}")
            return
        self._valid = event.value.strip()
        self._show_unknown()
        self.post_message(self.Changed(filter_))

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        self.suggestions.show(())

    def on_row_list_chosen(self, event: Suggestions.Chosen) -> None:
        event.stop()
        self._accept()
        self.input.focus()

    def action_complete(self) -> None:
        """Inserts the marked suggestion; without any, shows what could be typed."""
        if self.suggestions.display:
            self._accept()
            return
        self._offer(asked=True)
        if len(self._completion.candidates) == 1:
            self._accept()

    def action_step(self, by: int) -> None:
        """Goes through the suggestions while they are offered, else through earlier filters."""
        if self.suggestions.display:
            self.suggestions.move_cursor(self.suggestions.cursor + by)
        else:
            self.input.recall(by)

    def _known(self) -> KnownNames:
        log, hub = self._app_context.log, self._app_context.hub
        newest = log.slice(max(1, log.next_seq - _MODULES_AMONG), log.next_seq)
        modules = dict.fromkeys(event.module for event in newest if event.module)
        return KnownNames(
            log.counts,
            tuple(dict.fromkeys(agent.name for agent in hub.agents)),
            tuple(modules),
            self._app_context.filters,
        )

    def _offer(self, *, asked: bool) -> None:
        """Shows what could be typed; for a word that has just begun only if it was asked for."""
        text, cursor = self.text, self.input.cursor_position
        self._completion = Completion((), cursor, cursor)
        if self.input.has_focus:
            self._completion = complete_filter(text, cursor, self._known())
        found = self._completion
        in_value = text[found.start - 1 : found.start] in (":", "：", ",", "，")
        shown = asked or in_value or cursor - found.start >= TYPES_FROM
        self.suggestions.show(found.candidates if shown else ())

    def _accept(self) -> None:
        candidate, found, text = self.suggestions.current, self._completion, self.text
        if candidate is None:
            return
        self.text = text[: found.start] + candidate.text + text[found.end :]
        self.input.cursor_position = found.start + len(candidate.text)
        self._offer(asked=False)

    def _show_unknown(self) -> None:
        """Says that nothing has a name that the filter asks for."""
        unknown = unknown_name(self.filter, self._known()) if self._valid else None
        if unknown is None:
            self._note.display = False
            self._note.remove_class("-hint")
            return
        text = _("no {kind} is called {text}").format(kind=_(unknown.kind), text=unknown.value.text)
        offered = self.suggestions.current if self.suggestions.display else None
        if offered is not None and unknown.value.end == self._completion.end:
            text += _("; Tab writes {text}").format(text=offered.text)
        elif unknown.pattern:
            text += _("; write {pattern}").format(pattern=unknown.pattern)
        self._show_note(text, hint=True)

    def _show_note(self, text: str, *, hint: bool = False) -> None:
        self._note.show_text(printable(f"{_SIGN}{text}"), layout=True)
        self._note.set_class(hint, "-hint")
        self._note.display = True
