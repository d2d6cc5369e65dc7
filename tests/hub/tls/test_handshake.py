"""TLS handshakes: who gets in, who is cut, and that an honest agent notices nothing."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mdxdash.hub.address import CannotListen
from mdxdash.hub.server import HubServer
from mdxdash.simulator import Simulator
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import running_hub
from tests.support.raw_connections import dialled, frame, is_cut, request
from tests.support.tls import trusting, written_pair
from tests.support.waiting import GUARD, logged


@asynccontextmanager
async def attacked_hub(folder: Path, **settings: object) -> AsyncIterator[HubServer]:
    """A hub behind TLS with an honest agent, who must be there, and heard, when the attack is
    over, and then one more gets in."""
    cert, key = written_pair(folder)
    async with running_hub(tls_cert=cert, tls_key=key, **settings) as hub:
        agents = []
        for name in ("chat-honest", "chat-new"):
            simulator = Simulator(hub.dial_url.replace("/chat", f"/{name}"))
            agents.append(asyncio.create_task(simulator.run()))
            await logged(hub.log, lambda e, name=name: (e.kind, e.agent) == ("connected", name))
            if name == "chat-honest":
                yield hub
            simulator.issue("HERE")
            await logged(hub.log, lambda e, name=name: (e.type, e.agent) == ("HERE", name))
        assert hub.send(parse_message("ARE_YOU_THERE")).agents == ("chat-honest", "chat-new")
        for name in ("chat-honest", "chat-new"):
            await logged(hub.log, lambda e, name=name: e.agent == name and e.echo is not None)
        assert not [e for e in hub.log if e.kind in ("fault", "disconnected")]
        for agent in agents:
            agent.cancel()
        await asyncio.wait(agents)


async def test_another_agent_is_heard_in_the_middle_of_a_flood(tmp_path: Path):
    cert, key = written_pair(tmp_path)
    async with running_hub(tls_cert=cert, tls_key=key) as hub:
        honest = Simulator(f"{hub.url}-honest")
        agent = asyncio.create_task(honest.run())
        await logged(hub.log, lambda event: event.kind == "connected")
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port, ssl=trusting())
        writer.write(request())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frame(b"A\n") * 200_000)
        first = await logged(hub.log, lambda event: event.type == "A")
        honest.issue("MEANWHILE")
        heard = await logged(hub.log, lambda event: event.type == "MEANWHILE")
        assert heard.seq - first.seq < 60_000
        await logged(hub.log, lambda event: event.type == "A" and event.seq > 200_000)
        writer.close()
        agent.cancel()
        await asyncio.wait([agent])


@pytest.mark.parametrize("begun", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "half"])
async def test_a_thousand_connections_without_a_handshake_keep_nobody_out(
    tmp_path: Path, begun: bytes
):
    async with attacked_hub(tmp_path) as hub:
        attackers = []
        for _ in range(1000):
            reader, writer = await dialled(hub)
            writer.write(begun)
            attackers.append((reader, writer))
        # All are cut but as many as may wait, though none has said a thing.
        for reader, _ in attackers[: -hub.settings.half_open]:
            assert await is_cut(reader)
        await logged(hub.log, lambda event: "others were waiting" in event.text)
        for _, writer in attackers:
            writer.transport.abort()


@pytest.mark.parametrize("begun", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "half"])
async def test_a_tls_handshake_that_takes_too_long_is_cut_and_told(tmp_path: Path, begun: bytes):
    async with attacked_hub(tmp_path, handshake_timeout=0.5) as hub:
        reader, writer = await dialled(hub)
        writer.write(begun)
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "no whole request within 0.5 s" in event.text)
        writer.close()


async def test_a_request_that_takes_too_long_behind_tls_is_cut_and_told(tmp_path: Path):
    async with attacked_hub(tmp_path, handshake_timeout=0.5) as hub:
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port, ssl=trusting())
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "no whole request within 0.5 s" in event.text)
        writer.close()


async def test_who_hangs_up_before_the_handshake_is_told(tmp_path: Path):
    async with attacked_hub(tmp_path) as hub:
        (await dialled(hub))[1].close()
        await logged(hub.log, lambda event: "before it ended" in event.text)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (request(), "not TLS but plain HTTP or ws://; this hub takes wss://"),
        (b"hello, is anybody there?\r\n", "not TLS, or no version of it that is accepted"),
    ],
    ids=["ws://", "anything"],
)
async def test_what_is_no_tls_is_refused_and_told(tmp_path: Path, sent: bytes, told: str):
    async with attacked_hub(tmp_path) as hub:
        reader, writer = await dialled(hub)
        writer.write(sent)
        assert await is_cut(reader)
        event = await logged(hub.log, lambda event: told in event.text)
        assert event.kind == "refused"
        assert event.text.startswith("connection from 127.0.0.1:")
        writer.close()


def distrust(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as plain:
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")


async def test_who_does_not_trust_the_certificate_is_told(tmp_path: Path):
    async with attacked_hub(tmp_path) as hub:
        with pytest.raises(ssl.SSLCertVerificationError):
            # Not by asyncio, which ends without the alert that says why.
            await asyncio.to_thread(distrust, hub.port)
        await logged(hub.log, lambda event: "the client ended the TLS handshake" in event.text)


async def test_what_comes_right_behind_the_handshake_is_not_lost(tmp_path: Path):
    async with attacked_hub(tmp_path) as hub:
        reader, writer = await dialled(hub)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = trusting().wrap_bio(incoming, outgoing)
        async with asyncio.timeout(GUARD):
            while True:
                try:
                    client.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                    incoming.write(await reader.read(65_536))
            # The end of the handshake and the request leave together.
            client.write(request("/nowhere"))
            writer.write(outgoing.read())
            await logged(hub.log, lambda event: "path /nowhere" in event.text)
        writer.close()


def test_on_another_event_loop_it_says_so(tmp_path: Path):
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not installed (pip install '.[fast]')")
    cert, key = written_pair(tmp_path)

    async def start() -> None:
        async with running_hub(tls_cert=cert, tls_key=key):
            pass

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        with pytest.raises(CannotListen, match="the event loop of asyncio"):
            runner.run(start())
