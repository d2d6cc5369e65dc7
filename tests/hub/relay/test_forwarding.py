"""A user's own server behind the hub: what passes through, and what happens when it does not."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode

from mdxdash.hub.address import free_port
from mdxdash.hub.relay.forwarding import PIECE_BYTES, Relay
from mdxdash.hub.relay.receipt_window import SMALLEST
from mdxdash.hub.relay.upstream import UpstreamConnection
from mdxdash.hub.server import HubServer
from mdxdash.hub.sockets.bounded_reads import SMALLEST_READ
from mdxdash.simulator import Content, Simulator
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import agent_at, running_hub
from tests.support.upstream_servers import UserServer, user_server
from tests.support.waiting import GUARD, logged

SPEECH = [b"SND1280" + bytes([n]) * 1280 for n in range(50)]
REPLY = "SYNTH_START|0|mei_voice_normal|こんにちは\n"


async def speak(connection: ServerConnection) -> None:
    """An audio-streaming server: lines and blocks, text and binary."""
    await connection.send("__AV_START\n__AV_SETMODEL,0\n")
    await connection.send("SNDSTRM\n")
    for block in SPEECH:
        await connection.send(block)
    await connection.send(REPLY)
    await connection.send(REPLY.encode())
    await connection.send("END\n")


@asynccontextmanager
async def relayed(
    server: UserServer | str, **settings: object
) -> AsyncIterator[tuple[HubServer, ClientConnection]]:
    """A hub before a server, with an agent."""
    url = server if isinstance(server, str) else server.url
    async with running_hub(relay=url, **settings) as hub, agent_at(hub.dial_url) as agent:
        yield hub, agent


async def heard(agent: ClientConnection, last: str) -> list[str | bytes]:
    """All that comes to an agent up to a line."""
    got: list[str | bytes] = []
    async with asyncio.timeout(GUARD):
        while last not in got:
            got.append(await agent.recv())
    return got


def drop_pongs(send: Callable[[Frame], None]) -> Callable[[Frame], None]:
    """How a server sends that does not keep to RFC 6455."""
    return lambda frame: None if frame.opcode is Opcode.PONG else send(frame)


async def said(agent: ClientConnection) -> None:
    for number in range(100):
        await agent.send(f"RECOG_EVENT_STOP|{number} 日本語\n")
    await agent.send(b"\x00binary\xff")
    await agent.send("CUT|\udcff".encode("utf-8", "surrogateescape"), text=True)


async def test_both_sides_get_the_same_with_and_without_the_hub_between():
    results = []
    for between in (False, True):
        async with user_server(speak) as server:
            async with running_hub(relay=server.url) as hub:
                async with agent_at(hub.url if between else server.url) as agent:
                    for number in range(100):
                        await agent.send(f"RECOG_EVENT_STOP|{number} 日本語\n")
                    await agent.send(b"\x00binary\xff")
                    got = await heard(agent, "END\n")
                    await server.until(101)
            results.append((got, server.got))
    assert results[0] == results[1]
    assert len(results[0][0]) == 55


async def test_path_and_headers_are_the_agents_own():
    async with user_server() as server, running_hub(relay=server.url) as hub:
        async with agent_at(f"{hub.url}-1"):
            await logged(hub.log, lambda event: event.via == "server")
    (request,) = server.requests
    assert request.path == "/chat-1"
    assert request.headers["X-App-Type"] == "MMDAgent"
    assert "Sec-WebSocket-Extensions" not in request.headers
    assert "User-Agent" not in request.headers


async def test_the_secret_is_not_passed_on():
    async with (
        user_server() as server,
        running_hub(
            relay=f"ws://127.0.0.1:{server.port}", path="/talk", secret="0123456789abcdef"
        ) as hub,
    ):
        async with agent_at(hub.dial_url):
            await logged(hub.log, lambda event: event.via == "server")
    assert server.requests[0].path == "/talk"


async def test_each_direction_is_an_event_of_its_own():
    async def greet(connection: ServerConnection) -> None:
        await connection.send("GREETING|1\nGREETING|2\n")
        await connection.send(SPEECH[0])

    async with user_server(greet) as server, relayed(server) as (hub, agent):
        await heard(agent, "GREETING|1\nGREETING|2\n")
        await agent.recv()
        await agent.send("FROM_AGENT\n")
        hub.send(parse_message("FROM_HUB"))
        assert await agent.recv(decode=False) == b"FROM_HUB\n"
        await logged(hub.log, lambda event: event.type == "FROM_AGENT")
        told = {
            (event.kind, event.via, event.type or event.text)
            for event in hub.log
            if event.kind in ("received", "sent")
        }
        assert told == {
            ("sent", "server", "GREETING"),
            ("sent", "server", "1,280 bytes of audio"),
            ("received", "server", "FROM_AGENT"),
            ("sent", "", "FROM_HUB"),
        }
        await server.until(1)
        assert server.got == ["FROM_AGENT\n"]


async def test_an_echo_acknowledges_what_the_server_sent():
    async def greet(connection: ServerConnection) -> None:
        await connection.send("GREETING|1\n")

    async with user_server(greet) as server, running_hub(relay=server.url) as hub:
        agent = asyncio.create_task(Simulator(hub.url).run())
        sent = await logged(
            hub.log, lambda event: event.via == "server" and event.round_trip is not None
        )
        assert (sent.kind, sent.type) == ("sent", "GREETING")
        agent.cancel()
        await asyncio.wait([agent])


@pytest.mark.parametrize(
    ("status", "phrase"), [(403, "Forbidden"), (429, "Too Many Requests"), (503, "Busy, sorry")]
)
async def test_what_the_server_refuses_the_agent_is_refused(status: int, phrase: str):
    def refuse(connection: ServerConnection, _: object):
        answer = connection.respond(503, "not today\n")
        answer.status_code, answer.reason_phrase = status, phrase
        return answer

    async with user_server(judge=refuse) as server, running_hub(relay=server.url) as hub:
        with pytest.raises(InvalidStatus) as caught:
            async with agent_at(hub.url):
                pass
        answer = caught.value.response
        assert (answer.status_code, answer.reason_phrase) == (status, phrase)
        assert answer.body == b"not today\n"
        await logged(hub.log, lambda event: event.text.endswith(f"refused with {status} {phrase}"))


async def test_a_server_that_is_not_there_yet_gets_all_in_order_when_it_comes():
    server = UserServer(speak)
    server.port = free_port("127.0.0.1")
    async with relayed(server) as (hub, agent):
        for number in range(1000):
            await agent.send(f"EARLY|{number}\n")
        await logged(hub.log, lambda event: event.args == "999")
        await server.start()
        await heard(agent, "END\n")
        await server.until(1000)
        assert server.got == [f"EARLY|{number}\n" for number in range(1000)]
        await logged(hub.log, lambda event: "1,000 messages were kept for it" in event.text)
    await server.kill()


async def test_killed_and_restarted_under_load_nothing_is_lost_and_nothing_doubled():
    async with user_server() as server, relayed(server) as (hub, agent):
        for number in range(3000):
            await agent.send(f"LOAD|{number}\n")
            if number % 20 == 0:
                await asyncio.sleep(0.001)
            if number % 500 == 200:
                server.stall()
            if number % 500 == 300:
                await server.kill()
                await server.start()
        await server.until(3000)
        assert server.got == [f"LOAD|{number}\n" for number in range(3000)]
        assert not [event for event in hub.log if event.kind == "disconnected" and not event.via]


async def test_a_slow_server_that_is_killed_costs_no_more_than_what_was_on_its_way():
    async with user_server() as server, relayed(server) as (_, agent):
        server.seconds_a_message = 0.002
        for number in range(500):
            await agent.send(f"LOAD|{number}\n")
        await server.until(50)
        await server.kill()
        server.seconds_a_message = 0.0
        await server.start()
        async with asyncio.timeout(GUARD):
            while "LOAD|499\n" not in server.got:
                await asyncio.sleep(0.01)
        missing = {f"LOAD|{number}\n" for number in range(500)} - set(server.got)
        assert len(missing) <= SMALLEST
        assert len(server.got) - len(set(server.got)) <= SMALLEST


async def test_a_server_that_answers_no_ping_gets_everything_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("mdxdash.hub.relay.forwarding.RECEIPT_WITHIN", 0.1)
    async with user_server() as server, relayed(server) as (_, agent):
        for connection in server.connections:
            pongless = connection.protocol
            pongless.send_frame = drop_pongs(pongless.send_frame)  # type: ignore[method-assign]
        for number in range(100):
            await agent.send(f"LOAD|{number}\n")
        await server.until(100)


async def test_restarted_properly_under_load_nothing_is_lost_and_nothing_doubled():
    async with user_server() as server, relayed(server) as (_, agent):
        restarts: list[asyncio.Task[None]] = []

        async def restart() -> None:
            await server.leave()
            await server.start()

        for number in range(3000):
            await agent.send(f"LOAD|{number}\n")
            if number % 5 == 0:
                await asyncio.sleep(0.001)
            if number % 500 == 200:
                server.stall()
            if number % 500 == 300:
                restarts.append(asyncio.create_task(restart()))
        await asyncio.gather(*restarts)
        await server.until(3000)
        assert server.got == [f"LOAD|{number}\n" for number in range(3000)]


async def test_a_server_that_closes_properly_is_dialled_again_too():
    async def leave(connection: ServerConnection) -> None:
        await asyncio.sleep(0.1)
        await connection.close(1012, "restart")

    async with user_server(leave) as server, relayed(server) as (hub, agent):
        await logged(hub.log, lambda event: "closed by the server with code 1012" in event.text)
        await logged(hub.log, lambda event: ", back after" in event.text)
        await agent.send("STILL_HERE\n")
        await server.until(1)


async def test_beyond_the_bound_nothing_is_kept_and_that_is_said():
    server = UserServer(speak)
    server.port = free_port("127.0.0.1")
    async with relayed(server, relay_bytes=65_536) as (hub, agent):
        for number in range(100):
            await agent.send(f"{number}|{'x' * 1000}\n")
        await logged(hub.log, lambda event: "65,536 bytes wait for the server" in event.text)
        await logged(hub.log, lambda event: event.type == "99")
        await server.start()
        back = await logged(hub.log, lambda event: "back after" in event.text)
        assert "65 messages were kept for it, 35 were not" in back.text
        await server.until(65)
        assert [str(message).partition("|")[0] for message in server.got] == [
            str(number) for number in range(65)
        ]
    await server.kill()


async def test_when_the_agent_goes_the_server_learns_it():
    async with user_server() as server, running_hub(relay=server.url) as hub:
        async with agent_at(hub.url) as agent:
            await agent.send("LAST\n")
        await logged(hub.log, lambda event: event.kind == "disconnected")
        await server.until(1)
        async with asyncio.timeout(GUARD):
            while server.connections:
                await asyncio.sleep(0.01)


async def test_an_agent_that_does_not_read_stops_the_server_and_nobody_else():
    sent = 0

    async def flood(connection: ServerConnection) -> None:
        nonlocal sent
        while True:
            await connection.send("FLOOD|" + "x" * 1000 + "\n")
            sent += 1

    async with user_server(flood) as server, relayed(server) as (hub, agent):
        agent.transport.pause_reading()
        before = -1
        async with asyncio.timeout(GUARD):
            while sent != before:
                before = sent
                await asyncio.sleep(0.3)
        faults = [event.text for event in hub.log if event.kind == "fault"]
        # It is too fast, too.
        assert all(text.startswith("server → agent: R112 ") for text in faults)
        agent.transport.resume_reading()
        async with asyncio.timeout(GUARD):
            for _ in range(before + 100):
                await agent.recv()


async def test_a_server_that_floods_is_read_in_small_pieces(monkeypatch: pytest.MonkeyPatch):
    sizes: list[int] = []
    take = UpstreamConnection.data_received

    def data_received(upstream: UpstreamConnection, data: bytes) -> None:
        sizes.append(len(data))
        take(upstream, data)

    monkeypatch.setattr(UpstreamConnection, "data_received", data_received)
    async with user_server() as server, relayed(server) as (_, agent):
        (connection,) = server.connections
        line = b"TEST_MESSAGE|1\n"
        connection.transport.write((bytes([0x81, len(line)]) + line) * 1000)
        for _ in range(1000):
            await agent.recv()
    assert max(sizes) <= SMALLEST_READ


async def test_dangerous_frames_are_flagged_and_with_a_guard_never_arrive():
    async def endanger(connection: ServerConnection) -> None:
        await connection.send("\n")
        await connection.send("STOP\n")
        await connection.send(["FRAG|", "MENT\n"])
        await connection.send("END\n")

    async with user_server(endanger) as server:
        async with relayed(server) as (hub, agent):
            assert await heard(agent, "END\n") == ["\n", "STOP\n", "FRAG|MENT\n", "END\n"]
            for code in ("R102", "R108", "R110"):
                await logged(hub.log, lambda e, code=code: e.kind == "fault" and code in e.text)
        async with relayed(server, relay_guard=True) as (hub, agent):
            assert await heard(agent, "END\n") == ["STOP\n\n\n", "FRAG|MENT\n", "END\n"]
            await logged(hub.log, lambda event: "R102" in event.text and "held" in event.text)
            await logged(hub.log, lambda event: "R108" in event.text and "repaired" in event.text)


async def test_a_command_is_not_put_into_the_middle_of_what_the_server_says():
    gone_on = asyncio.Event()

    async def half(connection: ServerConnection) -> None:
        await connection.send("HALF|")
        await gone_on.wait()
        await connection.send("x\n")

    async with user_server(half) as server, relayed(server) as (hub, agent):
        assert await agent.recv(decode=False) == b"HALF|"
        hub.send(parse_message("MINE"))
        await logged(hub.log, lambda event: "stopped in the middle" in event.text)
        gone_on.set()
        assert await agent.recv(decode=False) == b"x\n"
        assert await agent.recv(decode=False) == b"MINE\n"


async def test_what_a_server_left_half_said_is_ended_when_it_goes():
    async def half(connection: ServerConnection) -> None:
        await connection.send("HALF|")
        await connection.close()

    async with user_server(half) as server, relayed(server) as (_, agent):
        got = [await agent.recv(decode=False) for _ in range(3)]
        assert got == [b"HALF|", b"\n", b"HALF|"]


async def test_a_guarded_agent_survives_what_crashes_it_otherwise():
    async def crash(connection: ServerConnection) -> None:
        await connection.send("A|1\n")
        await connection.send("\n")
        await connection.send("\nB|1\n")
        await connection.send("C|1\n")

    async with user_server(crash) as server, running_hub(relay=server.url, relay_guard=True) as hub:
        agent = asyncio.create_task(Simulator(hub.url).run())
        await logged(hub.log, lambda event: event.type == "C" and event.echo is not None)
        agent.cancel()
        await asyncio.wait([agent])


SAMPLE = """
import asyncio, sys, websockets

async def handle(websocket):
    print("connected", flush=True)
    async def beat():
        while True:
            await websocket.send("TEST_MESSAGE\\n")
            await asyncio.sleep(0.1)
    task = asyncio.create_task(beat())
    async for message in websocket:
        print(f"Received message: {message}", flush=True)
    task.cancel()

async def main():
    async with websockets.serve(handle, "localhost", int(sys.argv[1])):
        await asyncio.Future()

asyncio.run(main())
"""
"""What the published samples do, the receiving and the sending one, as a program of today."""


async def printed_by_the_sample(between: bool) -> list[str]:
    """What the sample prints of a simulated agent's first moments, but for what is timed."""
    port = free_port("127.0.0.1")
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SAMPLE, str(port), stdout=asyncio.subprocess.PIPE
    )
    try:
        async with running_hub(relay=f"ws://localhost:{port}/chat") as hub:
            url = hub.url if between else f"ws://localhost:{port}/chat"
            agent = asyncio.create_task(Simulator(url, behavior=Content(), retries=1000).run())
            assert server.stdout is not None
            printed: list[str] = []
            async with asyncio.timeout(GUARD):
                while "Received message: PLUGIN_EVENT_ENABLE|Remote" not in printed:
                    line = (await server.stdout.readline()).decode().rstrip()
                    printed += [line] if line and "TEST_MESSAGE" not in line else []
            agent.cancel()
            await asyncio.wait([agent])
            return printed
    finally:
        server.kill()
        await server.wait()


async def test_the_sample_server_prints_the_same():
    alone, behind = await printed_by_the_sample(False), await printed_by_the_sample(True)
    assert alone[0] == "connected"
    assert alone == behind


async def test_what_passes_through_is_counted_too():
    async with user_server(speak) as server, relayed(server) as (hub, agent):
        got = await heard(agent, "END\n")
        counts = hub.agents[0].counts
        assert counts.frames_out == len(got)
        assert counts.bytes_out == sum(
            len(frame.encode() if isinstance(frame, str) else frame) for frame in got
        )


@pytest.mark.parametrize(("steady_after", "again"), [(-1.0, False), (1000.0, True)])
async def test_what_was_never_acknowledged_is_sent_again_unless_the_connection_was_steady(
    monkeypatch: pytest.MonkeyPatch, steady_after: float, again: bool
):
    monkeypatch.setattr("mdxdash.hub.relay.forwarding.STEADY_AFTER", steady_after)
    async with user_server() as server, relayed(server) as (hub, agent):
        for connection in server.connections:
            pongless = connection.protocol
            pongless.send_frame = drop_pongs(pongless.send_frame)  # type: ignore[method-assign]
        await agent.send("FIRST\n")
        await server.until(1)
        await server.kill()
        await server.start()
        await logged(hub.log, lambda event: "back after" in event.text)
        await agent.send("SECOND\n")
        await server.until(3 if again else 2)
        assert server.got == ["FIRST\n", *["FIRST\n"] * again, "SECOND\n"]


async def server_returns(hub: HubServer, times: int) -> None:
    """Waits until the relay has connected to the server again so many times."""

    def returned() -> int:
        return sum("back after" in event.text for event in hub.log)

    await logged(hub.log, lambda event: event.via == "server" and returned() >= times)


@pytest.mark.parametrize(("steady_after", "grows"), [(-1.0, False), (1000.0, True)])
async def test_the_pause_before_the_next_attempt_grows_unless_the_connection_was_steady(
    monkeypatch: pytest.MonkeyPatch, steady_after: float, grows: bool
):
    monkeypatch.setattr("mdxdash.hub.relay.forwarding.STEADY_AFTER", steady_after)
    monkeypatch.setattr("mdxdash.hub.relay.forwarding.FIRST_PAUSE", 0.0017)
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr("mdxdash.hub.relay.forwarding.asyncio.sleep", noted)

    async with user_server() as server, relayed(server) as (hub, _):
        for times in range(1, 4):
            await server_returns(hub, times - 1)
            for connection in list(server.connections):
                await connection.close()
        await server_returns(hub, 3)
    of_the_relay = [pause for pause in pauses if pause in (0.0017, 0.0034, 0.0068)]
    assert of_the_relay[:3] == ([0.0017, 0.0034, 0.0068] if grows else [0.0017] * 3)


async def test_a_server_that_has_acknowledged_once_gets_again_what_it_did_not(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("mdxdash.hub.relay.forwarding.STEADY_AFTER", -1.0)
    async with user_server() as server, relayed(server) as (hub, agent):
        relay = hub.agents[0].upstream
        assert isinstance(relay, Relay)
        await agent.send("FIRST\n")
        async with asyncio.timeout(GUARD):
            while not relay._acknowledges:
                await asyncio.sleep(0.01)
        server.stall()
        await agent.send("SECOND\n")
        await logged(hub.log, lambda event: event.type == "SECOND")
        await server.kill()
        await server.start()
        await server.until(2)
        assert server.got == ["FIRST\n", "SECOND\n"]


@pytest.mark.parametrize("guard", [False, True])
async def test_a_server_that_forgets_the_newline_is_reported_and_a_guard_adds_it(guard: bool):
    async def forgets(connection: ServerConnection) -> None:
        await connection.send("FIRST|こんにちは")
        await asyncio.sleep(GUARD)

    async with user_server(forgets) as server, relayed(server, relay_guard=guard) as (hub, agent):
        event = await logged(hub.log, lambda event: "R114" in event.text)
        assert 'It begins with "FIRST|こんにちは"' in event.text
        first = await asyncio.wait_for(agent.recv(decode=True), GUARD)
        assert first == ("FIRST|こんにちは\n" if guard else "FIRST|こんにちは")


async def test_a_large_message_is_judged_in_pieces_and_arrives_whole_and_in_order():
    """A guard reads 1 MiB of lines; between its pieces other work has its turn."""
    lines = [f"LINE|{number}" for number in range(60_000)]

    async def floods(connection: ServerConnection) -> None:
        await connection.send("\n".join(lines) + "\n")
        await connection.send("END\n")

    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with user_server(floods) as server, relayed(server, relay_guard=True) as (hub, agent):
        other = asyncio.create_task(others())
        received: list[str] = []
        async with asyncio.timeout(GUARD):
            while received[-1:] != ["END"]:
                received += str(await agent.recv(decode=True)).splitlines()
        other.cancel()
        assert received == [*lines, "END"]
        assert turns > len("\n".join(lines)) // PIECE_BYTES
        assert any("R109" in event.text for event in hub.log)
