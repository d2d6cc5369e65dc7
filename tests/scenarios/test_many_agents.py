"""Ten agents that all talk at once: whose event is whose, and who is meant by what is sent."""

import asyncio
from collections import Counter

from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.simulator import Simulator
from mdxdash.wire.message import Message
from tests.support.waiting import GUARD

AGENTS = [f"chat-{number}" for number in range(10)]
EACH = 1000
PER_SECOND = 500
BURST = 10
GROUPS = {"left": ("chat-1", "chat-2", "chat-3"), "right": ("chat-[4-6]",), "chat-7": ("chat-8",)}
MEANT = {
    None: AGENTS,
    "chat-0": ["chat-0"],
    "left": ["chat-1", "chat-2", "chat-3"],
    "right": ["chat-4", "chat-5", "chat-6"],
    "chat-7": ["chat-8"],
    "=chat-7": ["chat-7"],
    "chat-9*": ["chat-9"],
    "nobody": [],
}
"""Targets, and whom they mean."""


async def talk(simulator: Simulator, name: str) -> None:
    """Says all its lines, at its rate."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(EACH):
        if number % BURST == 0:
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - loop.time()))
        simulator.issue(f"SAID|{name}|{number}")


async def command(hub: HubServer) -> None:
    """Sends to each target in turn while everybody talks."""
    for target, meant in MEANT.items():
        delivery = hub.send(Message("COMMAND", str(target)), target)
        assert list(delivery.agents) == meant
        await asyncio.sleep(EACH / PER_SECOND / len(MEANT))


async def test_ten_agents_that_talk_at_once_are_kept_apart_and_nothing_is_lost() -> None:
    log = EventLog()
    async with asyncio.timeout(GUARD), HubServer(HubSettings(port=0), log, GROUPS) as hub:
        simulators = {name: Simulator(f"ws://localhost:{hub.port}/{name}") for name in AGENTS}
        tasks = []
        for number, simulator in enumerate(simulators.values(), 1):
            tasks.append(asyncio.create_task(simulator.run()))
            while len(hub.connected) < number:
                await asyncio.sleep(0.01)
        await asyncio.gather(
            command(hub), *(talk(simulator, name) for name, simulator in simulators.items())
        )
        commands = sum(map(len, MEANT.values()))
        while count(log) != (len(AGENTS) * EACH, commands):
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    said: dict[str, list[str]] = {name: [] for name in AGENTS}
    for event in log:
        if event.type == "SAID":
            said[event.agent].append(event.args)
    assert said == {name: [f"{name}|{number}" for number in range(EACH)] for name in AGENTS}
    sent = Counter((e.args, e.agent) for e in log if e.kind == "sent")
    assert sent == Counter((str(t), agent) for t, agents in MEANT.items() for agent in agents)
    for agent in hub.agents:
        assert agent.counts.received == EACH + agent.counts.sent
        assert agent.counts.lost == 0


def count(log: EventLog) -> tuple[int, int]:
    """How much was said by agents, and how many commands were acknowledged."""
    said = sum(event.type == "SAID" for event in log)
    acknowledged = sum(e.kind == "sent" and e.round_trip is not None for e in log)
    return said, acknowledged
