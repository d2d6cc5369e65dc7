"""The lines that were sent: going back through them, and which types were sent how often."""

from collections import Counter
from collections.abc import Iterable

from mdxdash.settings.sent_history import SentHistory
from mdxdash.wire.message import parse_message


class SentLines:
    """The history, with the place in it that is shown."""

    def __init__(self, history: SentHistory) -> None:
        self.types = Counter(parse_message(line).type for line in history.lines)
        """How often each type was sent."""
        self._history = history
        self._place = len(history.lines)
        """The index of the line that is shown; past the last one: a new line."""

    @property
    def newest(self) -> str:
        """The line that was sent last."""
        return self._history.lines[-1]

    def step(self, by: int) -> list[str]:
        """Returns the line further back (below 0) or on; none past the newest one."""
        self._place = max(0, min(self._place + by, len(self._history.lines)))
        return self._shown()

    def search(self, text: str) -> list[str] | None:
        """Returns the newest line before the one that is shown that contains a text; None without
        any."""
        found = self._history.search(text, self._place)
        if found is None:
            return None
        self._place = found
        return self._shown()

    def _shown(self) -> list[str]:
        return list(self._history.lines[self._place : self._place + 1])

    def add(self, lines: Iterable[str]) -> list[str]:
        """Adds lines that were sent just now; returns what is new in the history, for `save`."""
        sent = list(lines)
        added = self._history.add(sent)
        self._place = len(self._history.lines)
        self.types.update(parse_message(line).type for line in sent)
        return added

    def save(self, lines: Iterable[str]) -> None:
        """Writes lines that were added into the history's file. May block on the disk."""
        self._history.save(lines)
