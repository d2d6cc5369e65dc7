"""What was sent in earlier runs: one line a message, in a file that a person can read and mend."""

import threading
from contextlib import suppress
from pathlib import Path

import platformdirs

from mdxdash.settings.toml_source import SettingsError, write_text

KEPT = 1000
"""Lines that are kept; the oldest go."""


def user_history_file() -> Path:
    """The history in the user's state directory, whether it exists or not."""
    return platformdirs.user_state_path("mdxdash", appauthor=False) / "history.txt"


class History:
    """The composer's lines, oldest first. Its methods may block on the disk.

    A history that cannot be read or written is no reason to stop: it is then empty, or forgotten.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def lines(self) -> list[str]:
        """What was sent, oldest first."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return [line for line in text.split("\n") if line][-KEPT:]

    def add(self, lines: list[str]) -> None:
        """Remembers lines, but none twice in a row. May be called from several threads."""
        with self._lock:
            kept = self.lines()
            for line in lines:
                if kept[-1:] != [line]:
                    kept.append(line)
            with suppress(SettingsError, OSError):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                write_text(self.path, "\n".join(kept[-KEPT:]) + "\n")
