"""Lights what was found in a row: a layer over the parts that the row is drawn from."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from mdxdash.filters.finding.found_rows import FoundRows
from mdxdash.filters.finding.hit_spans import SpanFinder
from mdxdash.tui.widgets.lists.row_parts import RowPart

_BESIDE: Final = frozenset({"dim", "mark"})
"""Styles of what stands beside the message, where nothing is searched: the time, names, marks."""


class Hits(NamedTuple):
    """What is lit in the stream."""

    found: FoundRows
    spans: SpanFinder
    """Finds it in a text."""


def light_hit(parts: Iterable[RowPart], spans: SpanFinder) -> list[RowPart]:
    """Returns the parts of a row that is a hit, with what was found in them in the style `found`.

    * `spans`: finds it in the text of a part.

    Where it is in no single part (it was cut off, or the find asks for a type or an agent), the
    whole message is lit, so that each hit is seen as one.
    """
    parts = list(parts)
    lit = [piece for part in parts for piece in _pieces(part, spans)]
    if any(piece.style == "found" for piece in lit):
        return lit
    return [piece for part in parts for piece in _whole(part)]


def _is_message(part: RowPart) -> bool:
    return part.style not in _BESIDE and not part.style.startswith("agent-")


def _pieces(part: RowPart, spans: SpanFinder) -> list[RowPart]:
    if not _is_message(part):
        return [part]
    pieces, at = [], 0
    for start, end in spans(part.text):
        pieces += [RowPart(part.text[at:start], part.style), RowPart(part.text[start:end], "found")]
        at = end
    pieces.append(RowPart(part.text[at:], part.style))
    return [piece for piece in pieces if piece.text]


def _whole(part: RowPart) -> list[RowPart]:
    text = part.text.rstrip()
    if not _is_message(part) or not text:
        return [part]
    return [RowPart(text, "found"), RowPart(part.text[len(text) :], part.style)]
