"""`mdxdash sessions`: what was recorded."""

from datetime import datetime
from pathlib import Path

import click

from mdxdash.cli.options import common_options, read_settings
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.standard_output import show, write_json
from mdxdash.cli.output.text_table import format_clock, format_size, table
from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.recordings.session_summary import SessionFile, describe
from mdxdash.recordings.sessions import recordings_directory, session_files


@click.command(name="sessions")
@common_options
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each session.")
def command(as_json: bool, config: Path | None, log_file: Path | None, verbose: bool) -> None:
    """List the recorded sessions, oldest first: when, how long, which agents, how many events."""
    settings = read_settings(config, log_file, verbose)
    directory = recordings_directory(settings.recording)
    found = list(filter(None, map(_describe, session_files(directory))))
    if as_json:
        for session in found:
            write_json(session)
    elif found:
        show(table(("STARTED", "LENGTH", "EVENTS", "SIZE", "AGENTS", "FILE"), map(_row, found)))
    else:
        report(_("nothing is recorded in {directory}").format(directory=directory))


def _describe(path: Path) -> SessionFile | None:
    try:
        return describe(path)
    except OSError as error:
        report(f"mdxdash: {path}: {error.strerror or error}")
        return None


def _row(session: SessionFile) -> tuple[str, ...]:
    return (
        _when(session.started),
        format_clock(session.seconds) + (" (running)" if session.running else ""),
        f"{session.events:,}",
        format_size(session.bytes),
        printable(", ".join(session.agents)) or "-",
        session.file,
    )


def _when(started: str) -> str:
    try:
        return datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return "?"
