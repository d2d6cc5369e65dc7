"""The recordings of the real agent, played frame by frame into the hub."""

import json

import pytest

from mdxdash.wire.message import parse_message
from tests.support.hub_clients import raw_agent, received, running_hub
from tests.support.recorded import RECORDINGS


def frames(name: str) -> list[str]:
    lines = (RECORDINGS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


async def test_messages_become_as_many_events_with_exact_types_and_arguments():
    texts = frames("messages.jsonl")
    async with running_hub() as hub, raw_agent(hub) as agent:
        for text in texts:
            await agent.send(text)
        events = await received(hub.log, len(texts))
        expected = [parse_message(text.removesuffix("\n")) for text in texts]
        assert [(e.type, e.args) for e in events] == [(m.type, m.args) for m in expected]
        assert {event.kind for event in events} == {"received"}
        assert hub.agents[0].counts.received == len(texts) == 277


async def test_log_lines_become_log_events_with_module_and_level():
    texts = frames("alllog.jsonl")
    async with running_hub() as hub, raw_agent(hub) as agent:
        for text in texts:
            await agent.send(text)
        events = await received(hub.log, len(texts))
        assert len(events) == len(texts) == 555
        for text, event in zip(texts, events, strict=True):
            clock, ticks, rest = text.split("] ", 2)
            module, level, said = rest.split(": ", 2)
            assert (event.kind, event.module, event.level) == ("log", module, level)
            assert (event.agent_time, event.ticks) == (clock[1:], int(ticks[1:]))
            assert event.text == said.rstrip("\n")
            if level in ("Sent", "Captured"):
                message = parse_message(event.text)
                assert (event.type, event.args) == (message.type, message.args)
            else:
                assert event.type == ""


@pytest.mark.parametrize("name", ["messages.sent.jsonl", "alllog.sent.jsonl"])
async def test_what_was_sent_to_the_real_agent_may_be_sent(name: str):
    lines = (RECORDINGS / name).read_text(encoding="utf-8").splitlines()
    async with running_hub() as hub, raw_agent(hub):
        for line in lines:
            delivery = hub.send(parse_message(json.loads(line)["sent"]), sure=True)
            assert delivery.agents == ("chat",)
