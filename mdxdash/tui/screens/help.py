"""The help screen: every key, made from the bindings themselves, the filter language, the signs."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from mdxdash.filters.filter import help_table
from mdxdash.language.translation import _, localized
from mdxdash.tui.key_actions import KeyAction, key_name, named, shown_beside
from mdxdash.tui.key_settings.keymap import NO_KEYS, GivenKeys, changed, shown_key
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.signs import LEGEND
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.line_breaking import break_lines

_KEYS_WIDTH: Final = 20
"""Cells for keys and terms; longer ones have a line of their own."""

_TWO_COLUMNS: Final = 120
"""Cells from which on the sections stand in two columns."""

KeyRow = tuple[str, str]


class HelpSection(NamedTuple):
    """A title, and under it rows of keys and what they do."""

    title: str
    rows: Sequence[KeyRow]


def key_rows(bindings: Iterable[BindingType]) -> list[KeyRow]:
    """Keys and what they do, one row an action, from a widget's `BINDINGS`."""
    rows: dict[str, list[str]] = {}
    described = [each for each in bindings if isinstance(each, Binding) and each.description]
    for binding in described:
        if not binding.show and shown_beside(binding.key.split(","), described):
            continue
        keys = [binding.key_display] if binding.key_display else []
        keys += map(key_name, binding.key.split(",")[len(keys) :])
        row = rows.setdefault(_(binding.tooltip or binding.description), [])
        row += [key for key in keys if key not in row]
    return [(" ".join(keys), what) for what, keys in rows.items()]


def action_rows(actions: Iterable[KeyAction]) -> list[KeyRow]:
    """The same for actions that work where the focus is."""
    return [(each.all_keys, each.help) for each in actions]


class HelpScreen(Dialog[None]):
    """Sections of keys, then the filter's terms, then the legend of the signs. What is typed in its
    first line is searched."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("slash", "search", "Search", tooltip="Search the help", id="filter"),
            Binding(
                "escape", "leave", "Close", tooltip="Close the help; in a search, end it first"
            ),
            Binding("q,question_mark,f1", "dismiss", "Close", show=False, tooltip="Close the help"),
        ]
    )

    def __init__(self, sections: Iterable[HelpSection], keys: GivenKeys = NO_KEYS) -> None:
        """`keys` are other keys of actions, also of its own."""
        super().__init__()
        self.sections = [
            *sections,
            HelpSection(_("Filter line"), [(keys, localized(what)) for keys, what in help_table()]),
            *(
                HelpSection(
                    _("Signs: {title}").format(title=_(title).lower()),
                    [(sign, _(meaning)) for sign, meaning in rows],
                )
                for title, rows in LEGEND
            ),
            HelpSection(_("This help"), key_rows(changed(self.BINDINGS, keys))),
            HelpSection(_("Text fields"), key_rows(Input.BINDINGS)),
        ]
        self.field = Input(compact=True, id="help-search")
        self._scroll = VerticalScroll(id="help-scroll")
        self._left = Static(classes="help-column", markup=False)
        self._right = Static(classes="help-column", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="help"):
            yield self.field
            with self._scroll, Horizontal(id="help-columns"):
                yield self._left
                yield self._right

    def on_mount(self) -> None:
        search = shown_key(self.app, "filter", self.BINDINGS)
        self.field.placeholder = _("{search} searches the help").format(search=search)
        self._scroll.focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._scroll.scroll_home(animate=False)
        self._draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._scroll.focus()

    def action_search(self) -> None:
        self.set_focus(self.field)

    def action_leave(self) -> None:
        """Ends a search; without any, closes the help."""
        if self.field.value:
            self.field.value = ""
            self._scroll.focus()
        elif self.field.has_focus:
            self._scroll.focus()
        else:
            self.dismiss()

    def _draw(self) -> None:
        width = self._scroll.scrollable_content_region.width - 1
        found = _found(self.sections, self.field.value)
        two = width >= _TWO_COLUMNS
        left, right = _halves(found) if two else (found, [])
        self._right.display = two
        column = (width - 2) // 2 if two else width
        for place, sections in ((self._left, left), (self._right, right)):
            place.update(Content("\n").join(_lines(sections, column)))
        if not found:
            self._left.update(
                Content(_("Nothing in the help has {text}.").format(text=self.field.value))
            )


def _found(sections: Sequence[HelpSection], text: str) -> list[HelpSection]:
    """The rows in which all words of a text occur, in a key, in what it does, or in the title."""
    words = text.casefold().split()
    found = []
    for title, rows in sections:
        wanted = [
            row
            for row in rows
            if all(word in f"{row[0]} {row[1]} {title}".casefold() for word in words)
        ]
        if wanted:
            found.append(HelpSection(title, wanted))
    return found


def _halves(sections: list[HelpSection]) -> tuple[list[HelpSection], list[HelpSection]]:
    """The sections in two columns of about the same height."""
    half = sum(len(rows) + 2 for _, rows in sections) / 2
    above, first = 0, 0
    while first < len(sections) and above < half:
        above += len(sections[first].rows) + 2
        first += 1
    return sections[:first], sections[first:]


def _lines(sections: Iterable[HelpSection], width: int) -> list[Content]:
    """Each row with a hanging indent: what does not fit goes on below its beginning."""
    lines: list[Content] = []
    for title, rows in sections:
        lines.append(Content.styled(title, "bold $text-accent"))
        for keys, what in rows:
            beside = keys
            if cell_len(keys) >= _KEYS_WIDTH:
                lines.append(Content.styled(f" {keys}", "bold"))
                beside = ""
            for text in break_lines(what, width - _KEYS_WIDTH - 2):
                lines.append(Content.assemble((f" {pad(beside, _KEYS_WIDTH)} ", "bold"), text))
                beside = ""
        lines.append(Content(""))
    return lines
