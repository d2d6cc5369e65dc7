"""`mdxdash attach`: the dashboard on a hub that runs already."""

import gc
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from mdxdash.cli.dashboards.terminal_needed import require_terminal
from mdxdash.cli.options import common_options, fail, read_settings
from mdxdash.cli.reaching.chosen_broker import check_broker, chosen_broker
from mdxdash.cli.reaching.reached_hub import ReachedHub, hub_elsewhere, hub_here
from mdxdash.language.translation import _
from mdxdash.remote.attached.websocket_channel import is_tap_address
from mdxdash.remote.fleet.broker_address import BrokerAddress, is_broker_address
from mdxdash.settings.model import Settings
from mdxdash.settings.quantities import parse_duration


@click.command(name="attach")
@click.argument("name", metavar="[NAME|ADDRESS]", required=False)
@click.option("--read-only", is_flag=True, help="Only look: send nothing, mark nothing.")
@click.option(
    "--tls-ca",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Trust this certificate of a hub elsewhere (wss://).",
)
@click.option("--only", metavar="HUB[/AGENT]", help="At a broker: only this hub, or agent.")
@click.option("--since", metavar="TIME", help="At a broker: begin with history, as far as 10m ago.")
@click.option("--in-browser", is_flag=True, hidden=True, help="Be a tab of `mdxdash web`.")
@common_options
def command(
    name: str | None,
    read_only: bool,
    tls_ca: Path | None,
    in_browser: bool,
    only: str | None,
    since: str | None,
    log_file: Path | None,
    **options: Any,
) -> None:
    """Show the dashboard of a hub that runs already: `mdxdash serve`, another dashboard, or a hub
    in the background.

    NAME is the hub's name, by default the only one that runs. Several dashboards may be attached at
    the same time. Leaving one costs nobody anything: the hub, its agents and its macros go on.

    ADDRESS is that of a hub elsewhere that has --tap: ws://robot:9001/tap. Its secret is asked for,
    or taken from MDXDASH_SECRET.

    Where ADDRESS is that of a broker, amqps://broker.example.org, all hubs that publish there are
    shown, their agents as room-3/chat. `mdxdash help fleet` has more.
    """
    if not in_browser:
        require_terminal(
            _(
                "there is no terminal here (stdin, stdout and stderr must be one); "
                "`mdxdash events` and `mdxdash status` work without"
            )
        )
    settings = read_settings(log_file=log_file, **options)
    if name is not None and is_broker_address(name):
        address = chosen_broker(name, settings, tls_ca)
        check_broker(address)
        sys.exit(_show_fleet(settings, address, only or "", _seconds(since), read_only=read_only))
    if only is not None or since is not None:
        fail(_("--only and --since: expected the address of a broker, amqps://…"))
    if name is not None and is_tap_address(name):
        hub = hub_elsewhere(name, settings, tls_ca)
    else:
        hub = hub_here(name)
    sys.exit(show_attached(settings, hub, read_only=read_only, in_browser=in_browser))


def show_attached(
    settings: Settings, hub: ReachedHub, *, read_only: bool = False, in_browser: bool = False
) -> int:
    """Shows the dashboard on a hub until its user leaves; returns the exit code.

    `in_browser`: whether whoever looks may be another person than the one whose files these are.
    """
    # Nothing that is loaded for the first picture is garbage; the app goes on with collecting.
    gc.disable()
    from mdxdash.cli.dashboards.attached_session import attached_session  # noqa: PLC0415
    from mdxdash.cli.dashboards.terminal_run import show_dashboard  # noqa: PLC0415
    from mdxdash.tui.app import MakeScreen  # noqa: PLC0415  Textual loads only from here on
    from mdxdash.tui.first_picture import looking_at  # noqa: PLC0415

    def load() -> MakeScreen:
        from mdxdash.tui.dashboard.attached import AttachedScreen  # noqa: PLC0415  after the first picture

        return partial(
            AttachedScreen,
            context=context,
            attachment=attachment,
            place=hub.place,
            filter_text=filter_text,
            in_browser=in_browser,
            begin_again=again.append,
        )

    again: list[str] = []
    """The filter of a dashboard that ended because its hub has begun a new session."""
    filter_text, welcome, news = "", hub.welcome, ""
    while True:
        context, attachment = attached_session(
            settings, hub.open_channel, welcome, read_only=read_only, in_browser=in_browser
        )
        if news:
            attachment.report(news)
        picture = looking_at(welcome.name, context.hub.url)
        code = show_dashboard(settings, load, picture, in_browser=in_browser)
        if not again:
            return code
        filter_text, welcome = again[0], attachment.hub.welcome
        again.clear()
        news = _("The hub was started again: these are the events that it has now.")


def _show_fleet(
    settings: Settings, address: BrokerAddress, only: str, since: float | None, *, read_only: bool
) -> int:
    """Shows all hubs of a broker until the user leaves; returns the exit code."""
    gc.disable()
    from mdxdash.cli.dashboards.fleet_session import fleet_session  # noqa: PLC0415
    from mdxdash.cli.dashboards.terminal_run import show_dashboard  # noqa: PLC0415
    from mdxdash.tui.app import MakeScreen  # noqa: PLC0415  Textual loads only from here on
    from mdxdash.tui.first_picture import looking_at  # noqa: PLC0415

    def load() -> MakeScreen:
        from mdxdash.tui.dashboard.fleet import FleetScreen  # noqa: PLC0415  after the first picture

        return partial(FleetScreen, context=context, watch=watch)

    context, watch = fleet_session(settings, address, only=only, since=since, read_only=read_only)
    return show_dashboard(settings, load, looking_at("", context.hub.url))


def _seconds(since: str | None) -> float | None:
    try:
        return None if since is None else parse_duration(since)
    except ValueError as error:
        fail(f"--since: {error}")
