"""What is written to an agent over a real socket: which lines share a frame, when they leave."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.server import ServerConnection

from mdxdash.hub.server import HubServer
from mdxdash.hub.traffic.sound_source import SoundFrame
from mdxdash.wire.framing import FRAME_INTERVAL, FRAME_MAX_BYTES
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import raw_agent, running_hub
from tests.support.raw_connections import request
from tests.support.upstream_servers import user_server
from tests.support.waiting import GUARD, eventually, logged


async def test_lines_that_wait_leave_in_order_in_frames_that_keep_their_distance():
    async with running_hub() as hub, raw_agent(hub) as agent:
        for number in range(1000):
            hub.send(parse_message(f"NUMBER|{number}"))
        lines: list[bytes] = []
        arrivals: list[float] = []
        while len(lines) < 1000:
            frame = await asyncio.wait_for(agent.recv(decode=False), GUARD)
            arrivals.append(time.monotonic())
            assert len(frame) <= FRAME_MAX_BYTES
            lines += frame.splitlines()
        assert lines == [f"NUMBER|{number}".encode() for number in range(1000)]
        # As a whole, since single arrivals are blurred by the machine: never faster than the pace.
        assert arrivals[-1] - arrivals[0] > (len(arrivals) - 2) * FRAME_INTERVAL * 0.9


async def test_lines_of_one_turn_share_a_frame_and_are_recorded_when_they_have_left():
    async with running_hub() as hub, raw_agent(hub) as agent:
        await logged(hub.log, lambda event: event.kind == "connected")
        seen: list[tuple[int, str]] = []
        hub.log.subscribe(lambda event: seen.append((event.seq, event.type)))
        hub.log.subscribe(lambda event: hub.send(parse_message("C")) if event.type == "B" else None)
        for type_ in "AB":
            hub.send(parse_message(type_))
        assert not seen
        assert await asyncio.wait_for(agent.recv(decode=False), GUARD) == b"A\nB\n"
        # What a subscriber sends at once comes behind what it was called with, for all of them.
        assert await asyncio.wait_for(agent.recv(decode=False), GUARD) == b"C\n"
        assert [type_ for _, type_ in sorted(seen)] == [type_ for _, type_ in seen] == [*"ABC"]


async def test_a_line_that_is_queued_while_the_hub_lets_go_is_not_recorded_as_sent():
    async with running_hub() as hub, raw_agent(hub):
        await logged(hub.log, lambda event: event.kind == "connected")
        await asyncio.sleep(0)
        hub.send(parse_message("A"))
        hub.connected[0].let_go()
        await asyncio.sleep(FRAME_INTERVAL)
        assert not [event for event in hub.log if event.kind == "sent"]


async def test_an_idle_agent_gets_the_second_of_two_lines_after_the_interval():
    async with running_hub() as hub, raw_agent(hub) as agent:
        left: list[float] = []
        hub.log.subscribe(lambda event: left.append(time.monotonic()))
        for line in ("A", "B"):
            hub.send(parse_message(line))
            assert await asyncio.wait_for(agent.recv(decode=False), GUARD) == f"{line}\n".encode()
        assert left[1] - left[0] >= FRAME_INTERVAL * 0.9


async def test_a_line_waits_for_no_frame_that_a_sound_did_not_give():
    sound = EndedSound()
    async with running_hub() as hub, raw_agent(hub):
        agent = hub.connected[0]
        agent.play(sound)
        sound.due = 0.0
        agent.play(sound)
        await eventually(lambda: sound.asked)
        assert agent.queue.delay(time.monotonic()) == 0


async def test_a_line_that_waits_for_the_server_s_rest_stays_in_the_queue_while_there_is_no_room():
    go_on = asyncio.Event()

    async def talk(connection: ServerConnection) -> None:
        await connection.send("BEGIN|")
        await go_on.wait()
        await connection.send("y" * 300_000 + "\n")
        await connection.wait_closed()

    async with user_server(talk) as server, running_hub(relay=server.url) as hub:
        async with agent_that_does_not_read(hub):
            await eventually(lambda: mid_message(hub))
            hub.send(parse_message("MINE"))
            go_on.set()
            await eventually(lambda: hub.connected[0].paused and not mid_message(hub))
            await asyncio.sleep(3 * FRAME_INTERVAL)
            assert len(hub.connected[0].queue) == 1
        gone = await logged(hub.log, lambda event: event.type == "MINE")
        assert gone.kind == "refused"


async def test_a_line_stays_in_the_queue_when_the_sound_before_it_has_filled_the_room():
    async with running_hub() as hub:
        async with agent_that_does_not_read(hub):
            agent = hub.connected[0]
            agent.play(LoudSound())
            hub.send(parse_message("MINE"))
            await eventually(lambda: agent.paused)
            await asyncio.sleep(3 * FRAME_INTERVAL)
            assert len(agent.queue) == 1
        gone = await logged(hub.log, lambda event: event.type == "MINE")
        assert gone.kind == "refused"


@asynccontextmanager
async def agent_that_does_not_read(hub: HubServer) -> AsyncIterator[None]:
    with socket.socket() as silent:
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(silent, ("127.0.0.1", hub.port))
        await loop.sock_sendall(silent, request())
        await eventually(lambda: hub.connected)
        yield


def mid_message(hub: HubServer) -> bool:
    connection = hub.connected[0].connection
    return connection is not None and connection.mid_message


class LoudSound:
    """A sound of large frames, which are all due."""

    def next_at(self) -> float:
        return 0.0

    def take(self, now: float) -> SoundFrame:
        return SoundFrame(b"x" * 100_000)

    def stop(self, now: float) -> None:
        """Has nothing to stop."""

    def state(self, now: float) -> None:
        """Says nothing."""

    def lost(self) -> None:
        """Has nothing to lose."""


class EndedSound:
    """A sound that ends when its next frame is due."""

    def __init__(self) -> None:
        self.due = float("inf")
        self.asked = False

    def next_at(self) -> float:
        return self.due

    def take(self, now: float) -> SoundFrame | None:
        self.due, self.asked = float("inf"), True
        return None

    def stop(self, now: float) -> None:
        """Has nothing to stop."""

    def state(self, now: float) -> None:
        """Says nothing."""

    def lost(self) -> None:
        """Has nothing to lose."""
