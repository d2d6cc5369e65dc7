"""The connection to a hub: opened again, requests answered, nothing invented."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from mdxdash.events.event import Event
from mdxdash.remote.attached import hub_link
from mdxdash.remote.attached.hub_link import HubLink, NotAttached, Refused, ask_welcome
from mdxdash.remote.protocol import PROTOCOL, Answer, Attach, HubState, Notice, Status, Welcome
from tests.support.scripted_hub import ScriptedHub, said, scripted_hub, welcome
from tests.support.waiting import GUARD, eventually


class Recorder:
    """Keeps what came."""

    def __init__(self) -> None:
        self.came: list[object] = []

    def attach(self) -> Attach:
        return Attach(PROTOCOL, "attach", after=len(self.came))

    def welcome(self, welcome: Welcome) -> None:
        self.came.append(welcome)

    def take_events(self, events: Sequence[Event]) -> None:
        self.came += [event.seq for event in events]

    def take_notice(self, notice: Notice) -> None:
        self.came.append(notice)


@asynccontextmanager
async def running(hub: ScriptedHub) -> AsyncIterator[tuple[HubLink, Recorder]]:
    recorder = Recorder()
    link = HubLink(hub.open, recorder)
    task = asyncio.create_task(link.run())
    try:
        yield link, recorder
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_events_and_notices_come_in_their_order():
    async with scripted_hub() as hub, running(hub) as (link, recorder):
        face = await hub.face()
        await face.attached(welcome())
        face.send_events([said(1), said(2)])
        face.send(HubState(recording="REC"))
        face.send_events([said(3)])
        await eventually(lambda: 3 in recorder.came)
        assert recorder.came == [welcome(), 1, 2, HubState(recording="REC"), 3]
        assert link.attached and not link.problem


async def test_it_connects_again_and_says_what_it_has():
    async with scripted_hub() as hub, running(hub) as (link, recorder):
        face = await hub.face()
        assert (await face.attached(welcome())).after == 0
        face.send_events([said(1), said(2)])
        await eventually(lambda: 2 in recorder.came)
        face.end()
        face = await hub.face()
        assert not link.attached
        assert link.problem == "the hub has ended the connection"
        assert (await face.attached(welcome())).after == 3
        await eventually(lambda: link.attached)


async def test_each_answer_goes_to_its_request():
    async with scripted_hub() as hub, running(hub) as (link, _recorder):
        face = await hub.face()
        await face.attached(welcome())
        await eventually(lambda: link.attached)
        first, second = link.ask(Status), link.ask(Status)
        ids = [(await face.request()).id for _ in range(2)]  # type: ignore[union-attr]
        face.send(Answer(ids[1], "second"))
        face.send(Answer(99, "nobody's"))
        face.send(Answer(ids[0], "first"))
        assert [(await each).error for each in (first, second)] == ["first", "second"]


async def test_a_request_without_a_connection_fails_at_once_or_when_it_ends():
    async with scripted_hub() as hub, running(hub) as (link, _recorder):
        with pytest.raises(NotAttached, match="not connected"):
            link.ask(Status)
        assert not link.tell(Status(1))
        face = await hub.face()
        await face.attached(welcome())
        await eventually(lambda: link.attached)
        asked = link.ask(Status)
        await face.request()
        face.end()
        with pytest.raises(NotAttached, match="meanwhile"):
            await asyncio.wait_for(asked, GUARD)


async def test_the_reason_of_a_hub_that_refuses_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub_link, "RETRY_DELAYS", (0.01,))
    async with scripted_hub() as hub, running(hub) as (link, _recorder):
        face = await hub.face()
        await face.request()
        face.send(Answer(error="this hub speaks protocol 2, the dashboard 1"))
        await eventually(lambda: link.problem.startswith("this hub"))
        await (await hub.face()).attached(welcome())
        await eventually(lambda: link.attached)


@pytest.mark.parametrize(
    "data", [b'{"seq":"x"}\n', b'{"is":"unheard of"}\n', b"\xff\n", b'{"seq":1,\xff}\n']
)
async def test_what_is_not_understood_ends_the_connection(data: bytes):
    async with scripted_hub() as hub, running(hub) as (link, _):
        face = await hub.face()
        await face.attached(welcome())
        face.send_bytes(data)
        await hub.face()
        assert "the hub sends what" in link.problem


async def test_no_hub_is_tried_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub_link, "RETRY_DELAYS", (0.01,))
    attempts = 0

    async def refuse() -> None:
        nonlocal attempts
        attempts += 1
        raise ConnectionRefusedError(111, "Connection refused")

    recorder = Recorder()
    link = HubLink(refuse, recorder)  # type: ignore[arg-type]
    task = asyncio.create_task(link.run())
    await eventually(lambda: attempts == 3)
    task.cancel()
    assert link.problem == "no connection to the hub: Connection refused"


async def test_a_look_gets_the_welcome_or_the_reason():
    async with scripted_hub() as hub:
        looking = asyncio.create_task(ask_welcome(hub.open, Attach(PROTOCOL, "attach", False)))
        attach = await (await hub.face()).attached(welcome(name="lab"))
        assert not attach.events
        assert (await looking).name == "lab"

        looking = asyncio.create_task(ask_welcome(hub.open, Attach(PROTOCOL, "attach", False)))
        (await hub.face()).send(Answer(error="a wrong token"))
        with pytest.raises(Refused, match="a wrong token"):
            await looking

        looking = asyncio.create_task(ask_welcome(hub.open, Attach(PROTOCOL, "attach", False)))
        (await hub.face()).send_bytes(b"HTTP/1.1 400 Bad Request\r\n")
        with pytest.raises(OSError, match="does not know"):
            await looking
