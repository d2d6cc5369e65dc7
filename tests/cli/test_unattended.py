"""How long a hub without a terminal goes on."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from mdxdash.cli import unattended
from mdxdash.cli.unattended import until_abandoned
from tests.support.waiting import GUARD


class Clock:
    """A clock that a sleep sets forward, with the numbers of agents at each look."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, counts: Iterator[int]) -> None:
        self.now = 0.0
        self.counts = counts

        async def sleep(seconds: float) -> None:
            self.now += seconds

        monkeypatch.setattr(unattended.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(unattended.asyncio, "sleep", sleep)

    def agents(self) -> int:
        return next(self.counts)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[int]], Clock]:
    return lambda counts: Clock(monkeypatch, iter(counts))


async def abandoned(clock: Clock, linger: float) -> float:
    """Returns the seconds after which the hub ends."""
    await asyncio.wait_for(until_abandoned(clock.agents, linger), GUARD)
    return clock.now


async def test_without_an_agent_it_ends_at_once(clock: Callable[[list[int]], Clock]) -> None:
    assert await abandoned(clock([0]), 60.0) == 0.0


async def test_it_ends_when_no_agent_was_connected_for_the_time_given(
    clock: Callable[[list[int]], Clock],
) -> None:
    assert await abandoned(clock([1, 1, 1, 0, 0, 0, 0]), 2.0) == 3.0


async def test_an_agent_that_comes_back_in_time_keeps_it(
    clock: Callable[[list[int]], Clock],
) -> None:
    assert await abandoned(clock([1, 0, 0, 0, 1, 0, 0, 0, 0]), 2.0) == 4.0


async def test_a_time_shorter_than_a_look_is_kept(clock: Callable[[list[int]], Clock]) -> None:
    assert await abandoned(clock([1, 0]), 0.25) == 0.25


async def test_it_is_logged_why_it_goes_on_and_why_it_ends(
    clock: Callable[[list[int]], Clock], caplog: pytest.LogCaptureFixture
) -> None:
    await abandoned(clock([2, 0]), 0.5)
    begin, end = caplog.messages
    assert "it goes on for 2 connections" in begin
    assert "the hub ends" in end
