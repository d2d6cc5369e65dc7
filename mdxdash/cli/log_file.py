"""Sends what mdxdash logs (Python's `logging`) into a file: on the screen it would destroy the
dashboard. What a user must read at once is reported (`output.diagnostics`)."""

import errno
import logging
import os
from io import TextIOWrapper
from pathlib import Path

import platformdirs

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.settings.regular_file import check_regular, is_special, make_private_folder

LOG_BYTES = 2**22
"""The size in bytes at which a log file starts again from empty."""


class BoundedFileHandler(logging.FileHandler):
    """Empties its file when that has grown over `LOG_BYTES`, so that weeks of refused connections
    cannot fill the disk. `RotatingFileHandler` would not do: it renames the file, and Windows
    cannot rename a file that another mdxdash has open. Raises `OSError` for what is no regular
    file: a pipe that nobody reads would stop the program."""

    def _open(self) -> TextIOWrapper:
        if is_special(Path(self.baseFilename)):
            raise OSError(errno.EINVAL, _("it is not a regular file"))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
        # It names agents and addresses, so only this user reads it.
        descriptor = os.open(self.baseFilename, flags, 0o600)
        try:
            check_regular(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return os.fdopen(descriptor, "a", encoding=self.encoding, errors=self.errors)

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is None:
            self.stream = self._open()
        if self.stream.tell() > LOG_BYTES:
            self.stream.truncate(0)
        super().emit(record)


class PrintableFormatter(logging.Formatter):
    """Makes text of others printable: a log file is read in a terminal. Further lines of an entry
    are indented, so that none can pass for an entry of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the entry, without the newline at its end."""
        return "\n    ".join(map(printable, super().format(record).split("\n")))


def default_log_file() -> Path:
    """Returns the log file of this user, which `--log-file` overrides."""
    return platformdirs.user_log_path("mdxdash", appauthor=False) / "mdxdash.log"


def log_file_in_use() -> Path | None:
    """Returns the file into which this process logs; None if it logs nowhere."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, BoundedFileHandler):
            return Path(handler.baseFilename)
    return None


def log_to_file(path: Path | None, *, verbose: bool) -> Path:
    """Sends all logging into a file of bounded size, and returns that file.

    Raises `OSError` when `path` cannot be written. When the default file cannot be written, nothing
    is logged.
    """
    target = path or default_log_file()
    root = logging.getLogger()
    try:
        make_private_folder(target.parent)
        handler: logging.Handler = BoundedFileHandler(target, encoding="utf-8")
        if path is None:
            target.chmod(0o600)  # earlier versions made it for everybody
    except OSError:
        if path is not None:
            raise
        handler = logging.NullHandler()
    handler.setFormatter(PrintableFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    # Its debug output names every frame, and building it costs more than handling the frame.
    logging.getLogger("websockets").setLevel(logging.INFO)
    return target
