"""Lines over a stream of bytes, however it is cut."""

import asyncio

import pytest

from mdxdash.remote.attached import line_channel
from tests.support.scripted_hub import scripted_hub


async def test_lines_come_whole_however_the_stream_is_cut():
    async with scripted_hub() as hub:
        channel = await hub.open()
        face = await hub.face()
        lines: list[bytes] = []
        for part in (b"one\ntw", b"o", b"\n\nfour\nrest"):
            face.send_bytes(part)
            await asyncio.sleep(0.01)
            if part != b"o":
                lines += await channel.read()
        face.send_bytes(b"!\n")
        assert lines + await channel.read() == [b"one", b"two", b"", b"four", b"rest!"]
        await channel.close()


async def test_a_line_that_never_ends_is_an_error_and_not_memory_without_bound(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(line_channel, "LONGEST_LINE", 1000)
    async with scripted_hub() as hub:
        channel = await hub.open()
        (await hub.face()).send_bytes(b"x" * 1001)
        with pytest.raises(OSError, match="1,000 bytes"):
            await channel.read()
        await channel.close()


async def test_the_end_of_the_connection_is_no_line():
    async with scripted_hub() as hub:
        channel = await hub.open()
        face = await hub.face()
        face.send_bytes(b"half")
        face.end()
        assert await channel.read() == []
        await channel.close()
