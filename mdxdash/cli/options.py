"""Options that several commands share, and the settings read from them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from mdxdash.cli.exit_codes import USAGE
from mdxdash.cli.log_file import log_to_file
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.shown_language import take_wrong, use_language_of
from mdxdash.cli.trust_notice import waiting_settings
from mdxdash.language.translation import N_, _, localized
from mdxdash.settings.model import RecordingSettings, Settings
from mdxdash.settings.resolution import resolve
from mdxdash.settings.toml_source import SettingsError

# No import at the top of what only some commands, or some options, need: no start waits for it.
if TYPE_CHECKING:
    from mdxdash.filters.filter import Filter

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
        help="Also send what may harm an agent. What certainly would is still refused.",
    ),
    click.option(
        "--insecure",
        is_flag=True,
        default=None,
        help="Listen beyond this machine even without a secret.",
    ),
    click.option("--tls-cert", metavar="FILE", help="Certificate for wss:// (agents: port 443)."),
    click.option("--tls-key", metavar="FILE", help="Private key of the certificate."),
    click.option(
        "--exclusive",
        is_flag=True,
        default=None,
        help="One agent per path; the next one is redirected to /chat-1.",
    ),
    click.option(
        "--relay", metavar="URL", help="Pass everything through to your own server at this address."
    ),
    click.option(
        "--relay-guard",
        is_flag=True,
        default=None,
        help="Repair or hold back messages of your server that would harm an agent.",
    ),
    click.option(
        "--fleet",
        "fleet_url",
        metavar="URL",
        help="Publish at this broker (RabbitMQ), under --name; see `mdxdash help fleet`.",
    ),
    click.option(
        "--tap", is_flag=True, default=None, help="Let other programs use the agents, at /tap."
    ),
)


def _not_both(
    ctx: click.Context, parameter: click.Parameter, value: Path | bool | None
) -> Path | bool | None:
    """Refuses `--record` together with `--no-record`: the one read second sees the first."""
    others = {"record_file", "recording_enabled"} - {parameter.name}
    if value is not None and any(ctx.params.get(name) is not None for name in others):
        raise click.UsageError(_("--record and --no-record: expected only one of them"))
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
        help="Write mdxdash's own diagnostics to this file.",
    ),
    click.option("--verbose", is_flag=True, help="Write more diagnostics."),
)


def hub_options(function: F) -> F:
    """Adds the options that configure a hub, and `common_options`."""
    for option in reversed((*_HUB, *_COMMON)):
        function = option(function)
    return function


def address_options(*more: str) -> Callable[[F], F]:
    """Returns what adds `--host`, `--port`, `--path` and `common_options`, for a command that needs
    no more of a hub than where agents dial it.

    Args:
        more: Further options of a hub that concern the command: `--tls-cert`.

    The other options of a hub are taken, as they were before, and not shown: they do nothing here,
    and scripts may give them.
    """
    shown = {"--host", "--port", "--path", *more}

    def add(function: F) -> F:
        function = common_options(function)
        for option in reversed(_HUB):
            function = option(function)
            parameter: click.Option = function.__click_params__[-1]  # type: ignore[attr-defined]
            parameter.hidden = not shown.intersection(parameter.opts)
        return function

    return add


def name_option(function: F) -> F:
    """Adds `--name`, for a command that hosts agents as long as it is not stopped."""
    text = N_("Name of the hub, by which other commands find it.  [default: main, else main-2 …]")
    return click.option("--name", help=text)(function)


def recording_options(function: F) -> F:
    """Adds `--record` and `--no-record`."""
    for option in reversed(_RECORDING):
        function = option(function)
    return function


def common_options(function: F) -> F:
    """Adds `--config`, `--log-file` and `--verbose`."""
    for option in reversed(_COMMON):
        function = option(function)
    return function


def read_filter(text: str) -> "Filter":
    """Parses the filter of `--filter`. Exits with code 2 when it is invalid."""
    from mdxdash.filters.filter import FilterError, parse  # noqa: PLC0415  see above

    try:
        return parse(text)
    except FilterError as error:
        fail(f"--filter: {error}")


def read_settings(
    config: Path | None, log_file: Path | None, verbose: bool, **options: object
) -> Settings:
    """Resolves the settings of this run, and starts logging to the log file. Exits with code 2, and
    what was expected, when a setting is invalid. Reports what takes no effect, since its file is
    not trusted."""
    take_wrong()  # the same is reported here
    try:
        settings = resolve(options, os.environ, config, Path.cwd())
    except SettingsError as error:
        fail(str(error))
    use_language_of(settings)
    if settings.origin("fleet.url").kind == "option" and _has_password(settings.fleet.url or ""):
        fail(
            _(
                "--fleet: a password does not belong into a command line, where every user of this "
                "machine sees it: set MDXDASH_FLEET_URL, or MDXDASH_FLEET_CREDENTIALS to a file "
                "with "
                "NAME:PASSWORD"
            )
        )
    try:
        log_to_file(log_file, verbose=verbose)
    except OSError as error:
        fail(f"--log-file {log_file}: {error.strerror or error}")
    for line in waiting_settings(settings):
        report(f"mdxdash: {line}")
    return settings


def check_record_file(file: Path | None) -> None:
    """Exits with code 2 when the file of `--record` cannot be recorded into."""
    if file is None:
        return
    from mdxdash.recordings.journal_file import JournalFile  # noqa: PLC0415  see above

    journal_file = JournalFile(file)
    try:
        journal_file.open()
        journal_file.close()
        journal_file.remove_empty()
    except OSError as error:
        fail(f"--record {file}: {error.strerror or error}")


def check_recordings_folder(settings: RecordingSettings) -> None:
    """Exits with code 2 when `[recording] directory` names the home folder of nobody."""
    if settings.directory is None:
        return
    from mdxdash.recordings.sessions import recordings_directory  # noqa: PLC0415  see above
    from mdxdash.settings.user_path import path_problem  # noqa: PLC0415  see above

    try:
        recordings_directory(settings)
    except OSError as error:
        fail(_("[recording] directory: {problem}").format(problem=path_problem(error)))


def _has_password(broker: str) -> bool:
    from mdxdash.remote.fleet.broker_address import has_password  # noqa: PLC0415  see above

    return has_password(broker)


def fail(message: str) -> NoReturn:
    """Prints why the command cannot start, and exits with code 2."""
    report(f"mdxdash: {localized(message)}")
    sys.exit(USAGE)
