"""`mdxdash open`: a recording, or a log of another program, in the dashboard."""

import sys
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from mdxdash.cli.dashboard_session import language
from mdxdash.cli.options import common_options, fail, read_settings
from mdxdash.cli.recording_argument import recording_argument
from mdxdash.events.log import EventLog
from mdxdash.hub.recorded import RecordedHub
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.recordings.reader import Recording
from mdxdash.settings.model import Settings
from mdxdash.settings.resolution import save_setting
from mdxdash.tui.app_context import AppContext

_BYTES: Final = 2 * 1024**3
"""Roughly how much memory they may take, in bytes."""

_EVENTS: Final = 2_000_000
"""Events held in memory at most; of a longer recording, the newest."""


@click.command(name="open")
@recording_argument
@common_options
def command(recording: Recording, log_file: Path | None, **options: Any) -> None:
    """Show a recording in the dashboard, read-only.

    FILE is a recording, or other text that mdxdash opens: TYPE|args a line, the log_file of
    MMDAgent-EX, the output of `mdxdash serve`.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        fail(
            "there is no terminal here (stdin, stdout and stderr must be one); "
            "`mdxdash export` and `mdxdash stats` work without"
        )
    settings = read_settings(log_file=log_file, **options)
    from mdxdash.cli.dashboard_run import run_dashboard  # noqa: PLC0415
    from mdxdash.tui.recorded_app import RecordedApp  # noqa: PLC0415  Textual loads only here

    app = RecordedApp(*recorded_session(recording, settings))
    sys.exit(run_dashboard(app, settings.hub.linger))


def recorded_session(recording: Recording, settings: Settings) -> tuple[AppContext, RecordedHub]:
    """Builds what the dashboard needs to show a recording; nothing is read yet."""
    # Who opens a recording wants to see it whole.
    log = EventLog(max(settings.log.events, _EVENTS), max(settings.log.bytes, _BYTES))
    hub = RecordedHub(recording, log)
    context = AppContext(
        log=hub.log,
        hub=hub,
        macro_file=MacroFile(settings.file),
        services=[hub],
        language=language(),
        theme=settings.screen.theme,
        keep_theme=partial(save_setting, settings.file, "screen.theme"),
        now=hub.now,
        recording_file=recording.path,
        older=recording.window,
        warning=lambda: hub.problem,
    )
    return context, hub
