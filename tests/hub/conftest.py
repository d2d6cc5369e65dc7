"""Runs the tests of connections on both event loops that a hub may have."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

ON_EACH_LOOP: Final = frozenset(
    {"test_adoption.py", "test_agent.py", "test_bounded_reads.py", "test_connection.py"}
)

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def uvloops() -> asyncio.AbstractEventLoop:
    uvloop: Any = pytest.importorskip(
        "uvloop", reason="uvloop is not installed (pip install '.[fast]')"
    )
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, LoopFactory]:
    """For pytest-asyncio: the loops on which a test runs, by name."""
    found: dict[str, LoopFactory] = {"asyncio": asyncio.new_event_loop}
    if item.path.name in ON_EACH_LOOP:
        found["uvloop"] = uvloops
    return found
