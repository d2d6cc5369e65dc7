"""When the agent takes up what came, and when it writes: times, in seconds of any steady clock.

Its 3-D loop takes messages up once a frame. The part that holds the socket looks for input for
10 ms at a time, and writes only when such a look found nothing: what is sent to oftener than 100
times a second goes silent.
"""

import math

TICK = 1 / 60
"""Seconds between two frames of the 3-D loop."""

QUIET = 0.010
"""Seconds without input after which the agent writes."""

_ROUNDING = 1e-9


def next_tick(now: float) -> float:
    """The first frame of the 3-D loop after `now`."""
    return (math.floor(now / TICK + _ROUNDING) + 1) * TICK


def next_write(last_input: float, ready: float) -> float:
    """When something that is `ready` leaves, if nothing comes in after `last_input`."""
    looks = math.ceil((ready - last_input) / QUIET - _ROUNDING)
    return last_input + max(1, looks) * QUIET
