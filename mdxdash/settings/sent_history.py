"""The history of sent commands over several runs: a text file with one line a command."""

import threading
from contextlib import suppress
from pathlib import Path

import platformdirs

from mdxdash.settings.toml_source import SettingsError, write_text

KEPT = 1000
"""Lines that are kept; the oldest are removed."""


def user_history_file() -> Path:
    """Returns the history's file in the user's state directory, whether it exists or not."""
    return platformdirs.user_state_path("mdxdash", appauthor=False) / "history.txt"


class History:
    """The lines that were sent from the composer, oldest first. Its methods may block on the disk.

    Errors of the disk are ignored: a history that cannot be read is empty, and what cannot be
    written is lost.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def lines(self) -> list[str]:
        """Returns the sent lines, oldest first."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return [line for line in text.split("\n") if line][-KEPT:]

    def add(self, lines: list[str]) -> None:
        """Adds lines, but no line twice in a row. May be called from several threads."""
        with self._lock:
            kept = self.lines()
            for line in lines:
                if kept[-1:] != [line]:
                    kept.append(line)
            with suppress(SettingsError, OSError):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                write_text(self.path, "\n".join(kept[-KEPT:]) + "\n")
