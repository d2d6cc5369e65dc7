"""The running hub that a dashboard is attached to."""

import asyncio

from mdxdash.cli.options import fail
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.attached.hub_link import ask_welcome
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.protocol import PROTOCOL, Attach, Welcome
from mdxdash.remote.running_hubs import hub_on_port, running_hubs
from mdxdash.settings.model import Settings

_LOOK = Attach(PROTOCOL, "attach", events=False)


def welcome_of(name: str | None) -> Welcome:
    """Returns what the hub of that name says of itself; None: the one that runs. Exits with code 2
    when there is none, or several and no name."""
    try:
        return asyncio.run(ask_welcome(control_opener(name or _only_name()), _LOOK))
    except OSError as error:
        fail(error.strerror or str(error))


def hub_in_place(settings: Settings) -> Welcome | None:
    """Returns what the hub of this user says of itself that listens on the port of these settings;
    None if there is none."""
    hub = hub_on_port(settings.hub.port) if settings.hub.port else None
    return hub.state.welcome if hub is not None and hub.state is not None else None


def attach_hint(settings: Settings) -> str:
    """Returns what follows the reason why a hub cannot listen: that it is there already."""
    welcome = hub_in_place(settings)
    return f"; `mdxdash attach {welcome.name}` shows the hub that listens there" if welcome else ""


def _only_name() -> str:
    try:
        hubs = running_hubs()
    except NoControlFolder as error:
        fail(str(error))
    if not hubs:
        fail("no hub runs; `mdxdash serve` starts one, and `mdxdash` is one with a dashboard")
    if len(hubs) > 1:
        fail(f"several hubs run: {', '.join(hub.name for hub in hubs)}; name one of them")
    return hubs[0].name
