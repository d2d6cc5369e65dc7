"""The send queue on a virtual clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.hub.traffic.send_queue import Outgoing, QueueFull, SendQueue
from mdxdash.wire.framing import FRAME_INTERVAL, FRAME_MAX_BYTES
from mdxdash.wire.message import Message


def line(text: str) -> Outgoing:
    return Outgoing.of(Message(text))


def test_a_line_that_finds_the_agent_idle_leaves_at_once():
    queue = SendQueue()
    queue.put(line("A"))
    assert queue.delay(100.0) == 0.0


def test_the_next_frame_waits_for_its_turn():
    queue = SendQueue()
    queue.put(line("A"))
    queue.take()
    queue.left(100.0)
    assert queue.delay(100.005) == pytest.approx(0.015)
    assert queue.delay(100.020) == 0.0


def test_lines_that_wait_share_frames_of_one_segment():
    queue = SendQueue()
    for number in range(500):
        queue.put(line(f"M{number:03}"))
    frames = []
    now = 0.0
    while queue:
        now += queue.delay(now)
        frames.append(queue.take())
        queue.left(now)
    sizes = [sum(len(outgoing.data) for outgoing in frame) for frame in frames]
    assert max(sizes) <= FRAME_MAX_BYTES
    assert len(frames) == 2
    assert now == pytest.approx(FRAME_INTERVAL)


def test_a_line_longer_than_a_segment_goes_alone():
    queue = SendQueue()
    for text in ("A", "B" * 1900, "C"):
        queue.put(line(text))
    assert [len(queue.take()) for _ in range(3)] == [1, 1, 1]


def test_a_full_queue_refuses_and_keeps_what_it_has():
    queue = SendQueue(limit=2)
    queue.put(line("A"))
    queue.put(line("B"))
    with pytest.raises(QueueFull, match="2 lines already wait"):
        queue.put(line("C"))
    assert [outgoing.message.type for outgoing in queue.drain()] == ["A", "B"]
    assert not queue


@given(st.lists(st.text("ABCDEF", min_size=1, max_size=1999), max_size=60))
def test_everything_leaves_in_order_in_safe_frames(texts: list[str]):
    queue = SendQueue()
    for text in texts:
        queue.put(line(text))
    left: list[str] = []
    now = 0.0
    while queue:
        now += queue.delay(now)
        frame = queue.take()
        queue.left(now)
        assert len(frame) == 1 or sum(len(each.data) for each in frame) <= FRAME_MAX_BYTES
        left += [each.message.type for each in frame]
    assert left == texts
