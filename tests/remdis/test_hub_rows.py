"""The connection over which rows come to a hub."""

import asyncio

from mdxdash.remdis.folding import Folding
from mdxdash.remdis.hub_rows import HubRows
from mdxdash.remdis.turns import Turn
from mdxdash.remote.protocol import Note
from tests.support.remdis_traffic import unit
from tests.support.scripted_hub import scripted_hub, welcome


async def test_rows_and_turns_are_told_to_the_hub():
    async with scripted_hub() as hub:
        rows = HubRows(hub.open)
        task = asyncio.create_task(rows.link.run())
        face = await hub.face()
        attach = await face.attached(welcome())
        assert (attach.face, attach.events) == ("remdis", False)
        await rows.link.wait_attached()
        folding = Folding()
        for update, body, now in (("add", "はい", 1.0), ("add", "。", 1.1), ("commit", "", 1.2)):
            for row in folding.take("asr", unit(update, body, str(now)), now):
                rows.give(row, now)
        rows.give_turn(Turn("はい。", 1.2, dialogue=0.1, tts=0.3))
        assert [await face.request() for _ in range(3)] == [
            Note("", module="asr", level="start", args="1"),
            Note("はい。", module="asr", level="end", args="1|0.000|0.200|3"),
            Note("はい。: 0.30 s = 0.10 dialogue + 0.20 tts", module="turn"),
        ]
        task.cancel()
        await asyncio.wait([task])


async def test_without_a_hub_rows_are_left_out():
    async def nowhere() -> None:
        raise OSError

    rows = HubRows(nowhere)  # type: ignore[arg-type]
    (row,) = Folding().take("vap", unit("add", "USER_TAKE_TURN"), 1.0)
    rows.give(row, 1.0)
