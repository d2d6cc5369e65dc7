"""What a simulated agent does by itself: nothing, or a recording."""

import math

from mdxdash.simulator.behavior import Behavior, Playback
from mdxdash.wire.message import Message

FRAMES = [(0.5, b"A\n"), (0.5, b"B\n"), (2.0, b"C\n")]


def test_a_behavior_does_nothing_by_itself() -> None:
    behavior = Behavior()
    behavior.start(1.0)
    behavior.on_input(2.0)
    behavior.on_message(Message("A"), 2.0)
    assert behavior.step(1e9) == []
    assert behavior.next_time() == math.inf


def test_a_recording_is_played_from_its_start() -> None:
    playback = Playback(FRAMES)
    playback.start(10.0)
    assert playback.next_time() == 10.5
    assert playback.step(10.4) == []
    assert playback.step(10.5) == [b"A\n", b"B\n"]
    assert playback.next_time() == 12.0
    assert not playback.finished
    assert playback.step(99.0) == [b"C\n"]
    assert playback.finished
    assert playback.next_time() == math.inf


def test_a_recording_is_played_at_its_speed() -> None:
    playback = Playback(FRAMES, speed=4.0)
    playback.start(0.0)
    assert playback.next_time() == 0.125
    assert playback.step(0.5) == [b"A\n", b"B\n", b"C\n"]


def test_rounding_does_not_delay_a_frame() -> None:
    playback = Playback([(0.3, b"A\n")])
    playback.start(0.0)
    assert playback.step(0.1 + 0.1 + 0.1 - 1e-9) == [b"A\n"]


def test_an_empty_recording_is_finished() -> None:
    playback = Playback([])
    playback.start(0.0)
    assert playback.finished
    assert playback.step(1.0) == []
