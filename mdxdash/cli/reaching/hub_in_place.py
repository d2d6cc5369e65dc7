"""The hub of this user that listens already where another one would."""

from typing import TYPE_CHECKING

from mdxdash.language.translation import _
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.control_socket import hub_addresses
from mdxdash.settings.model import Settings

if TYPE_CHECKING:
    from mdxdash.remote.protocol import Welcome


def hub_in_place(settings: Settings) -> "Welcome | None":
    """Returns what the hub of this user says of itself that listens on the port of these settings;
    None if there is none."""
    try:
        if not settings.hub.port or not hub_addresses():
            return None
    except NoControlFolder:
        return None
    # Only now: no start without another hub waits for it.
    from mdxdash.remote.running_hubs import hub_on_port  # noqa: PLC0415

    hub = hub_on_port(settings.hub.port)
    return hub.state.welcome if hub is not None and hub.state is not None else None


def attach_hint(settings: Settings) -> str:
    """Returns what follows the reason why a hub cannot listen: that it is there already."""
    welcome = hub_in_place(settings)
    return (
        _("; `mdxdash attach {name}` shows the hub that listens there").format(name=welcome.name)
        if welcome
        else ""
    )
