"""A hub whose terminal is gone goes on as long as agents need it.

On Linux the complete MMDAgent-EX ends when it loses its connection (PROTOCOL.md, *Losing the
connection*), so a closed window, a lost SSH session or a broken pipe must not end the hub.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

_logger = logging.getLogger(__name__)

_LOOK_INTERVAL: Final = 0.5


async def until_abandoned(agents_connected: Callable[[], int], linger: float) -> None:
    """Returns when no agent has been connected for `linger` seconds; at once if none is now.

    `agents_connected` gives the number of agents that are connected at the moment.
    """
    count = agents_connected()
    if not count:
        return
    _logger.warning(
        "no terminal any more: the hub goes on for %d connected agents, until SIGTERM, "
        "or until none has been connected for %.0f s",
        count,
        linger,
    )
    last_connected = time.monotonic()
    while time.monotonic() - last_connected < linger:
        await asyncio.sleep(min(_LOOK_INTERVAL, linger))
        if agents_connected():
            last_connected = time.monotonic()
    _logger.warning("no agent has been connected for %.0f s: the hub ends", linger)
