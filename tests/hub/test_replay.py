"""Replay: the plan, and walking along it."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import Delivery
from mdxdash.hub.replay import PlannedSend, Replay, plan
from mdxdash.hub.server import HubServer
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.message import Message
from tests.support.hub_clients import raw_agent, running_hub
from tests.support.waiting import GUARD, logged


def sent(time: float, type_: str = "TEST", agent: str = "chat") -> Event:
    return Event(1, time, "sent", agent, type_)


def steps(*times: float, agents: tuple[str, ...] = ("chat",)) -> list[PlannedSend]:
    return [
        PlannedSend(time, Message("TEST", f"{time}"), agent) for time in times for agent in agents
    ]


class Receiver:
    """Stands for a hub, and notes what it is given and when."""

    def __init__(self) -> None:
        self.got: list[tuple[float, Message, str | None]] = []

    def send(self, message: Message, target: str | None) -> Delivery:
        self.got.append((asyncio.get_running_loop().time(), message, target))
        return Delivery(agents=("chat",))


def test_the_plan_has_the_sent_events_from_the_first_on() -> None:
    events = [Event(1, 1e9, "received", "chat", "A"), sent(1e9 + 5), sent(1e9 + 7.5, "STOP")]
    assert plan(events) == [
        PlannedSend(0.0, Message("TEST"), "chat"),
        PlannedSend(2.5, Message("STOP"), "chat"),
    ]


@given(st.lists(st.floats(0, 1e10)))
def test_no_step_comes_before_the_one_before_it(times: list[float]) -> None:
    found = [step.at for step in plan(map(sent, times))]
    assert found == sorted(found) and len(found) == len(times)


async def test_no_command_leaves_before_its_time_and_none_is_late_by_the_ones_before() -> None:
    receiver = Receiver()
    replay = Replay(steps(*(number * 0.02 for number in range(26))), receiver.send)
    started = asyncio.get_running_loop().time()
    await replay.run()
    for (when, _, _), step in zip(receiver.got, replay.steps, strict=True):
        assert when >= started + step.at
    assert replay.done == replay.sent == 26


async def test_speed_divides_the_times() -> None:
    assert Replay(steps(0, 10), Receiver().send, speed=4).duration == 2.5


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Replay([], Receiver().send, speed=speed)


@pytest.mark.parametrize(
    ("agents", "target", "expected"),
    [
        (("chat",), None, [None]),
        (("",), None, [None]),
        (("chat", "chat#2"), None, ["=chat", "=chat#2"]),
        (("chat", "chat#2"), "other", ["other", "other"]),
    ],
)
async def test_who_gets_it(
    agents: tuple[str, ...], target: str | None, expected: list[str | None]
) -> None:
    receiver = Receiver()
    await Replay(steps(0, agents=agents), receiver.send, target=target).run()
    assert [to for _, _, to in receiver.got] == expected


async def test_what_was_not_sent_is_counted_with_its_reason() -> None:
    answers = iter([Delivery(), Delivery(refused=("W101 empty",)), Delivery(asked=("crashes",))])
    replay = Replay(steps(0, 0, 0), lambda message, target: next(answers))
    await replay.run()
    assert (replay.sent, replay.missed) == (0, 1)
    assert replay.refused == ["TEST|0: W101 empty", "TEST|0: crashes"]


async def test_cancelled_it_stops_between_two_commands() -> None:
    receiver = Receiver()
    first = asyncio.Event()
    replay = Replay(steps(0, 3600), receiver.send, progress=first.set)
    task = asyncio.create_task(replay.run())
    await asyncio.wait_for(first.wait(), GUARD)
    assert 3500 < replay.remaining <= 3600
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() and replay.done == 1


async def test_a_connected_agent_gets_the_commands_in_order() -> None:
    async with running_hub() as hub, raw_agent(hub) as agent:
        await Replay(steps(0, 0.01, 0.02), hub.send).run()
        await logged(hub.log, lambda event: event.args == "0.02")
        received = ""
        while received.count("\n") < 3:
            received += await asyncio.wait_for(agent.recv(decode=True), GUARD)
    assert received == "TEST|0\nTEST|0.01\nTEST|0.02\n"


async def test_an_agents_name_that_is_a_group_or_a_pattern_too_hits_no_other() -> None:
    log = EventLog()
    # The path is the agent's name, and could be read as a pattern.
    async with HubServer(HubSettings(port=0, path="/c*"), log, {"c*-1": ["c*-2"]}) as hub:
        async with raw_agent(hub), raw_agent(hub, "/c*-1"), raw_agent(hub, "/c*-2"):
            await logged(log, lambda event: event.kind == "connected" and event.agent == "c*-2")
            await Replay(steps(0, agents=("c*", "c*-1")), hub.send).run()
            await logged(log, lambda event: event.kind == "sent" and event.agent == "c*-1")
            await logged(log, lambda event: event.kind == "sent" and event.agent == "c*")
        sent_to = sorted(event.agent for event in log if event.kind == "sent")
        assert sent_to == ["c*", "c*-1"]
