"""The history of sent commands over several runs: a text file with one line a command."""

import os
import threading
from collections.abc import Iterable, Sequence
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


class SentHistory:
    """The lines that were sent from the composer, oldest first: those of earlier runs, from a file,
    then those of this run.

    Errors of the disk are ignored: a history that cannot be read is empty, and what cannot be
    written is lost.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Reads the file at `path`, which may block; without a path nothing is read or saved."""
        self._path = path
        self._lock = threading.Lock()
        self._lines: list[str] = []
        if path is not None:
            with suppress(OSError):
                self._lines = _read(path)

    @property
    def lines(self) -> Sequence[str]:
        """The sent lines, oldest first."""
        return self._lines

    def add(self, lines: Iterable[str]) -> list[str]:
        """Adds lines, but no line twice in a row. Returns those that were added, for `save`."""
        added = []
        for line in lines:
            if self._lines[-1:] != [line]:
                self._lines.append(line)
                added.append(line)
        return added

    def search(self, text: str, before: int) -> int | None:
        """Returns the index of the newest line before the index `before` that contains a text in
        upper or lower case, or None."""
        wanted = text.casefold()
        found = (i for i in range(before - 1, -1, -1) if wanted in self._lines[i].casefold())
        return next(found, None)

    def save(self, lines: Iterable[str]) -> None:
        """Appends lines to the file, which another run may have written to meanwhile. May block on
        the disk, and may be called from several threads."""
        if self._path is None:
            return
        with self._lock:
            try:
                kept = _read(self._path)
            except FileNotFoundError:
                kept = []
            except OSError:
                return  # what cannot be read is not replaced either
            for line in lines:
                if kept[-1:] != [line]:
                    kept.append(line)
            with suppress(SettingsError, OSError):
                write_text(self._path, "\n".join(kept[-KEPT:]) + "\n", private=True)


def _read(path: Path) -> list[str]:
    with open_regular(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _MAX_BYTES))
        text = file.read(_MAX_BYTES).decode("utf-8", "replace")
    return [line for line in text.replace("\r\n", "\n").split("\n") if line][-KEPT:]
