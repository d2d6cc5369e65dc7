"""How long a hub without a terminal goes on."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mdxdash.cli.hosting import unattended
from mdxdash.cli.hosting.unattended import until_abandoned, until_over
from tests.support.faces import face, session_in
from tests.support.hub_clients import raw_agent
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


async def test_a_patient_one_waits_for_an_agent_all_the_same(
    clock: Callable[[list[int]], Clock],
) -> None:
    patient = clock([0, 0, 0, 0, 0])
    await asyncio.wait_for(until_abandoned(patient.agents, 2.0, patient=True), GUARD)
    assert patient.now == 2.0


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
    assert "connected (now 2)" in begin
    assert "the hub ends" in end


async def test_a_hub_that_was_released_stays_as_long_as_an_agent_or_a_face_is_there(
    tmp_path: Path,
) -> None:
    async with session_in(tmp_path, linger="50ms", recording_enabled=False) as session:
        over = asyncio.create_task(until_over(session))
        async with raw_agent(session.hub):
            async with face() as one:
                await one.ask("release")
                await asyncio.wait([over], timeout=0.15)
                assert not over.done()
            await asyncio.wait([over], timeout=0.15)
            assert not over.done()
        await asyncio.wait_for(over, GUARD)


async def test_a_hub_that_nobody_released_stays_until_it_is_stopped(tmp_path: Path) -> None:
    async with session_in(tmp_path, linger="10ms", recording_enabled=False) as session:
        over = asyncio.create_task(until_over(session))
        await asyncio.wait([over], timeout=0.05)
        assert not over.done()
        async with face(events=False) as one:
            await one.ask("stop-hub")
        await asyncio.wait_for(over, GUARD)
