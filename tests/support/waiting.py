"""Waiting for what another thread or process does, with a guard against hanging."""

import threading
import time
from collections.abc import Callable

GUARD = 20.0
"""Seconds after which a test that waits for something gives up."""


def until(condition: Callable[[], bool]) -> None:
    """Returns once the condition holds; fails the test when it never does."""
    deadline = time.monotonic() + GUARD
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        pause.wait(0.005)
