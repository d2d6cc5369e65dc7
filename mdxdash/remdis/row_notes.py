"""What a hub is told of rows, so that it makes events of them. Pure.

What takes time is two events, at its start and at its end; what does not is one. The arguments are
the number of the row, and at its end, for the lanes of the timeline: how many seconds ago that was,
how many it took, and how many characters its text has without the remark on what was revoked.
"""

from typing import Final

from mdxdash.language.translation import N_
from mdxdash.remdis.rows import QUIET, Row
from mdxdash.remote.protocol import Note, RowLevel

_LONG: Final = frozenset({"ain", "asr", "dialogue", "tts"})
"""The exchanges whose rows take time."""

_STARTED: Final = 200
"""Rows whose start was told, and that have no end yet."""


class RowNotes:
    """Remembers what was told."""

    def __init__(self) -> None:
        self._started: dict[int, None] = {}

    def of(self, row: Row, now: float) -> Note | None:
        """Returns what is to be told of a row that is new or has changed, if anything is. `now` is
        Unix time."""
        if row.state == "flagged":
            text = N_("remdis, {exchange}: {reason}")
            text = text.format(exchange=row.exchange, reason=row.value)
            return Note(text, fault=True, module=row.exchange)
        if row.exchange == "ain" and row.level < QUIET:
            return None
        if row.is_over:
            self._started.pop(row.number, None)
            return _end(row, now)
        if row.exchange not in _LONG or row.number in self._started:
            return None
        if len(self._started) >= _STARTED:
            del self._started[next(iter(self._started))]
        self._started[row.number] = None
        return Note("", module=row.exchange, level="start", args=f"{row.number}")


def row_text(row: Row) -> str:
    """Returns what a row says, with what was revoked of it."""
    if row.state == "revoked":
        return N_("{text}  (revoked)").format(text=row.text)
    if row.revoked:
        return N_("{text}  ({revoked} revoked)").format(text=row.text, revoked=row.revoked)
    return row.text


def _end(row: Row, now: float) -> Note:
    level: RowLevel = "end"
    if row.state == "revoked":
        level = "revoked"
    elif row.backchannel:
        level = ""
    ago = max(0.0, now - row.updated)
    seconds = max(0.0, row.updated - row.began)
    args = f"{row.number}|{ago:.3f}|{seconds:.3f}|{len(row.text)}"
    return Note(row_text(row), module=row.exchange, level=level, args=args)
