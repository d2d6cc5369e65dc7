"""CSV for a spreadsheet, which shows its cells and computes nothing of them."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from mdxdash.events.printable import printable

UTF8_MARK: Final = "\ufeff".encode()
"""The first bytes of the file: without it Excel reads it in the system's encoding."""

_FORMULA_STARTS: Final = tuple("=+-@\t\r＝＋－＠")
"""Texts with these first characters are formulas to a spreadsheet (OWASP: CSV injection); the
full-width ones too, where Japanese is typed."""


def csv_rows(rows: Iterable[Iterable[object]]) -> bytes:
    """Encodes rows as CSV in UTF-8."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8", "replace")


def cell(text: str) -> str:
    """Returns the text so that a spreadsheet shows it and computes nothing."""
    shown = printable(text)
    return "'" + shown if text.startswith(_FORMULA_STARTS) else shown
