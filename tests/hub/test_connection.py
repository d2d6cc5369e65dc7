"""One connection: its limits, its close frames, and that it costs the others nothing."""

import asyncio

import pytest
from websockets.frames import Opcode

from tests.support.hub_clients import open_silent_agent, raw_agent, running_hub
from tests.support.raw_connections import attacked_hub, dialled, frame, is_cut, opened, request
from tests.support.waiting import logged


async def test_the_limits_are_settings():
    async with attacked_hub(request_bytes=256, frame_bytes=4096) as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(request(more="X: " + "x" * 200 + "\r\n"))
        assert await is_cut(reader)
        reader, writer = await opened(hub)
        writer.write(frame(b"x" * 4097))
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "a frame over 4 KiB" in event.text)


@pytest.mark.parametrize(
    "begun",
    [
        frame(b"x" * 1000)[:-1],
        frame(b"x", fin=False) + frame(b"", Opcode.PING) * 3,
        frame(b"", fin=False) + frame(b"", Opcode.CONT, fin=False) * 3,
    ],
    ids=["frame", "message with pings", "message of nothing"],
)
async def test_what_never_ends_is_cut(begun: bytes):
    async with attacked_hub(frame_timeout=0.3) as (hub, _):
        reader, writer = await opened(hub)
        writer.write(begun)
        assert await is_cut(reader)
        fault = await logged(hub.log, lambda event: event.kind == "fault")
        assert fault.text == "a message was not complete within 0.3 s: the connection was cut"
        writer.close()


async def test_fragments_of_too_large_a_message_are_cut():
    async with attacked_hub() as (hub, _):
        reader, writer = await opened(hub)
        writer.write(frame(b"x" * 40_000, fin=False) + frame(b"x" * 40_000, Opcode.CONT))
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "a frame over 64 KiB" in event.text)
        writer.close()


async def test_a_ping_flood_whose_answers_nobody_reads_is_cut():
    async with attacked_hub(unread_bytes=65_536) as (hub, _):
        reader, writer = await opened(hub)
        reader._transport.pause_reading()
        pings = frame(b"x" * 125, Opcode.PING) * 1000
        attack = asyncio.create_task(flood(writer, pings))
        fault = await logged(hub.log, lambda event: event.kind == "fault")
        assert fault.text == "over 65,536 bytes that it did not read: the connection was cut"
        attack.cancel()
        writer.transport.abort()


async def flood(writer: asyncio.StreamWriter, data: bytes) -> None:
    try:
        while True:
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        return


@pytest.mark.parametrize(
    "data",
    [frame(b"A\n") * 100_000, frame(b"A\n" * 30_000) * 4],
    ids=["of frames", "of lines"],
)
async def test_another_agent_is_heard_in_the_middle_of_a_flood(data: bytes):
    async with attacked_hub() as (hub, honest):
        _, writer = await opened(hub)
        writer.write(data)
        first = await logged(hub.log, lambda event: event.type == "A")
        await honest.send("MEANWHILE\n")
        heard = await logged(hub.log, lambda event: event.type == "MEANWHILE")
        assert heard.seq - first.seq < 20_000
        writer.close()


async def test_no_compression_is_offered_and_none_is_taken():
    async with attacked_hub() as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(request(more="Sec-WebSocket-Extensions: permessage-deflate\r\n"))
        assert b"extensions" not in (await reader.readuntil(b"\r\n\r\n")).lower()
        bomb = bytearray(frame(b"\xc1\xc0\x01\x00" * 100))
        bomb[0] |= 0x40  # RSV1: this message is compressed
        writer.write(bytes(bomb))
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "reserved bits" in event.text)
        writer.close()


async def test_a_frame_over_64_kib_cuts_that_connection_with_a_fault():
    async with running_hub() as hub, raw_agent(hub) as agent, raw_agent(hub) as other:
        await agent.send("x" * 65_537)
        event = await logged(hub.log, lambda event: event.kind == "fault")
        assert (event.agent, event.text) == ("chat", "a frame over 64 KiB: the connection was cut")
        await other.send("STILL_HERE\n")
        await logged(hub.log, lambda event: event.type == "STILL_HERE")


async def test_a_close_frame_that_is_answered_carries_no_code():
    async with running_hub() as hub:
        reader, writer = await open_silent_agent(hub)
        # A masked close frame with code 1000: websockets would send the code back.
        writer.write(bytes([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]))
        assert await reader.read() == bytes([0x88, 0])
        writer.close()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a frame over the limit", bytes([0x81, 0xFF]) + (70_000).to_bytes(8, "big") + bytes(4)),
        ("an unknown opcode", bytes([0x83, 0x80, 0, 0, 0, 0])),
        ("reserved bits", bytes([0xF1, 0x80, 0, 0, 0, 0])),
        ("an unmasked frame", bytes([0x81, 0x01]) + b"A"),
        ("a continuation of nothing", bytes([0x80, 0x80, 0, 0, 0, 0])),
        ("a close with a reason", bytes([0x88, 0x85, 0, 0, 0, 0, 0x03, 0xE8]) + b"bye"),
    ],
)
async def test_whatever_ends_a_connection_no_close_code_leaves(name: str, data: bytes):
    async with running_hub() as hub:
        reader, writer = await open_silent_agent(hub)
        writer.write(data)
        answer = await reader.read()
        writer.close()
        assert answer in (b"", bytes([0x88, 0])), name
