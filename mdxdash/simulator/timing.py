"""When the agent processes input, and when it writes: times in seconds of any steady clock.

Its 3-D loop processes messages once a frame. The thread of the socket waits 10 ms for input, and
writes only when none has come: an agent that gets more than 100 frames a second sends nothing
(PROTOCOL.md, *Pace*).
"""

import math

TICK = 1 / 60
"""Seconds between two frames of the 3-D loop."""

QUIET = 0.010
"""Seconds without input after which the agent writes."""

_ROUNDING = 1e-9


def next_tick(now: float) -> float:
    """Return the time of the first frame of the 3-D loop after `now`."""
    return (math.floor(now / TICK + _ROUNDING) + 1) * TICK


def next_write(last_input: float, ready: float) -> float:
    """Return when something that is `ready` is written, if nothing comes in after `last_input`."""
    waits = math.ceil((ready - last_input) / QUIET - _ROUNDING)
    return last_input + max(1, waits) * QUIET
