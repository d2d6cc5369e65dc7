"""What is written to an agent over a real socket: which lines share a frame, when they leave."""

import asyncio
import time

from mdxdash.wire.framing import FRAME_INTERVAL, FRAME_MAX_BYTES
from mdxdash.wire.message import parse_message
from tests.support.hub_clients import raw_agent, running_hub
from tests.support.waiting import GUARD, logged


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
        hub.log.subscribe(lambda event: seen.append((event.seq, event.type)))
        seen: list[tuple[int, str]] = []
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
