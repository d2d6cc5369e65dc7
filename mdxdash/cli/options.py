"""Options that several commands share, and the settings that come of them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import click

from mdxdash.cli.log_file import log_to_file
from mdxdash.filters.filter import Filter, FilterError, parse
from mdxdash.recordings.journal_file import JournalFile
from mdxdash.settings.resolution import Settings, resolve
from mdxdash.settings.toml_source import SettingsError

TARGET_HELP: Final = "a name, pattern or group; =NAME is that agent alone"

F = TypeVar("F", bound=Callable[..., Any])

_HUB = (
    click.option("--host", help="Address to listen on.  [default: localhost]"),
    click.option(
        "--port", type=int, help="Port to listen on; 0 takes a free one.  [default: 9001]"
    ),
    click.option("--path", help="Path that agents dial.  [default: /chat]"),
    click.option(
        "--unsafe",
        is_flag=True,
        default=None,
        help="Send also what may harm an agent; what would is refused all the same.",
    ),
    click.option(
        "--insecure",
        is_flag=True,
        default=None,
        help="Listen on other addresses than loopback also without a secret.",
    ),
    click.option("--tls-cert", metavar="FILE", help="Certificate for wss:// (agents: port 443)."),
    click.option("--tls-key", metavar="FILE", help="Private key of the certificate."),
    click.option(
        "--exclusive",
        is_flag=True,
        default=None,
        help="One agent a path; the next is told to go on to /chat-1.",
    ),
    click.option(
        "--relay", metavar="URL", help="Pass everything through to your own server at this address."
    ),
    click.option(
        "--relay-guard",
        is_flag=True,
        default=None,
        help="Repair what your server sends and would harm an agent, or hold it back.",
    ),
    click.option(
        "--tap", is_flag=True, default=None, help="Let other programs share the agents, at /tap."
    ),
)


def _not_both(
    ctx: click.Context, parameter: click.Parameter, value: Path | bool | None
) -> Path | bool | None:
    """Refuses `--record` with `--no-record`; whichever is read second sees the first."""
    others = {"record_file", "recording_enabled"} - {parameter.name}
    if value is not None and any(ctx.params.get(name) is not None for name in others):
        raise click.UsageError("--record and --no-record: expected only one of them")
    return value


_RECORDING = (
    click.option(
        "--record",
        "record_file",
        callback=_not_both,
        type=click.Path(path_type=Path, dir_okay=False),
        help="Record into this file.  [default: a new one in the user's data directory]",
    ),
    click.option(
        "--no-record",
        "recording_enabled",
        callback=_not_both,
        type=bool,
        flag_value=False,
        default=None,
        help="Record nothing.",
    ),
)
_COMMON = (
    click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Settings and macros.  [default: ./mdxdash.toml, else the user's]",
    ),
    click.option(
        "--log-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Where mdxdash's own diagnostics go.",
    ),
    click.option("--verbose", is_flag=True, help="Write more diagnostics."),
)


def hub_options(function: F) -> F:
    """What is needed to run a hub, or to say where it is, and `common_options`."""
    for option in reversed((*_HUB, *_COMMON)):
        function = option(function)
    return function


def recording_options(function: F) -> F:
    """`--record --no-record`."""
    for option in reversed(_RECORDING):
        function = option(function)
    return function


def common_options(function: F) -> F:
    """`--config --log-file --verbose`."""
    for option in reversed(_COMMON):
        function = option(function)
    return function


def read_filter(text: str) -> Filter:
    """The filter of `--filter`. A mistake ends the program with code 2."""
    try:
        return parse(text)
    except FilterError as error:
        fail(f"--filter: {error}")


def read_settings(
    config: Path | None, log_file: Path | None, verbose: bool, **options: object
) -> Settings:
    """The settings of this run, with the diagnostics on their way into their file. A mistake ends
    the program with code 2 and what was expected."""
    try:
        settings = resolve(options, os.environ, config, Path.cwd())
    except SettingsError as error:
        fail(str(error))
    try:
        log_to_file(log_file, verbose=verbose)
    except OSError as error:
        fail(f"--log-file {log_file}: {error.strerror or error}")
    return settings


def check_record_file(file: Path | None) -> None:
    """Ends the program when what `--record` names cannot be recorded into."""
    if file is None:
        return
    journal_file = JournalFile(file)
    try:
        journal_file.open()
        journal_file.close()
        journal_file.remove_empty()
    except OSError as error:
        fail(f"--record {file}: {error.strerror or error}")


def fail(message: str) -> NoReturn:
    """Ends the program, since nothing can start."""
    click.echo(f"mdxdash: {message}", err=True)
    sys.exit(2)
