"""What hubs of a broker say, given to a watch by hand: no broker is needed."""

from typing import Any

import msgspec

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.messages import Batch, MacroRuns, Presence, body, lines_of
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.remote.protocol import Run
from tests.support.scripted_hub import agent_state


def watch(**options: Any) -> FleetWatch:
    """Somebody who watches, and is not connected."""
    return FleetWatch(BrokerAddress.of("amqp://broker"), EventLog(), **options)


def say_presence(
    to: FleetWatch, hub: str, *agents: str, published: int = 0, at: float = 1.0, **fields: Any
) -> None:
    """A hub says that it is there, with connected agents of these names."""
    states = tuple(agent_state(name) for name in agents)
    presence = Presence(hub, "s", at, published, agents=states, url="ws://localhost:9001/chat")
    to.reception.take(body(msgspec.structs.replace(presence, **fields)))


def say_runs(to: FleetWatch, hub: str, *runs: Run, session: str = "s") -> None:
    """A hub says what runs of its macros do."""
    to.reception.take(body(MacroRuns(hub, session), lines_of(runs)))


def say_events(
    to: FleetWatch, hub: str, agent: str, first: int, *texts: str, at: float = 1.8e9
) -> None:
    """A hub publishes what an agent has said since `at`, Unix time, in a round of its own."""
    events = [
        Event(seq, at + seq, "received", agent, "SAID", text)
        for seq, text in enumerate(texts, first)
    ]
    head = Batch(hub, "s", agent, len(events), first, events[-1].seq)
    to.reception.take(body(head, json_lines(events)))
