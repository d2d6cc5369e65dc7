"""The help screen: every key, made from the bindings themselves, the filter language, the signs."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mdxdash.filters.filter import help_table
from mdxdash.tui.signs import LEGEND

KeyRow = tuple[str, str]


def key_rows(bindings: Iterable[BindingType]) -> list[KeyRow]:
    """Keys and what they do, one row an action, from a widget's `BINDINGS`."""
    rows = []
    for binding in bindings:
        if isinstance(binding, Binding) and binding.description:
            keys = binding.key_display or " ".join(map(_key_name, binding.key.split(",")))
            rows.append((keys, binding.tooltip or binding.description))
    return rows


def _key_name(key: str) -> str:
    names = {"question_mark": "?", "slash": "/", "plus": "+"}
    return names.get(key, key)


class HelpScreen(ModalScreen[None]):
    """Sections of keys, then the filter's terms, then the legend of the signs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "Close"),
    ]

    def __init__(self, sections: list[tuple[str, list[KeyRow]]]) -> None:
        super().__init__()
        self._sections = [
            *sections,
            ("Filter line", list(help_table())),
            *((f"Signs: {title.lower()}", list(rows)) for title, rows in LEGEND),
        ]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", id="help"):
            yield Static(_text(self._sections))

    def on_mount(self) -> None:
        self.query_one("#help").focus()


def _text(sections: list[tuple[str, list[KeyRow]]]) -> Content:
    lines: list[Content] = []
    for title, rows in sections:
        lines.append(Content.styled(title, "bold $accent"))
        for keys, what in rows:
            lines.append(Content.assemble((f"  {keys:<26} ", "bold"), what))
        lines.append(Content(""))
    return Content("\n").join(lines)
