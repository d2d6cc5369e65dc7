"""Simulated hubs that publish: `python -m tests.bench.fleet_hubs URL FIRST HUBS AGENTS PER_SECOND`.

They share connections, ten hubs one, since a machine has no room for a process each.
"""

import asyncio
import sys
import time

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.remote.fleet.addressing import EVENTS, event_key, state_key
from mdxdash.remote.fleet.batching import WaitingEvents
from mdxdash.remote.fleet.bridge import ROUND_INTERVAL
from mdxdash.remote.fleet.broker import Broker
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.messages import PRESENCE_INTERVAL, Batch, Presence, body
from tests.support.scripted_hub import agent_state

HUBS_A_CONNECTION = 10


async def hub(broker: Broker, name: str, agents: int, per_second: float) -> None:
    """Publishes as the process beside a hub does."""
    waiting = WaitingEvents(2**24)
    waiting.begin_at(1)
    states = tuple(agent_state(f"chat-{n}") for n in range(agents))
    seq, due, began = 0, 0.0, time.time()
    await asyncio.sleep(hash(name) % 100 / 100)
    while True:
        now = time.time()
        lines = []
        while seq < (now - began) * agents * per_second:
            seq += 1
            event = Event(
                seq, now, "received", f"chat-{seq % agents}", "RECOG_EVENT_STOP", "こんにちは" * 4
            )
            lines.append(json_line(event).rstrip())
        waiting.put(lines)
        while (found := waiting.take()) is not None:
            batches = found.batches()
            for part, (agent, count, data) in enumerate(batches, 1):
                head = Batch(name, "s", agent, count, found.first, found.last, part, len(batches))
                await broker.publish(EVENTS, event_key(name, agent), body(head, data))
            waiting.confirm()
        if now >= due:
            due = now + PRESENCE_INTERVAL
            presence = Presence(name, "s", now, waiting.published, agents=states)
            await broker.publish(EVENTS, state_key(name), body(presence))
        await asyncio.sleep(ROUND_INTERVAL)


async def main() -> None:
    url, first, hubs, agents, per_second = sys.argv[1:]
    address = BrokerAddress.of(url)
    async with asyncio.TaskGroup() as group:
        for start in range(int(first), int(first) + int(hubs), HUBS_A_CONNECTION):
            broker = await Broker(address, f"hubs from {start}").__aenter__()
            await broker.serve_hub(f"connection-{start}", lambda data, user: None)
            for number in range(start, start + HUBS_A_CONNECTION):
                group.create_task(hub(broker, f"room-{number}", int(agents), float(per_second)))


asyncio.run(main())
