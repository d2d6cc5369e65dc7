"""`mdxdash`: the dashboard."""

import gc
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mdxdash.cli.dashboards.terminal_needed import require_terminal
from mdxdash.cli.log_file import default_log_file
from mdxdash.cli.options import (
    check_record_file,
    check_recordings_folder,
    fail,
    hub_options,
    name_option,
    read_settings,
    recording_options,
)
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.reaching.hub_in_place import hub_in_place
from mdxdash.hub.address import CannotListen, mdf_lines, server_url
from mdxdash.hub.listening import listen
from mdxdash.language.translation import _

if TYPE_CHECKING:
    from mdxdash.remote.protocol import Welcome


@click.command()
@hub_options
@name_option
@recording_options
@click.option("--demo", is_flag=True, help="Show everything with the built-in stand-in agent.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    demo: bool,
    port: int | None,
    record_file: Path | None,
    log_file: Path | None,
    **options: Any,
) -> None:
    """The WebSocket server that MMDAgent-EX agents dial, with a dashboard on it."""
    if ctx.invoked_subcommand is not None:
        _refuse_misplaced_options(ctx)
        return
    require_terminal(
        _(
            "there is no terminal here (stdin, stdout and stderr must be one); "
            "`mdxdash serve` does the same without a screen"
        )
    )
    if demo and port is None:
        port = 0  # a demonstration should work beside anything else
    settings = read_settings(log_file=log_file, port=port, **options)
    if (welcome := hub_in_place(settings)) is not None:
        _ask_to_attach(welcome)
        from mdxdash.cli.commands.attach import show_attached  # noqa: PLC0415  seldom needed
        from mdxdash.cli.reaching.reached_hub import ReachedHub  # noqa: PLC0415
        from mdxdash.remote.attached.control_channel import control_opener  # noqa: PLC0415

        hub = ReachedHub(control_opener(welcome.name), welcome)
        sys.exit(show_attached(settings, hub))
    check_record_file(record_file)
    check_recordings_folder(settings.recording)  # here, since what is loaded later has no terminal
    # Nothing that is loaded for the first picture is garbage; the app goes on with collecting.
    gc.disable()
    from mdxdash.cli.dashboards.terminal_run import show_dashboard  # noqa: PLC0415
    from mdxdash.tui.app import MakeScreen  # noqa: PLC0415  Textual loads only from here on
    from mdxdash.tui.first_picture import waiting_at  # noqa: PLC0415

    try:
        listeners = listen(settings.hub)
    except CannotListen as error:
        fail(str(error))

    def load() -> MakeScreen:
        # After the first picture, which does not wait for them.
        from mdxdash.cli.dashboards.live_session import live_session  # noqa: PLC0415
        from mdxdash.tui.dashboard.screen import DashboardScreen  # noqa: PLC0415

        context = live_session(settings, demo=demo, record_file=record_file, listeners=listeners)
        return partial(DashboardScreen, context=context)

    url = f"{server_url(settings.hub, listeners.port)}{settings.hub.shown_path}"
    lines = mdf_lines(settings.hub.host, listeners.port, settings.hub.shown_path)
    code = show_dashboard(settings, load, waiting_at(url, lines))
    if code == 1:
        report(_("mdxdash: the log is {log_file}").format(log_file=log_file or default_log_file()))
    sys.exit(code)


def _ask_to_attach(welcome: "Welcome") -> None:
    """Ends the command unless the user wants to see the hub that listens there."""
    text = _("Your hub {name} listens on {url} already. Attach to it?").format(
        name=welcome.name, url=welcome.url
    )
    if not click.confirm(text, default=True, err=True):
        fail(
            _(
                "nothing was started: --port 0 takes a free port, "
                "and mdxdash hub stop {name} ends that hub"
            ).format(name=welcome.name)
        )


def _refuse_misplaced_options(ctx: click.Context) -> None:
    """Refuses `mdxdash --port 9002 serve`, which would listen on 9001: click gives an option before
    the command to the dashboard."""
    for parameter in ctx.command.params:
        source = ctx.get_parameter_source(parameter.name or "")
        if source is ParameterSource.COMMANDLINE:
            option, command = parameter.opts[-1], ctx.invoked_subcommand
            fail(
                _("{option} must come after the command: mdxdash {command} {option} …").format(
                    option=option, command=command
                )
            )
