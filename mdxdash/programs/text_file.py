"""A text in a private file, for a program of the user to show or to change."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.settings.regular_file import read_regular

MAX_BYTES: Final = 2**20
"""The largest text that is taken back."""


class TextFile:
    """A file that only the user can read, with a text in it. Every method may block, and may raise
    OSError."""

    def __init__(self, text: str, suffix: str) -> None:
        """Writes the file. `suffix` lets an editor know what is in it: `.toml`."""
        descriptor, name = tempfile.mkstemp(suffix, "mdxdash-")
        self.path = Path(name)
        self._written = _ended(text).encode("utf-8", "replace")
        with os.fdopen(descriptor, "wb") as file:
            file.write(self._written)

    def read(self) -> str:
        """Returns what the file holds now, without the end of its last line. Raises `ValueError` if
        that is no UTF-8."""
        data = read_regular(self.path, MAX_BYTES)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValueError(N_("it is no UTF-8")) from None
        return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")

    def was_changed(self) -> bool:
        """Whether somebody has written something else into it."""
        try:
            return read_regular(self.path, MAX_BYTES) != self._written
        except FileNotFoundError:
            return False
        except OSError:  # it is larger than what was written
            return True

    def delete(self) -> None:
        """Removes it."""
        with suppress(FileNotFoundError):
            self.path.unlink()


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"
