"""mdxdash's own diagnostics: into a file, never across the screen."""

import logging
from pathlib import Path

import platformdirs

LOG_BYTES = 2**22
"""A log file that is larger when mdxdash starts is begun anew."""


def default_log_file() -> Path:
    """Where diagnostics go unless `--log-file` says otherwise."""
    return platformdirs.user_log_path("mdxdash", appauthor=False) / "mdxdash.log"


def log_to_file(path: Path | None, *, verbose: bool) -> Path:
    """Sends all logging into a file, which begins anew when it has grown over `LOG_BYTES`.

    Raises `OSError` when a file that was asked for by name cannot be written; when the default
    one cannot, there are no diagnostics.
    """
    target = path or default_log_file()
    root = logging.getLogger()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Not a rotating one: Windows renames no file that another mdxdash has open.
        if target.exists() and target.stat().st_size > LOG_BYTES:
            target.write_bytes(b"")
        handler: logging.Handler = logging.FileHandler(target, encoding="utf-8")
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
