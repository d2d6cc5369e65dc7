"""The argument FILE of commands that read a recording, or other text with events."""

from pathlib import Path

import click

from mdxdash.cli.options import fail
from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import Recording


def read_recording(path: Path) -> Recording:
    """Opens a recording, or other text with events. Exits with code 2 when that fails."""
    try:
        return open_recording(path)
    except RecordingError as error:
        fail(str(error))


recording_argument = click.argument(
    "recording",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=lambda ctx, parameter, path: read_recording(path),
)
"""FILE, as `read_recording` opens it."""
