"""mdxdash's own diagnostics: into a file, never across the screen."""

import logging
from pathlib import Path

import platformdirs

LOG_BYTES = 2**22
"""A log file that has grown larger is begun anew."""


class BoundedHandler(logging.FileHandler):
    """Begins the file anew where it is over `LOG_BYTES`: whoever knocks at an open port for weeks
    must not fill the disk. Not a rotating one, since Windows renames no file that another mdxdash
    has open."""

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is None:
            self.stream = self._open()
        if self.stream.tell() > LOG_BYTES:
            self.stream.truncate(0)
        super().emit(record)


def default_log_file() -> Path:
    """Where diagnostics go unless `--log-file` says otherwise."""
    return platformdirs.user_log_path("mdxdash", appauthor=False) / "mdxdash.log"


def log_to_file(path: Path | None, *, verbose: bool) -> Path:
    """Sends all logging into a file that stays bounded.

    Raises `OSError` when a file that was asked for by name cannot be written; when the default
    one cannot, there are no diagnostics.
    """
    target = path or default_log_file()
    root = logging.getLogger()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = BoundedHandler(target, encoding="utf-8")
    except OSError:
        if path is not None:
            raise
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    # Its debug output names every frame, and building it costs more than handling the frame.
    logging.getLogger("websockets").setLevel(logging.INFO)
    return target
