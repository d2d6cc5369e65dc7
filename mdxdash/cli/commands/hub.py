"""`mdxdash hub`: hubs that run in the background, without a screen and without a terminal."""

import sys
import time
from pathlib import Path
from typing import Any

import click
import msgspec
from click.core import ParameterSource

from mdxdash.cli.command_group import CommandGroup
from mdxdash.cli.hosting.background_hub import NotStarted, run_hub, start_process
from mdxdash.cli.hosting.event_loop import hub_loop
from mdxdash.cli.hosting.session_start import new_session
from mdxdash.cli.log_file import default_log_file
from mdxdash.cli.options import (
    check_record_file,
    fail,
    hub_options,
    name_option,
    read_settings,
    recording_options,
)
from mdxdash.cli.output.diagnostics import in_background, report
from mdxdash.cli.output.standard_output import show, write_json
from mdxdash.cli.output.text_table import table
from mdxdash.cli.reaching.hub_in_place import attach_hint
from mdxdash.cli.reaching.running_hub import chosen_hub, connected, failed
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.hub.address import CannotListen
from mdxdash.language.translation import _
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.control_socket import HubAddress, NoSuchHub
from mdxdash.remote.handover.giving import own_command
from mdxdash.remote.handover.held import keeper_of, start_hub_again
from mdxdash.remote.protocol import Restart, StopHub
from mdxdash.remote.running_hubs import RunningHub, running_hubs
from mdxdash.remote.shell_client import HubGone, Refused, ShellClient, first_line
from mdxdash.settings.model import Settings, all_settings
from mdxdash.settings.rereading import Rereading

_RESTART_TIMEOUT = 90.0
"""Seconds that a new process may take to load everything and take over."""

_LOOK_INTERVAL = 0.2
"""Seconds between two looks whether a hub that was started answers."""

_STOP_TIMEOUT = 10.0
"""Seconds that a hub may take to end its connections and its recording."""


class HubListed(msgspec.Struct, frozen=True):
    """A running hub in `mdxdash hub list --json`."""

    name: str
    pid: int
    mdxdash: str
    url: str
    agents: tuple[str, ...]
    """Those that are connected."""
    attached: tuple[str, ...]
    problem: str = ""
    """Why it does not answer; then all but its name is missing."""


@click.group(name="hub", cls=CommandGroup)
def command() -> None:
    """Hubs in the background: agents stay connected whatever becomes of a terminal.

    `mdxdash attach` opens the dashboard of a running hub, `mdxdash status`, `send` and `events` are
    for the shell. A dashboard and `mdxdash serve` are running hubs too.
    """


@command.command()
@hub_options
@name_option
@recording_options
@click.option(
    "--macro",
    "macros",
    multiple=True,
    metavar="NAME",
    help="Run this macro of the settings file from the beginning; may be repeated.",
)
@click.option("--foreground", is_flag=True, help="Stay in the foreground, as systemd wants it.")
@click.option("--detached", is_flag=True, hidden=True)
@click.pass_context
def start(
    ctx: click.Context,
    /,
    macros: tuple[str, ...],
    foreground: bool,
    detached: bool,
    record_file: Path | None,
    **options: Any,
) -> None:
    """Start a hub in the background. It runs until `mdxdash hub stop`.

    Macros run in it as in the dashboard: those with `on` when their event arrives, and those of
    --macro from the beginning.
    """
    settings = read_settings(**options)
    check_record_file(record_file)
    if not (foreground or detached):
        _start_in_background(ctx, settings)
        return
    make_loop = hub_loop(tls=settings.hub.has_tls)
    session = new_session(settings, record_file=record_file, named=macros)
    log_file = options["log_file"] or default_log_file()
    try:
        with in_background():
            work = run_hub(session, checks=bool(macros), log_file=log_file if detached else None)
            run_until_signal(work, make_loop)
    except Interrupted:
        return
    except CannotListen as error:
        fail(f"{error}{attach_hint(settings)}")
    except NotStarted as error:
        fail(str(error))


def _start_in_background(ctx: click.Context, settings: Settings) -> None:
    arguments, environment = _given(ctx)
    try:
        hub = start_process(["hub", "start", "--detached", *arguments], environment)
    except NotStarted as error:
        report(str(error).rstrip("\n"))
        sys.exit(error.code)
    except NoControlFolder as error:
        fail(str(error))
    assert hub.state is not None
    welcome = hub.state.welcome
    show(
        _("hub {name} listens on {url} (PID {pid}). An agent's .mdf needs:").format(
            name=hub.name, url=welcome.url, pid=welcome.pid
        )
    )
    for line in welcome.mdf_lines:
        show(f"  {line}")
    if settings.hub.secret is not None:
        show(_("(`mdxdash mdf` prints them with the secret)"))
    show(
        _("`mdxdash status --name {name}` shows it, `mdxdash hub stop {name}` ends it").format(
            name=hub.name
        )
    )


def _given(ctx: click.Context) -> tuple[list[str], dict[str, str]]:
    """Returns the options that were given, as arguments for the new process, and as variables what
    must not be seen in a list of processes."""
    private = {each.argument: each.variable for each in all_settings() if each.about.private}
    arguments: list[str] = []
    environment: dict[str, str] = {}
    for option in ctx.command.params:
        assert isinstance(option, click.Option) and option.name is not None
        if ctx.get_parameter_source(option.name) is not ParameterSource.COMMANDLINE:
            continue
        value = ctx.params[option.name]
        if option.name in private:
            environment[private[option.name]] = str(value)
        elif option.is_flag:
            arguments.append(option.opts[0])
        elif option.multiple:
            arguments += [part for each in value for part in (option.opts[0], each)]
        else:
            arguments += [option.opts[0], str(value)]
    return arguments, environment


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each hub.")
def list_(as_json: bool) -> None:
    """List the hubs of this user that run on this machine."""
    try:
        hubs = [*map(_listed, running_hubs())]
    except NoControlFolder as error:
        fail(str(error))
    if as_json:
        for hub in hubs:
            write_json(hub)
    elif hubs:
        show(table(("NAME", "PID", "VERSION", "ADDRESS", "AGENTS", "ATTACHED"), map(_row, hubs)))
    else:
        report(_("no hub runs; `mdxdash hub start` starts one"))


def _listed(hub: RunningHub) -> HubListed:
    if hub.state is None:
        return HubListed(hub.name, 0, "", "", (), (), hub.problem)
    welcome = hub.state.welcome
    agents = tuple(agent.name for agent in hub.state.agents if agent.state != "gone")
    faces = hub.state.hub.faces
    return HubListed(hub.name, welcome.pid, welcome.mdxdash, welcome.url, agents, faces)


def _row(hub: HubListed) -> tuple[str, ...]:
    if hub.problem:
        return (hub.name, "-", "-", hub.problem, "-", "-")
    agents, attached = ", ".join(hub.agents) or "-", ", ".join(hub.attached) or "-"
    return (hub.name, f"{hub.pid}", hub.mdxdash, hub.url, agents, attached)


@command.command()
@click.argument("name", required=False)
@click.option("--yes", is_flag=True, help="End it also while agents are connected.")
def stop(name: str | None, yes: bool) -> None:
    """End a hub: the one of this NAME, or the one that runs.

    On Linux the complete MMDAgent-EX ends when it loses its connection, so a hub with agents is
    ended only with --yes.
    """
    with connected(chosen_hub(name), first_line("hub")) as client:
        try:
            client.ask(StopHub(sure=yes))
        except Refused as error:
            failed(
                _("the hub {name} goes on: {error} (--yes ends it all the same)").format(
                    name=client.welcome.name, error=error
                )
            )
        try:
            client.wait_until_gone(_STOP_TIMEOUT)
        except TimeoutError:
            failed(
                _("the hub {name} did not end within {seconds:.0f} s").format(
                    name=client.welcome.name, seconds=_STOP_TIMEOUT
                )
            )
        show(_("the hub {name} has ended").format(name=client.welcome.name))


@command.command()
@click.argument("name", required=False)
def restart(name: str | None) -> None:
    """Let the installed mdxdash take over a hub: the one of this NAME, or the one that runs.

    Its agents stay connected, macros go on where they are, and the recording in its file. The
    settings are read again: the same file, with the options and environment variables of the start.
    What agents are connected by (port, secret, TLS, --relay, --tap) stays until the hub is stopped.
    When the new process cannot start, is of a version that cannot take over, or finds an error in
    the file, the hub stays as it is.

    A hub that died too often, and whose agents are held meanwhile, is started again.
    """
    address = chosen_hub(name)
    if (keeper := keeper_of(address)) is not None:
        _start_for_held(address, keeper)
        return
    with connected(address, first_line("hub")) as client:
        before = client.welcome
        try:
            found = client.ask(Restart(own_command(), 0), _RESTART_TIMEOUT).settings
        except Refused as error:
            failed(
                _("the hub {name} stays as it was (PID {pid}): {error}").format(
                    name=before.name, pid=before.pid, error=error
                )
            )
    with connected(address, first_line("hub")) as client:
        now = client.welcome
    versions = now.mdxdash if now.mdxdash == before.mdxdash else f"{before.mdxdash} → {now.mdxdash}"
    show(
        _("hub {name} goes on, mdxdash {versions} (PID {pid} → {new_pid})").format(
            name=now.name, versions=versions, pid=before.pid, new_pid=now.pid
        )
    )
    if found is not None:  # the hub before was a version that does not read them
        _show_settings(found)


def _show_settings(found: Rereading) -> None:
    """Shows what reading the settings again has changed."""
    changed = ", ".join(found.changed)
    show(
        _("settings read again, changed: {changed}").format(changed=changed)
        if changed
        else _("settings read again: nothing changed")
    )
    if found.lasting:
        show(
            _("unchanged until `mdxdash hub stop` and a new start: {lasting}").format(
                lasting=", ".join(found.lasting)
            )
        )
    if found.waiting:
        show(
            _("without effect until `mdxdash trust`: {waiting}").format(
                waiting=", ".join(found.waiting)
            )
        )


def _start_for_held(address: HubAddress, keeper: int) -> None:
    """Has a hub started for the agents that a keeper holds."""
    try:
        start_hub_again(keeper)
    except OSError as error:  # its agents have gone, and it with them
        reason = error.strerror or str(error)
        failed(_("the hub {name}: {error}").format(name=address.name, error=reason))
    end = time.monotonic() + _RESTART_TIMEOUT
    while keeper_of(address) is not None and time.monotonic() < end:
        time.sleep(_LOOK_INTERVAL)
    while True:
        try:
            with ShellClient(address, first_line("hub")) as client:
                text = _("the hub {name} runs again (PID {pid})")
                show(text.format(name=client.welcome.name, pid=client.welcome.pid))
                return
        except (NoSuchHub, Refused, HubGone, OSError) as error:
            if time.monotonic() > end or keeper_of(address) is not None:
                failed(_("the hub {name}: {error}").format(name=address.name, error=error))
            time.sleep(_LOOK_INTERVAL)
