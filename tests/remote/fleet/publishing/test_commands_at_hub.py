"""What a command makes of the hub: an event that says who, and the requests of every face."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from mdxdash.hub.interface import Delivery
from mdxdash.remote.fleet.messages import Command
from mdxdash.remote.fleet.publishing import command_desk
from mdxdash.remote.fleet.publishing.command_desk import CommandDesk
from mdxdash.remote.fleet.publishing.commands_at_hub import CommandsAtHub
from mdxdash.remote.protocol import Answer, Fire, Note, Send, StopMacros, StopSpeech


class FakeLink:
    """A hub that answers as the test says."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[Any] = []

    def tell(self, request: msgspec.Struct) -> bool:
        self.requests.append(request)
        return True

    def ask(self, make: Callable[[int], msgspec.Struct]) -> "asyncio.Future[Answer]":
        self.requests.append(make(1))
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        future.set_result(self.answers.pop(0) if self.answers else Answer())
        return future


async def carried_out(link: FakeLink, *agents: str, **fields: Any) -> tuple[Any, CommandDesk]:
    desk = CommandDesk("room-1")
    given = {"expires_at": time.time() + 5, **fields}
    command = Command("one", "watcher", agents=agents, **given)
    at_hub = CommandsAtHub(link, desk)  # type: ignore[arg-type]
    return await at_hub.carry_out(command, "driver", 7, "room-1"), desk


@pytest.mark.parametrize(
    ("fields", "text", "asked"),
    [
        ({"line": "A|1"}, "driver: A|1 to chat", Send("A|1", "=chat", False, 1)),
        ({"line": "A|1", "sure": True}, "driver: A|1 to chat", Send("A|1", "=chat", True, 1)),
        ({"macro": "Greet"}, "driver: macro Greet", Fire("Greet", None, 1)),
        ({"stop_macro": "Greet"}, "driver: stop macro Greet", StopMacros(macro="Greet", id=1)),
        (
            {"stop_macro": "Greet", "stop_run": 7},
            "driver: stop macro Greet",
            StopMacros(run=7, id=1),
        ),
        ({"stop_speech": True}, "driver: stop speech to chat", StopSpeech("=chat", 1)),
    ],
)
async def test_it_says_who_and_asks_the_hub(fields: dict[str, Any], text: str, asked: Any):
    link = FakeLink()
    await carried_out(link, "chat", **fields)
    assert link.requests == [Note(text), asked]


async def test_many_agents_are_counted_in_its_event():
    link = FakeLink()
    await carried_out(link, *map(str, range(9)), line="A|1", person="ken at lab")
    assert link.requests[0].text == "driver (ken at lab): A|1 to 9 agents"


async def test_what_became_of_it_at_each_agent_is_answered():
    link = FakeLink(
        Answer(delivery=Delivery(("a",))),
        Answer(delivery=Delivery(refused=("b: no model",))),
        Answer(delivery=Delivery()),
        Answer(error="read-only"),
    )
    sent, desk = await carried_out(link, "a", "b", "c", "d", line="A|1")
    assert sent.delivery.agents == ("a",)
    assert sent.delivery.refused == ("b: no model", "c: it is not connected", "read-only")
    assert desk.waits  # for the echo of the one that was sent


async def test_what_expires_meanwhile_is_not_sent():
    link = FakeLink()
    sent, _ = await carried_out(link, "a", "b", line="A|1", expires_at=time.time() - 1)
    assert [type(request) for request in link.requests] == [Note]
    assert sent.delivery.refused == ("a: it has expired", "b: it has expired")


async def test_it_is_not_sent_where_too_many_echoes_are_waited_for(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(command_desk, "WATCHED_MAX", 1)
    link = FakeLink(Answer(delivery=Delivery(("chat",))))
    sent, _ = await carried_out(link, "chat", "lobby", line="SYNTH_START|0|v|a")
    assert sent.delivery.agents == ("chat",)
    assert sent.delivery.refused == ("lobby: the hub waits for too many echoes already",)
