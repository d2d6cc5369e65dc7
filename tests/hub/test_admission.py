"""The admission attacked on loopback: what holds, and that the other agent notices nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode

from mdxdash.hub.address import CannotListen
from mdxdash.hub.redacting_logger import RedactingLogger
from mdxdash.hub.server import HubServer
from mdxdash.settings.hub_section import HubSettings
from mdxdash.simulator import Simulator
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import raw_agent, running_hub
from tests.support.waiting import GUARD, logged

SECRET = "0123456789abcdefABCDEF"


@asynccontextmanager
async def attacked_hub(**settings: object) -> AsyncIterator[tuple[HubServer, ClientConnection]]:
    """A hub with an honest agent, who must be there, and heard, when the attack is over."""
    async with running_hub(**settings) as hub, raw_agent(hub, "/chat-honest") as honest:
        yield hub, honest
        hub.send(parse_message("ARE_YOU_THERE"), "chat-honest")
        async with asyncio.timeout(GUARD):
            assert await honest.recv(decode=False) == b"ARE_YOU_THERE\n"
        await honest.send("HERE\n")
        await logged(hub.log, lambda event: event.type == "HERE")
        troubles = {"fault", "disconnected"}
        assert not [e for e in hub.log if e.agent == "chat-honest" and e.kind in troubles]


async def dialled(hub: HubServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", hub.port)


async def shaken(hub: HubServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection at the level of bytes, with its handshake done."""
    reader, writer = await dialled(hub)
    writer.write(request())
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def request(path: str = "/chat", more: str = "") -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"Sec-WebSocket-Version: 13\r\n{more}\r\n"
    ).encode()


def frame(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


async def is_cut(reader: asyncio.StreamReader) -> bool:
    """Waits until the hub ends the connection."""
    async with asyncio.timeout(GUARD):
        try:
            while await reader.read(65_536):
                pass
        except ConnectionError:
            pass
    return True


async def status_of(hub: HubServer, path: str, **headers: str) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(f"ws://127.0.0.1:{hub.port}{path}", additional_headers=headers):
            pass
    answer = caught.value.response
    return answer.status_code, answer.reason_phrase


async def test_a_thousand_half_open_connections_keep_nobody_out():
    async with attacked_hub() as (hub, _):
        writers = []
        for _ in range(1000):
            writers.append((await dialled(hub))[1])
            if len(writers) > 300:  # of those cut long ago
                writers.pop(0).transport.abort()
        async with raw_agent(hub, "/chat-new") as agent:
            await agent.send("GOT_IN\n")
            await logged(hub.log, lambda event: event.type == "GOT_IN")
        await logged(hub.log, lambda event: "others were waiting" in event.text)
        for writer in writers:
            writer.transport.abort()


async def test_a_flood_of_refusals_is_told_as_a_number():
    async with attacked_hub(half_open=1) as (hub, _):
        for _ in range(200):
            (await dialled(hub))[1].transport.abort()
        await logged(hub.log, lambda event: "more connections within a second" in event.text)
        assert sum(event.kind == "refused" for event in hub.log) < 200


@pytest.mark.parametrize("begun", [b"", b"GET /chat HTTP/1.1\r\nHost: loc"])
async def test_a_handshake_that_takes_too_long_is_cut_and_told(begun: bytes):
    async with attacked_hub(handshake_timeout=0.2) as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(begun)
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "no whole request within 0.2 s" in event.text)
        writer.close()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"GET /" + b"x" * 20_000, "no proper request"),
        (request(more=f"X: {'x' * 7000}\r\n" * 3), "over 16,384 bytes"),
        (request("/" + "x" * 8190), "no proper request"),
        (request(more="".join(f"X-{n}: 1\r\n" for n in range(200))), "no proper request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 80 + b"\n", "no proper request"),
    ],
    ids=["endless line", "headers", "long line", "many headers", "TLS"],
)
async def test_a_request_beyond_the_limits_is_refused_and_told(sent: bytes, told: str):
    async with attacked_hub() as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(sent)
        assert await is_cut(reader)
        await logged(hub.log, lambda event: event.kind == "refused" and told in event.text)
        writer.close()


async def test_the_limits_are_settings():
    async with attacked_hub(request_bytes=256, frame_bytes=4096) as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(request(more="X: " + "x" * 200 + "\r\n"))
        assert await is_cut(reader)
        reader, writer = await shaken(hub)
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
        reader, writer = await shaken(hub)
        writer.write(begun)
        assert await is_cut(reader)
        fault = await logged(hub.log, lambda event: event.kind == "fault")
        assert fault.text == "a message was not complete within 0.3 s: the connection was cut"
        writer.close()


async def test_fragments_of_too_large_a_message_are_cut():
    async with attacked_hub() as (hub, _):
        reader, writer = await shaken(hub)
        writer.write(frame(b"x" * 40_000, fin=False) + frame(b"x" * 40_000, Opcode.CONT))
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "a frame over 64 KiB" in event.text)
        writer.close()


async def test_a_ping_flood_whose_answers_nobody_reads_is_cut():
    async with attacked_hub(unread_bytes=65_536) as (hub, _):
        reader, writer = await shaken(hub)
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
        _, writer = await shaken(hub)
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


async def test_one_agent_too_many_is_refused_with_503_and_shown():
    async with attacked_hub(max_agents=2) as (hub, _), raw_agent(hub) as agent:
        assert (await status_of(hub, "/chat"))[0] == 503
        await logged(hub.log, lambda event: "2 agents are connected" in event.text)
        await agent.close()
        await logged(hub.log, lambda event: event.kind == "disconnected")
        async with raw_agent(hub, "/chat-again"):
            pass


async def test_one_agent_a_path_when_asked_for():
    async with attacked_hub(exclusive=True) as (hub, _), raw_agent(hub):
        assert await status_of(hub, "/chat") == (429, "Too Many Requests")
        async with raw_agent(hub, "/chat-1"):
            assert await status_of(hub, "/chat-1") == (429, "Too Many Requests")


async def test_an_agent_whose_path_is_taken_goes_on_to_the_next():
    async with attacked_hub(exclusive=True) as (hub, _):
        url = f"ws://localhost:{hub.port}/chat"
        agents = [asyncio.create_task(Simulator(url, retries=9).run()) for _ in range(3)]
        for name in ("chat", "chat-1", "chat-1-2"):
            await logged(hub.log, lambda e, name=name: (e.kind, e.agent) == ("connected", name))
        for agent in agents:
            agent.cancel()
        await asyncio.wait(agents)


@pytest.mark.parametrize("path", ["/chat-\x1b[31m", "/chat-a/b", "/chat-" + "x" * 65, "/chat-"])
async def test_a_name_that_could_do_harm_is_no_path(path: str):
    async with attacked_hub() as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(request(path))
        assert b" 404 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()


async def test_with_a_secret_only_who_knows_it_comes_in():
    async with running_hub(secret=SECRET) as hub:
        for path in ("/chat", "/chat/", f"/chat/{SECRET}x", f"/chat/{SECRET[:-1]}", "/chat-1"):
            assert (await status_of(hub, path))[0] == 404
        async with raw_agent(hub, f"/chat/{SECRET}"), raw_agent(hub, f"/chat/{SECRET}-1"):
            assert [agent.name for agent in hub.agents] == ["chat", "chat-1"]


async def test_the_secret_is_shown_nowhere(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    async with running_hub(secret=SECRET, max_agents=1) as hub:
        async with raw_agent(hub, f"/chat/{SECRET}") as agent:
            await agent.send(
                "[2026/11/22 19:48:26.306] [8303071] Remote: Status: connected to "
                f"localhost:9001/chat/{SECRET}\n\n"
            )
            await agent.send(f"A|/chat/{SECRET}\n")
            await logged(hub.log, lambda event: event.type == "A")
            assert (await status_of(hub, f"/chat/{SECRET}"))[0] == 503
        for path in (f"/chat/{SECRET}x", f"/chat/{SECRET[1:]}", f"/{SECRET}"):
            assert (await status_of(hub, path))[0] == 404
        for sent in (
            f"GET /chat/{SECRET} HTTP/1.0\r\n\r\n".encode(),
            f"GET /chat/{SECRET} HTTP/1.1\r\nno header /chat/{SECRET}\r\n\r\n".encode(),
            f"GET /chat/{SECRET} HTTP/1.1\r\n\r\n".encode(),
        ):
            reader, writer = await dialled(hub)
            writer.write(sent)
            assert await is_cut(reader)
            writer.close()
        shown = [repr(event) for event in hub.log]
        shown += [repr(hub.settings), hub.url, *hub.mdf_lines, hub.agents[0].path, caplog.text]
        assert SECRET[2:] not in "\n".join(shown)
        assert SECRET in hub.dial_url
        assert SECRET in hub.full_mdf_lines[2]


def test_a_failure_is_logged_without_the_secret(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    try:
        raise ValueError(f"no HTTP request: GET /chat/{SECRET} 100%s")
    except ValueError:
        RedactingLogger(HubSettings(secret=SECRET)).error("handshake failed", exc_info=True)
    assert "no HTTP request: GET /chat/*** 100%s" in caplog.text
    assert SECRET not in caplog.text


async def test_other_addresses_than_loopback_need_a_secret():
    with pytest.raises(CannotListen, match=r"`mdxdash secret --save`.*--insecure"):
        async with running_hub(host="0.0.0.0"):
            pass


@pytest.mark.parametrize("settings", [{"secret": SECRET}, {"insecure": True}])
async def test_other_addresses_are_served_with_a_secret_or_when_told(settings: dict[str, object]):
    async with running_hub(host="0.0.0.0", **settings) as hub:
        async with connect(f"ws://127.0.0.1:{hub.port}{hub.settings.dial_path}"):
            await logged(hub.log, lambda event: event.kind == "connected")
