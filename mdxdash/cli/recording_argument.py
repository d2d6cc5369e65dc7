"""The argument FILE of commands that read a recording, or other text with events.

The name of a session alone, as `mdxdash sessions` lists it, means its file in its folder; `latest`
means the latest session.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from mdxdash.cli.options import fail
from mdxdash.cli.output.diagnostics import report
from mdxdash.events.event import Event
from mdxdash.filters.filter import Filter
from mdxdash.language.translation import _
from mdxdash.recordings.filtering import select
from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import Recording
from mdxdash.recordings.sessions import recordings_directory, session_files
from mdxdash.settings.model import RecordingSettings
from mdxdash.settings.resolution import resolve
from mdxdash.settings.toml_source import SettingsError

LATEST: Final = "latest"
"""The name that means the latest session."""

RECORDING_PATH: Final = click.Path(path_type=Path, dir_okay=False, allow_dash=True)

_DAMAGES_SHOWN: Final = 20
"""Damages of a file that are listed."""


def read_recording(path: Path, *, follow: bool = False) -> Recording:
    """Opens a recording, or other text with events; `-` is standard input. A name without a folder
    that is no file here may be that of a recorded session, with or without `.jsonl`. Exits with
    code 2 when that fails."""
    try:
        return open_recording(_session_file(path) or path, follow=follow)
    except RecordingError as error:
        fail(str(error))


def _session_file(path: Path) -> Path | None:
    """Returns the file of the session of that name, or of the latest one; None if there is none, or
    a file is meant."""
    if path.parent != Path() or path.exists() or str(path) == "-":
        return None
    try:
        settings = resolve({}, os.environ, None, Path.cwd()).recording
    except SettingsError:  # told by the command itself, if it reads settings
        settings = RecordingSettings()
    directory = recordings_directory(settings)
    if path.name == LATEST:
        return next(reversed(session_files(directory)), None)
    named = directory / path.name
    return next(filter(Path.is_file, (named, named.with_name(f"{named.name}.jsonl"))), None)


def read_events(recording: Recording, filter_: Filter) -> Iterator[Sequence[Event]]:
    """Yields the events that pass, as `select` does. Exits with code 2 when the file cannot be read
    any more. Raises `PatternStopped`."""
    try:
        yield from select(recording, filter_)
    except OSError as error:
        fail(f"{recording.name}: {error.strerror or error}")


def report_damages(recording: Recording) -> None:
    """Reports the first lines that `read_events` could not read, and how many there are in all."""
    for damage in recording.damages[:_DAMAGES_SHOWN]:
        position = f":{damage.position}" if damage.line else ""
        report(f"mdxdash: {recording.name}{position}: {damage.reason}")
    if len(recording.damages) > _DAMAGES_SHOWN:
        text = _("{damaged:,} lines in all could not be read").format(damaged=recording.damaged)
        report(f"mdxdash: {recording.name}: {text}")


recording_argument = click.argument(
    "recording",
    metavar="FILE",
    type=RECORDING_PATH,
    callback=lambda ctx, parameter, path: read_recording(path),
)
"""FILE, as `read_recording` opens it."""
