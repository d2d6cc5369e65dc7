"""What is offered while one types: candidates, and the signature of a message.

What is offered comes from the catalog and the filter language; here it is only drawn.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content

from mdxdash.catalog.completion import Candidate, Signature
from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart

ROWS_MAX = 6


class Suggestions(RowList, can_focus=False):
    """The candidates, best first; the one that Tab takes is marked. Never takes the focus."""

    shows_cursor_always: ClassVar[bool] = True
    chooses_on_click: ClassVar[bool] = True

    def __init__(self, id: str = "suggestions") -> None:
        super().__init__(id=id)
        self.candidates: tuple[Candidate, ...] = ()

    @property
    def row_count(self) -> int:
        return len(self.candidates)

    def show(self, candidates: tuple[Candidate, ...]) -> None:
        """Offers these; without any the list is closed."""
        self.candidates = candidates
        self.display = bool(candidates)
        self.styles.height = min(ROWS_MAX, len(candidates))
        self.cursor = 0
        self.resize_rows()
        self.scroll_to(y=0, animate=False, force=True)

    @property
    def current(self) -> Candidate | None:
        """What Tab takes."""
        return self.candidates[self.cursor] if self.candidates else None

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        candidate = self.candidates[row]
        return [
            RowPart(" " + pad(printable(candidate.display), 28) + " ", "strong"),
            RowPart(printable(candidate.summary), "dim"),
        ]


def describe_signature(signature: Signature) -> Content:
    """All arguments of a message in a row, the current one lit, optional ones in brackets."""
    parts: list[Content | str | tuple[str, str]] = [(f"{signature.entry.name}  ", "bold")]
    for index, part in enumerate(signature.parts):
        label = f"[{part.label}]" if part.optional else part.label
        if part.default is not None:
            label = f"{label}={part.default}"
        parts.append((label, "bold $accent underline" if index == signature.current else ""))
        if index < len(signature.parts) - 1:
            parts.append((" | ", "$text-muted"))
    if not signature.parts:
        parts.append((_("takes no arguments"), "$text-muted"))
    return Content.assemble(*parts)
