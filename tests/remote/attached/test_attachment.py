"""A session on a hub in another process, kept up over broken connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import Delivery
from mdxdash.remote.attached.attachment import Attachment
from mdxdash.remote.protocol import (
    Agents,
    Answer,
    Behind,
    HubState,
    Macros,
    Mark,
    Marked,
    Read,
    Run,
    Send,
    Welcome,
)
from mdxdash.wire.message import Message, parse_message
from tests.support.scripted_hub import ScriptedHub, agent_state, said, scripted_hub, welcome
from tests.support.waiting import eventually


@asynccontextmanager
async def attached(
    first: Welcome = welcome(),  # noqa: B008
) -> AsyncIterator[tuple[Attachment, ScriptedHub]]:
    async with scripted_hub() as hub:
        async with Attachment(hub.open, first, EventLog(), read_only=first.read_only) as here:
            yield here, hub


async def test_the_tail_is_asked_for_and_shown_with_its_numbers():
    async with attached(welcome(next_seq=50_001)) as (here, hub):
        face = await hub.face()
        assert (await face.attached(welcome(first_sent=30_001, next_seq=50_001))).after == 30_000
        face.send_events([said(30_001), said(30_002)])
        await eventually(lambda: len(here.log) == 2)
        assert here.log.first_seq == 30_001


async def test_over_a_broken_connection_no_event_is_missing_or_doubled():
    async with attached() as (here, hub):
        seen: list[int] = []
        here.log.subscribe(lambda event: seen.append(event.seq))
        face = await hub.face()
        await face.attached(welcome())
        face.send_events([said(1), said(2), said(3)])
        await eventually(lambda: len(seen) == 3)
        face.end()
        face = await hub.face()
        assert (await face.attached(welcome(first_sent=3, next_seq=6))).after == 2
        face.send_events([said(3), said(4), said(5)])
        await eventually(lambda: 5 in seen)
        assert seen == [1, 2, 3, 4, 5]


async def test_a_new_session_of_the_hub_ends_this_one():
    async with attached() as (here, hub):
        face = await hub.face()
        await face.attached(welcome())
        face.send_events([said(1), said(2), said(3)])
        await eventually(lambda: len(here.log) == 3)
        face.end()
        await (await hub.face()).attached(welcome(next_seq=1))
        await eventually(lambda: here.other_session)
        assert "new session" in here.warning


async def test_what_is_not_reached_is_said_and_so_is_what_the_hub_warns_of():
    async with attached() as (here, hub):
        assert "not connected" in here.warning
        face = await hub.face()
        await face.attached(welcome())
        face.send(HubState(recording="REC 3", warning="the disk is full"))
        await eventually(lambda: here.hub.state.recording == "REC 3")
        assert here.warning == "the disk is full"
        face.end()
        await eventually(lambda: here.link.problem)
        assert here.warning.startswith("the hub has ended the connection")


async def test_events_that_nobody_has_are_left_out():
    async with attached() as (here, hub):
        face = await hub.face()
        await face.attached(welcome())
        face.send_events([said(1)])
        face.send(Behind(2, 9))
        face.send_events([said(10)])
        await eventually(lambda: 10 in here.log)
        assert here.log.first_seq == 10


async def with_agent(hub: ScriptedHub, here: Attachment) -> "object":
    face = await hub.face()
    await face.attached(welcome())
    face.send(Agents((agent_state(),)))
    await eventually(lambda: here.hub.agents)
    return face


async def test_a_line_is_sent_and_nothing_said_if_it_went_as_predicted():
    async with attached() as (here, hub):
        face = await with_agent(hub, here)
        assert here.hub.send(parse_message("A|1"), "=chat", sure=True) == Delivery(("chat",))
        asked = await face.request()
        assert asked == Send("A|1", "=chat", True, asked.id)
        face.send(Answer(asked.id, delivery=Delivery(("chat",))))
        face.send(HubState("later"))
        await eventually(lambda: here.hub.state.recording == "later")
        assert not here.take_news()


@pytest.mark.parametrize(
    ("answer", "news"),
    [
        (Answer(error="it only reads"), "A|1 was not sent: it only reads"),
        (Answer(delivery=Delivery(asked=("A301 may",))), "A|1 was not sent: A301 may"),
        (Answer(delivery=Delivery(refused=("chat: full",))), "A|1 was not sent: chat: full"),
        (Answer(delivery=Delivery()), "A|1 was not sent: no agent to send it to is connected"),
    ],
)
async def test_what_the_hub_did_otherwise_is_news_once(answer: Answer, news: str):
    async with attached() as (here, hub):
        face = await with_agent(hub, here)
        here.hub.send(parse_message("A|1"))
        asked = await face.request()
        face.send(msgspec.structs.replace(answer, id=asked.id))
        face.send(HubState("later"))
        await eventually(lambda: here.hub.state.recording == "later")
        assert list(here.take_news()) == [news]
        assert not here.take_news()


async def test_a_line_that_was_refused_here_and_sent_there_is_news():
    async with attached() as (here, hub):
        face = await with_agent(hub, here)
        assert here.hub.send(Message("A", "\ud800")).refused
        asked = await face.request()
        assert asked.line == "A|\\ud800"
        face.send(Answer(asked.id, delivery=Delivery(("chat",))))
        await eventually(lambda: here._news)
        assert list(here.take_news()) == ["A|\\ud800 was sent after all"]


async def test_whether_a_line_was_sent_is_not_known_when_the_connection_ends():
    async with attached() as (here, hub):
        face = await with_agent(hub, here)
        here.hub.send(parse_message("A|1"))
        await face.request()
        face.end()
        await eventually(lambda: here._news)
        assert "not known whether A|1" in here.take_news()[0]


async def test_marks_go_to_the_hub_and_come_from_it():
    async with attached() as (here, hub):
        face = await hub.face()
        await face.attached(welcome())
        face.send_events([said(1), said(2)])
        await eventually(lambda: len(here.log) == 2)
        here.log.toggle_mark(1)
        assert await face.request() == Mark(1)
        face.send(Marked(1, True))
        face.send(Marked(2, True))
        await eventually(lambda: here.log.marked == {1, 2})
        here.log.toggle_mark(2)
        assert await face.request() == Mark(2)


async def test_older_events_are_read_piece_by_piece_from_a_thread():
    async with attached(welcome(next_seq=50_001)) as (here, hub):
        face = await hub.face()
        await face.attached(welcome(first_sent=30_001, next_seq=50_001))
        await eventually(lambda: here.link.attached)
        reading = asyncio.create_task(asyncio.to_thread(here.older, 1, 5))
        for start, stop, given in ((1, 5, (3, 4)), (1, 3, (2,)), (1, 2, ())):
            asked = await face.request()
            assert (asked.start, asked.stop) == (start, stop)
            face.send(Answer(asked.id, events=tuple(raw(said(seq)) for seq in given)))
        assert [event.seq for event in await reading] == [2, 3, 4]


async def test_older_events_that_cannot_be_read_are_an_error():
    async with attached() as (here, hub):
        face = await hub.face()
        await face.attached(welcome())
        await eventually(lambda: here.link.attached)
        reading = asyncio.create_task(asyncio.to_thread(here.older, 1, 5))
        asked = await face.request()
        assert isinstance(asked, Read)
        face.send(Answer(asked.id, "the disk is gone"))
        with pytest.raises(OSError, match="the disk is gone"):
            await reading
        face.end()
        await eventually(lambda: not here.link.attached)
        with pytest.raises(OSError, match="ended the connection"):
            await asyncio.to_thread(here.older, 1, 5)


async def test_events_of_runs_that_are_not_in_memory_are_read_once():
    async with attached(welcome(next_seq=50_001)) as (here, hub):
        face = await hub.face()
        await face.attached(welcome(first_sent=30_001, next_seq=50_001))
        face.send(Macros('[[macro]]\nname = "Greet"\nsend = "A"\n'))
        face.send(Run(1, "Greet", "chat", 1e9, 2.0, trigger=7, recent=(8,), state="failed"))
        for seq, found in ((7, (7,)), (8, ())):
            asked = await face.request()
            assert (asked.start, asked.stop) == (seq, seq + 1)
            face.send(Answer(asked.id, events=tuple(raw(said(each)) for each in found)))
        await eventually(lambda: here.macros.runs.records[0].trigger == said(7))
        assert here.macros_changed.is_set()
        assert not here.macros.incomplete


def raw(event: Event) -> msgspec.Raw:
    return msgspec.Raw(json_line(event).rstrip(b"\n"))
