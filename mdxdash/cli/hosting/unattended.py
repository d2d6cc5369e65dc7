"""A hub whose terminal is gone goes on as long as agents need it.

On Linux the complete MMDAgent-EX ends when it loses its connection (PROTOCOL.md, *Losing the
connection*), so a closed window, a lost SSH session or a broken pipe must not end the hub.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

from mdxdash.remote.beside.first_done import first_done
from mdxdash.remote.hub_session import HubSession

_logger = logging.getLogger(__name__)

_LOOK_INTERVAL: Final = 0.5


async def until_over(session: HubSession, alone: Coroutine[Any, Any, None] | None = None) -> None:
    """Returns when a hub without a screen is to end.

    That is when a face stops it. Once a face has released it, or `alone` has returned, it is also
    when no agent has been connected, and no face attached, for the `linger` of the settings.
    """

    def connections() -> int:
        return len(session.hub.connected) + len(session.faces.names)

    async def left_alone() -> None:
        waits = [session.released.wait(), *([alone] if alone is not None else [])]
        await first_done(*waits)
        # An agent of a hub that was left behind may be on its way back.
        patient = session.released.is_set()
        await until_abandoned(connections, session.settings.hub.linger, patient=patient)

    await first_done(session.stop_wanted.wait(), left_alone())


async def until_abandoned(
    connections: Callable[[], int], linger: float, *, patient: bool = False
) -> None:
    """Returns when nothing has been connected for `linger` seconds; at once if nothing is now,
    unless it is `patient`. `connections` gives the number of agents and of dashboards in other
    processes that are connected at the moment."""
    count = connections()
    if not (count or patient):
        return
    _logger.warning(
        "this hub goes on by itself, for agents and dashboards that are connected (now %d), until "
        "SIGTERM, or until none has been there for %.0f s",
        count,
        linger,
    )
    last_connected = time.monotonic()
    while time.monotonic() - last_connected < linger:
        await asyncio.sleep(min(_LOOK_INTERVAL, linger))
        if connections():
            last_connected = time.monotonic()
    _logger.warning("none has been connected for %.0f s: the hub ends", linger)
