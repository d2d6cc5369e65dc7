"""Puts every character of a picture of the terminal where it stands in the terminal.

Rich writes a run of characters as one text with the length of its count of characters
(`rich.console.Console.export_svg`, Rich 14): a wide character is then squeezed into one cell, and
what stands after it is out of line. Programs that do not know `textLength` (librsvg) put what
stands after spaces out of line, too.
"""

import re
from html import escape, unescape
from typing import Final

from rich.cells import cell_len

CELL: Final = 12.2
"""The width of a cell in the pictures."""

_TEXT: Final = re.compile(
    r'<text class="(?P<style>[^"]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" '
    r'textLength="[\d.]+" clip-path="(?P<clip>[^"]+)">(?P<text>[^<]*)</text>'
)

_RUN: Final = re.compile(r"\s+|[!-~]+(?:\xa0[!-~]+)*|(?P<other>[^!-~\s])(?P=other)*")
"""Spaces, words in ASCII with one space between two, or the same other character several times."""


def aligned(svg: str) -> str:
    """Returns a picture that Textual made, with each run of characters at its cell."""
    return _TEXT.sub(_runs, svg)


def _runs(found: re.Match[str]) -> str:
    x = float(found["x"])
    made = []
    for match in _RUN.finditer(unescape(found["text"])):
        run = match[0]
        width = CELL * cell_len(run)
        if not run.isspace():
            made.append(
                f'<text class="{found["style"]}" x="{x:.1f}" y="{found["y"]}" '
                f'textLength="{width:.1f}" clip-path="{found["clip"]}">{escape(run)}</text>'
            )
        x += width
    return "".join(made)
