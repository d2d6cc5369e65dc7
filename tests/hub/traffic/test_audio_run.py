"""Blocks of audio that follow each other are one event."""

import pytest

from mdxdash.hub.traffic.audio_run import LONGEST, PAUSE, AudioRun


def run(blocks: int, interval: float, payload: int = 960) -> AudioRun:
    made = AudioRun()
    for number in range(blocks):
        made.add(payload, payload + 7, 100.0 + number * interval)
    return made


@pytest.mark.parametrize(
    ("blocks", "interval", "text"),
    [
        (1, 0.0, "960 bytes of audio"),
        (2, 0.0, "2 blocks of audio, 1,920 bytes: 0.1 s of sound in 0.0 s"),
        (
            101,
            0.03,
            "101 blocks of audio, 96,960 bytes: 3.0 s of sound in 3.0 s, 33 blocks/s",
        ),
    ],
)
def test_a_run_is_described_by_blocks_seconds_and_rate(blocks: int, interval: float, text: str):
    assert run(blocks, interval).text == text


def test_a_run_is_over_after_a_pause_or_when_it_is_long():
    assert not AudioRun().is_over(float("inf"))
    assert not run(2, 0.5).is_over(100.5 + PAUSE - 0.01)
    assert run(2, 0.5).is_over(100.5 + PAUSE)
    assert not run(20, 0.5).is_over(109.9)
    assert run(20, 0.5).is_over(100.0 + LONGEST)


def test_a_run_counts_bytes_of_sound_and_on_the_wire():
    made = run(3, 0.1)
    assert (made.blocks, made.payload, made.size) == (3, 2880, 2901)
