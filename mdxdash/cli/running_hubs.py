"""The running hub that a dashboard is attached to."""

import asyncio

from mdxdash.cli.options import fail
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.attached.hub_link import ask_welcome
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.protocol import PROTOCOL, Attach, Welcome
from mdxdash.remote.running_hubs import running_hubs

_LOOK = Attach(PROTOCOL, "attach", events=False)


def welcome_of(name: str | None) -> Welcome:
    """Returns what the hub of that name says of itself; None: the one that runs. Exits with code 2
    when there is none, or several and no name."""
    try:
        return asyncio.run(ask_welcome(control_opener(name or _only_name()), _LOOK))
    except OSError as error:
        fail(error.strerror or str(error))


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
