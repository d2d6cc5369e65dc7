"""`mdxdash open`: a recording, or a log of another program, in the dashboard."""

import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from mdxdash.alerts.report import reports_directory, write_report
from mdxdash.cli.dashboards.terminal_needed import require_terminal
from mdxdash.cli.options import common_options, fail, read_settings
from mdxdash.cli.recording_argument import RECORDING_PATH, read_recording
from mdxdash.events.log import EventLog
from mdxdash.hub.recorded import RecordedHub
from mdxdash.language.translation import _, current
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.recordings.opening import STANDARD_INPUT
from mdxdash.recordings.reader import Recording
from mdxdash.recordings.sessions import recordings_directory
from mdxdash.settings.model import Settings
from mdxdash.settings.saving import save_filter, save_setting
from mdxdash.tui.app_context import AppContext

_BYTES: Final = 2 * 1024**3
"""Roughly how much memory they may take, in bytes."""

_EVENTS: Final = 2_000_000
"""Events held in memory at most; of a longer recording, the newest."""


@click.command(name="open")
@click.argument("file", metavar="[FILE]", required=False, type=RECORDING_PATH)
@click.option("-f", "--follow", is_flag=True, help="Go on with what is appended to the file.")
@click.option(
    "--compare",
    "older",
    metavar="OLD",
    type=RECORDING_PATH,
    help="Show it beside this older session, turn by turn.",
)
@common_options
def command(
    file: Path | None, follow: bool, older: Path | None, log_file: Path | None, **options: Any
) -> None:
    """Show a recording in the dashboard, read-only.

    FILE is a recording, or other text that mdxdash opens: TYPE|args a line, the log_file of
    MMDAgent-EX, the output of `mdxdash serve`, of wscat or of a browser (HAR); also compressed by
    gzip. `-` is standard input, `latest` the latest session.

    Without FILE it shows the recorded sessions: what went wrong in each, and a search across all.
    """
    if file is None:
        if follow or older is not None:
            fail(_("expected a FILE beside --follow and --compare"))
        _check_terminal()
        _browse(read_settings(log_file=log_file, **options))
        return
    recording = read_recording(file, follow=follow)
    compared_with = None if older is None else read_recording(older).path
    if str(file) in STANDARD_INPUT:
        _read_keys_from_terminal()
    _check_terminal()
    settings = read_settings(log_file=log_file, **options)
    code, _theme = _show(recording, settings, compared_with=compared_with)
    sys.exit(code)


def _show(
    recording: Recording,
    settings: Settings,
    *,
    compared_with: Path | None = None,
    at: int | None = None,
) -> tuple[int, str | None]:
    """Shows a recording until its user leaves; returns the exit code and the theme at the end. The
    other arguments are those of `RecordedScreen`."""
    from mdxdash.cli.dashboards.terminal_run import show_dashboard  # noqa: PLC0415
    from mdxdash.tui.app import MakeScreen  # noqa: PLC0415  Textual loads only here
    from mdxdash.tui.first_picture import reading  # noqa: PLC0415

    def load() -> MakeScreen:
        from mdxdash.tui.dashboard.recorded import RecordedScreen  # noqa: PLC0415  after the first picture

        return partial(RecordedScreen, context=context, hub=hub, compared_with=compared_with, at=at)

    context, hub = recorded_session(recording, settings)
    code = show_dashboard(settings, load, reading(Path(recording.name).name))
    return code, context.theme


def _check_terminal() -> None:
    require_terminal(
        _(
            "there is no terminal here (stdin, stdout and stderr must be one); "
            "`mdxdash export` and `mdxdash stats` work without"
        )
    )


def _browse(settings: Settings) -> NoReturn:
    """Shows the sessions, and the chosen one, until the list is left."""
    from mdxdash.cli.dashboards.terminal_run import check_filters, check_keys  # noqa: PLC0415
    from mdxdash.tui.sessions_app import SessionsApp  # noqa: PLC0415  Textual loads only here

    check_filters(settings)
    check_keys(settings)
    directory, theme = recordings_directory(settings.recording), settings.screen.theme
    searched, code = "", 0
    while code == 0:
        chosen = SessionsApp(
            directory,
            theme=theme,
            searched=searched,
            keys=settings.keys,
            ascii_signs=settings.screen.ascii,
        ).run()
        if chosen is None:
            break
        searched = chosen.search
        code, theme = _show(read_recording(chosen.path), settings, at=chosen.seq)
    sys.exit(code)


def _read_keys_from_terminal() -> None:
    """Makes the terminal standard input, whose content was read; without one, nothing changes."""
    if sys.platform != "win32":
        with suppress(OSError):
            terminal = os.open(os.ctermid(), os.O_RDWR)
            os.dup2(terminal, 0)
            os.close(terminal)


def recorded_session(recording: Recording, settings: Settings) -> tuple[AppContext, RecordedHub]:
    """Builds what the dashboard needs to show a recording; nothing is read yet."""
    # Who opens a recording wants to see it whole.
    log = EventLog(max(settings.log.events, _EVENTS), max(settings.log.bytes, _BYTES))
    hub = RecordedHub(recording, log)
    context = AppContext(
        log=hub.log,
        hub=hub,
        macro_file=MacroFile(settings.file),
        runner=MacroRunner(hub, hub.log, ()),
        write_report=lambda alert: write_report(reports_directory(), alert, hub, settings),
        services=[hub],
        language=current(),
        theme=settings.screen.theme,
        gap=settings.screen.gap,
        filters=dict(settings.filters),
        highlights=settings.highlights,
        keys=settings.keys,
        answer_within=settings.dialogue.answer_within,
        keep_theme=partial(save_setting, settings.file, "screen.theme"),
        keep_filter=partial(save_filter, settings.file),
        screen=settings.screen,
        keep_screen=lambda key, value: save_setting(settings.file, f"screen.{key}", value),
        now=hub.now,
        recording_file=recording.path,
        older=recording.window,
        warning=lambda: hub.problem,
    )
    return context, hub
