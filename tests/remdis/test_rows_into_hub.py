"""The connection over which rows come to a hub."""

import asyncio

import pytest

from mdxdash.remdis.folding import Folding
from mdxdash.remdis.rows_into_hub import RowsIntoHub
from mdxdash.remdis.turns import Turn
from mdxdash.remote.attached import hub_link
from mdxdash.remote.protocol import BrokerState, Note
from tests.support.remdis_traffic import unit
from tests.support.scripted_hub import scripted_hub, welcome


async def test_rows_and_turns_are_told_to_the_hub():
    async with scripted_hub() as hub:
        folding = Folding()
        rows = RowsIntoHub(hub.open, folding.turns)
        task = asyncio.create_task(rows.link.run())
        face = await hub.face()
        attach = await face.attached(welcome())
        assert (attach.face, attach.events) == ("remdis", False)
        await rows.link.wait_attached()
        for update, body, now in (("add", "はい", 1.0), ("add", "。", 1.1), ("commit", "", 1.2)):
            rows.give(folding.take("asr", unit(update, body, str(now)), now), now)
        folding.turns.latest.append(Turn("はい。", 1.2, dialogue=0.1, tts=0.3))
        for _ in range(2):
            rows.give([], 1.5)
        assert [await face.request() for _ in range(3)] == [
            Note("", module="asr", level="start", args="1"),
            Note("はい。", module="asr", level="end", args="1|0.000|0.200|3"),
            Note("はい。: 0.30 s = 0.10 dialogue + 0.20 tts", module="turn"),
        ]
        task.cancel()
        await asyncio.wait([task])


async def test_what_is_left_out_without_a_hub_is_counted_and_said():
    async with scripted_hub() as hub:
        folding = Folding()
        rows = RowsIntoHub(hub.open, folding.turns)
        for number in range(3):
            rows.give(folding.take("vap", unit("add", f"{number}"), 1.0), 1.0)
        task = asyncio.create_task(rows.link.run())
        face = await hub.face()
        await face.attached(welcome())
        await rows.link.wait_attached()
        rows.report(True, "the broker is away")
        assert [await face.request() for _ in range(3)] == [
            Note("remdis: 3 rows were left out, since the hub took none", fault=True),
            Note("remdis: the broker is away", fault=True),
            BrokerState("remdis: the broker is away"),
        ]
        task.cancel()
        await asyncio.wait([task])


async def test_a_hub_that_reads_nothing_fills_no_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub_link, "WAITING_BYTES", 50_000)
    async with scripted_hub() as hub:
        folding = Folding()
        rows = RowsIntoHub(hub.open, folding.turns)
        task = asyncio.create_task(rows.link.run())
        face = await hub.face()
        await face.attached(welcome())
        await rows.link.wait_attached()
        text = "x" * 10_000
        told = [rows.link.tell(Note(text)) for _ in range(2_000)]
        assert told[0]
        assert not told[-1]
        task.cancel()
        await asyncio.wait([task])


async def test_it_listens_only_once_the_hub_is_there():
    class Source:
        """Gives a row as soon as it runs, and breaks."""

        async def run(self) -> None:
            rows.give(folding.take("vap", unit("add", "USER_TAKE_TURN"), 1.0), 1.0)
            raise BrokenPipeError

    async with scripted_hub() as hub:
        folding = Folding()
        rows = RowsIntoHub(hub.open, folding.turns)
        task = asyncio.create_task(rows.run(Source()))  # type: ignore[arg-type]
        face = await hub.face()
        await face.attached(welcome())
        assert (await face.request()).text == "USER_TAKE_TURN"
        with pytest.raises(BrokenPipeError):
            await task
