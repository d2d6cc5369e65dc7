"""Two sessions side by side, turn by turn, the turns that differ marked."""

from bisect import bisect_left
from collections.abc import Iterable
from time import perf_counter
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mdxdash.dialogue.comparison import Comparison, Difference, Pair
from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_formats import milliseconds
from mdxdash.events.printable import printable
from mdxdash.language.translation import N_, _, ngettext
from mdxdash.tui.key_actions import named
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.lists.pair_rows import column_width, pair_rows
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart
from mdxdash.tui.widgets.live_text import LiveText

_INTERVAL: Final = 1 / 30
_BUDGET: Final = 0.008
"""Seconds of laying out at every interval."""

_LISTED: Final[tuple[Difference, ...]] = (
    N_("answered otherwise"),
    N_("late"),
    N_("missing"),
    N_("new"),
    N_("reordered"),
)


class Compared(NamedTuple):
    """Two sessions and what they are called."""

    comparison: Comparison
    old: str
    new: str


class TwoSessionsScreen(Dialog[Turn | None]):
    """Gives the turn of the new session whose events are wanted, or None."""

    DEFAULT_CSS: ClassVar[str] = """
    TwoSessionsScreen > Vertical { width: 100%; height: 100%; background: $surface; }
    TwoSessionsScreen Static { height: auto; padding: 0 1; }
    TwoSessionsScreen #session-names { padding: 0; text-style: bold; color: $accent; }
    TwoSessionsScreen #pairs {
        height: 1fr; background: $surface; scrollbar-size-vertical: 1; overflow-x: hidden;
    }
    TwoSessionsScreen #pairs-hint { color: $text-muted; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,D", "dismiss(None)", "Close"),
    ]

    def __init__(self, compared: Compared, limit: float | None) -> None:
        """`limit` is how soon an answer is wanted, in seconds."""
        super().__init__()
        self._compared = compared
        self.pairs = Pairs(compared.comparison.pairs, limit)
        self._names = LiveText(id="session-names")

    def compose(self) -> ComposeResult:
        comparison = self._compared.comparison
        with Vertical():
            yield Static(_counts(comparison), markup=False)
            yield Static(_latencies(comparison), markup=False)
            yield self._names
            yield self.pairs
            yield Static(self._hint(), id="pairs-hint", markup=False)

    def _hint(self) -> str:
        """The signs, and what can be done, with the keys for it."""
        actions = ("next_difference", "previous_difference", "only_differences")
        following, previous, only = (shown_key(self.app, each, Pairs.BINDINGS) for each in actions)
        return _(
            "~ answered otherwise  ! late  - missing  + new  > reordered · "
            "{following} {previous} differences · {only} only those · enter its events · "
            "escape closes"
        ).format(following=following, previous=previous, only=only)

    def on_mount(self) -> None:
        self.pairs.focus()
        self.set_interval(_INTERVAL, self._advance)

    def _advance(self) -> None:
        self.pairs.advance()
        width = column_width(self.pairs.scrollable_content_region.width)
        old, new = (printable(name) for name in (self._compared.old, self._compared.new))
        names = f"{pad(f' {old}', width)}   {pad(f' {new}', width)}"
        self._names.show_text(names)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if (pair := self.pairs.current) is not None and pair.new is not None:
            self.dismiss(pair.new)


class Pairs(RowList):
    """The pairs, laid out in slices from the first one on."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("n", "difference(1)", "Next difference"),
            Binding("N", "difference(-1)", "Previous difference", show=False),
            Binding("o", "only_differences", "Only differences"),
        ]
    )

    shows_cursor_always: ClassVar[bool] = True

    def __init__(self, pairs: Iterable[Pair], limit: float | None) -> None:
        super().__init__(id="pairs")
        self._pairs = tuple(pairs)
        self._limit = limit
        self._width = 0
        self._only_differences = False
        self._next = 0
        """The index of the first pair that is not laid out."""
        self._kept: int | None = None
        """The index of the pair to which the cursor goes back when it is laid out again."""
        self._lines: list[tuple[int, int]] = []
        """The index of a pair, and which of its rows."""
        self._rows: dict[int, list[list[RowPart]]] = {}
        """The rows of the pairs that were drawn lately."""

    @property
    def row_count(self) -> int:
        return len(self._lines)

    @property
    def complete(self) -> bool:
        """Whether all pairs are laid out."""
        return self._next >= len(self._pairs)

    @property
    def current(self) -> Pair | None:
        """The pair under the cursor; None without any."""
        return self._pairs[self._index] if self._lines else None

    @property
    def _index(self) -> int:
        return self._lines[min(self.cursor, len(self._lines) - 1)][0]

    def advance(self) -> None:
        """Goes on laying out."""
        width = self.scrollable_content_region.width
        if width != self._width:
            self._width = width
            self._restart()
        if self.complete:
            return
        deadline = perf_counter() + _BUDGET
        while not self.complete and perf_counter() < deadline:
            if self._shows(self._next):
                count = len(self._rows_of(self._next))
                self._lines += [(self._next, row) for row in range(count)]
            self._next += 1
        self.resize_rows()
        if self._kept is not None and self._next > self._kept:
            self._go_to(self._kept)

    def _restart(self) -> None:
        """Lays out anew; the cursor stays on its pair."""
        if self._kept is None and self._lines:
            self._kept = self._index
        self._lines, self._next = [], 0
        self._rows.clear()
        self.cursor = 0
        self.scroll_to(y=0, animate=False, force=True)

    def _shows(self, index: int) -> bool:
        return bool(self._pairs[index].difference) or not self._only_differences

    def _rows_of(self, index: int) -> list[list[RowPart]]:
        rows = self._rows.get(index)
        if rows is None:
            if len(self._rows) > 1000:
                self._rows.clear()
            rows = self._rows[index] = pair_rows(self._pairs[index], self._width, self._limit)
        return rows

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        index, number = self._lines[row]
        rows = self._rows_of(index)
        return rows[number] if number < len(rows) else []

    def row_selected(self, row: int) -> bool:
        return row < len(self._lines) and self._lines[row][0] == self._index

    def move_cursor(self, row: int) -> None:
        """Puts the cursor on the pair at a row."""
        if not self._lines:
            return
        row = max(0, min(row, len(self._lines) - 1))
        self._go_to(self._lines[row][0])

    def action_move(self, by: int) -> None:
        """Goes to the next pair, or the one before."""
        if not self._lines:
            return
        beside = self._row_of(self._index) - 1 if by < 0 else self._row_of(self._index + 1)
        self.move_cursor(beside)

    def action_difference(self, by: int) -> None:
        """Goes to the next pair that differs, or the one before; to one that is not laid out yet
        as soon as it is."""
        at = self._kept if self._kept is not None else self._index if self._lines else 0
        index = at + by
        while 0 <= index < len(self._pairs):
            if self._pairs[index].difference:
                if index < self._next:
                    self._go_to(index)
                else:
                    self._kept = index
                return
            index += by
        self.notify(_("No further difference."), timeout=2)

    def action_only_differences(self) -> None:
        """Leaves out the pairs that are alike, or shows them again."""
        self._only_differences = not self._only_differences
        self._restart()
        self.advance()

    def _row_of(self, index: int) -> int:
        """Returns the first row of a pair, or of the next one that is shown."""
        return bisect_left(self._lines, (index, 0))

    def _go_to(self, index: int) -> None:
        self._kept = None
        first, behind = self._row_of(index), self._row_of(index + 1)
        self.show_row(behind - 1)
        super().move_cursor(first)


def _counts(comparison: Comparison) -> Content:
    alike = comparison.count("")
    counts = [
        (ngettext("{value:,} turn alike", "{value:,} turns alike", alike).format(value=alike), "")
    ]
    counts += [
        (f", {count:,} {difference}", "bold $text-warning")
        for difference in _LISTED
        if (count := comparison.count(difference))
    ]
    if comparison.left_out:
        counts.append((_(", {count:,} left out").format(count=comparison.left_out), "$text-muted"))
    return Content.assemble(*counts)


def _latencies(comparison: Comparison) -> Content:
    """The median and the 95th percentile of the answers, and whether they changed."""
    answer = comparison.changes[0]
    parts: list[str] = []
    for name, share in ((N_("median"), 0.5), ("p95", 0.95)):
        before, after, change = answer.of(share)
        if change is not None:
            parts.append(
                _("{name} {before} → {after} ({change:+,.0f} ms)").format(
                    name=_(name),
                    before=milliseconds(before),
                    after=milliseconds(after),
                    change=change * 1000,
                )
            )
    style = "$text-warning" if comparison.changed else "$text-muted"
    numbers = "  ".join(parts)
    return Content.assemble(f"{numbers}  " if numbers else "", (comparison.verdict(), style))
