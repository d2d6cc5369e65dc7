"""Reports the same reason once within a while, however often a flood of lines gives it."""

import re
from typing import Final

_KEPT: Final = 100
"""Reasons that are kept in mind."""

_CODE: Final = re.compile(r"[A-Z]\d+(?= )")


class Repetition:
    """The reasons that were reported lately."""

    def __init__(self, seconds: float = 1.0) -> None:
        """`seconds` is how long the same reason is held back after it was reported."""
        self._seconds = seconds
        self._reported: dict[str, tuple[float, int]] = {}

    def held_back(self, reason: str, now: float) -> int | None:
        """Decides whether a reason is reported `now` (monotonic seconds). Reasons with the same
        code (`W102 …`) are the same: what follows it often quotes the line.

        Returns how often it was held back since it was reported last, to be reported too; None if
        it is to be held back again.
        """
        if code := _CODE.match(reason):
            reason = code[0]
        last, missed = self._reported.get(reason, (float("-inf"), 0))
        if now - last < self._seconds:
            self._reported[reason] = (last, missed + 1)
            return None
        if len(self._reported) > _KEPT:
            self._reported.clear()
        self._reported[reason] = (now, 0)
        return missed
