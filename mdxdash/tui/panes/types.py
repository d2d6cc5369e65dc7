"""The types pane: every message type that was seen, its count, and a switch in the filter."""

from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message

from mdxdash.catalog.lookup import find, is_family
from mdxdash.events.log import EventLog
from mdxdash.events.printable import printable
from mdxdash.filters.editing import type_is_on
from mdxdash.filters.filter import Filter
from mdxdash.language.translation import N_
from mdxdash.tui import signs
from mdxdash.tui.key_actions import named
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart

_SIGN_CELLS = 2
"""The width of the switch at the beginning of a row."""


class TypesPane(RowList):
    """A row a type, by name. The switches are no state of their own: they show the filter."""

    BORDER_TITLE = N_("Types")

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("enter", "choose", "Switch", tooltip="Switch the type on or off in the filter"),
            Binding("o", "only", "Only this type", tooltip="Show only this type; again: all types"),
            Binding("A", "all", "All types", tooltip="Show all types"),
        ]
    )

    class Switched(Message):
        """A type is to be switched on or off."""

        def __init__(self, type_: str, on: bool) -> None:
            super().__init__()
            self.type = type_
            self.on = on

    class Only(Message):
        """Only one type is to be shown, or every type if it is the only one already; every type
        with an empty one."""

        def __init__(self, type_: str) -> None:
            super().__init__()
            self.type = type_

    def __init__(self, log: EventLog, filter_: Filter) -> None:
        super().__init__(id="types")
        self._events = log
        self._filter = filter_
        self._types: list[str] = []
        self._on: dict[str, bool] = {}
        self._moved = False
        """Whether the reader has moved the cursor: until then it stays on the first row."""

    @property
    def row_count(self) -> int:
        return len(self._types)

    def show_filter(self, filter_: Filter) -> None:
        """Sets the switches as a filter has them."""
        self._filter = filter_
        self._on.clear()
        self.refresh()

    def advance(self) -> None:
        """Takes over new types and counts."""
        if len(self._events.counts) != len(self._types):
            current = self._types[self.cursor] if self._moved else None
            self._types = sorted(self._events.counts)
            if current is not None:
                self.cursor = self._types.index(current)
        self.resize_rows()

    def move_cursor(self, row: int) -> None:
        self._moved = bool(self._types)
        super().move_cursor(row)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        type_ = self._types[row]
        on = self._is_on(type_)
        count = f"{self._events.counts[type_]:,}"
        room = width - cell_len(count) - 4
        return [
            RowPart(f"{signs.TYPE_SHOWN if on else signs.TYPE_HIDDEN} ", "good" if on else "dim"),
            RowPart(pad(_named(type_), max(1, room)), "" if on else "dim"),
            RowPart(f" {count} ", "strong" if on else "dim"),
        ]

    def _is_on(self, type_: str) -> bool:
        on = self._on.get(type_)
        if on is None:
            on = self._on[type_] = type_is_on(self._filter, type_)
        return on

    def _switch(self, row: int) -> None:
        type_ = self._types[row]
        self.post_message(self.Switched(type_, not self._is_on(type_)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "all":
            return not all(map(self._is_on, self._types))
        if not self._types and action in ("choose", "only"):
            return False
        return super().check_action(action, parameters)

    def action_choose(self) -> None:
        self._switch(self.cursor)

    def on_click(self, event: Click) -> None:
        """Puts the cursor on the row; on its sign, or twice, it switches the type."""
        event.prevent_default()
        row = self.row_at(event)
        if row is None:
            return
        self.move_cursor(row)
        offset = event.get_content_offset(self)
        if event.chain == 2 or (offset is not None and offset.x < _SIGN_CELLS):
            self._switch(row)

    def action_only(self) -> None:
        self.post_message(self.Only(self._types[self.cursor]))

    def action_all(self) -> None:
        self.post_message(self.Only(""))


@lru_cache(maxsize=4096)
def _named(type_: str) -> str:
    """The type, with a sign when the catalog does not know it."""
    return (
        printable(type_)
        if find(type_) or is_family(type_)
        else f"{printable(type_)} {signs.UNKNOWN}"
    )
