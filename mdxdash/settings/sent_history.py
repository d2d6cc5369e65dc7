"""The history of sent commands over several runs: a text file with one line a command."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import platformdirs

from mdxdash.settings.regular_file import open_regular
from mdxdash.settings.toml_source import SettingsError, write_text

KEPT = 1000
"""Lines that are kept; the oldest are removed."""

_MAX_BYTES = 2**22
"""Of a longer file, which mdxdash did not write, only so many bytes at its end are read."""


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
            return self._read()
        except OSError:
            return []

    def add(self, lines: list[str]) -> None:
        """Adds lines, but no line twice in a row. May be called from several threads."""
        with self._lock:
            try:
                kept = self._read()
            except FileNotFoundError:
                kept = []
            except OSError:
                return  # what cannot be read is not replaced either
            for line in lines:
                if kept[-1:] != [line]:
                    kept.append(line)
            with suppress(SettingsError, OSError):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                write_text(self.path, "\n".join(kept[-KEPT:]) + "\n")

    def _read(self) -> list[str]:
        with open_regular(self.path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _MAX_BYTES))
            text = file.read(_MAX_BYTES).decode("utf-8", "replace")
        return [line for line in text.replace("\r\n", "\n").split("\n") if line][-KEPT:]
