"""What the agent plays of audio, and what harms it (PROTOCOL.md, *Audio*)."""

import pytest

from mdxdash.simulator.audio_player import AudioPlayer
from mdxdash.simulator.input_parser import Audio, AudioControl, Handled, Waiting
from tests.support.heard import noise

BREAK = AudioControl("SNDBRKS")
SOUND = noise(0.32)


def ready() -> AudioPlayer:
    player = AudioPlayer()
    player.feed(Handled(b"__AV_SETMODEL,0"), 0.0)
    return player


def test_sound_comes_out_whole_after_a_moment() -> None:
    player = ready()
    player.feed(Audio(SOUND), 1.0)
    player.feed(Audio(SOUND), 1.2)
    (played,) = player.played
    assert (played.model, played.pcm, played.begins) == ("0", SOUND + SOUND, 1.027)
    assert player.end == pytest.approx(1.027 + 0.64)
    assert (player.gaps, player.harms) == ([], [])


def test_without_a_model_it_vanishes() -> None:
    player = AudioPlayer()
    player.feed(Audio(SOUND), 1.0)
    assert (player.pcm, player.vanished) == (b"", len(SOUND))


def test_what_is_too_late_comes_later() -> None:
    player = ready()
    player.feed(Audio(SOUND), 1.0)
    player.feed(Audio(SOUND), 2.0)
    (gap,) = player.gaps
    assert gap.seconds == pytest.approx(0.688)
    assert player.pcm == SOUND + SOUND


def test_a_break_throws_less_than_a_unit_away_and_makes_a_gap_none() -> None:
    player = ready()
    player.feed(Audio(SOUND[:600]), 1.0)
    player.feed(BREAK, 1.0)
    player.feed(Audio(SOUND), 2.0)
    assert player.pcm == SOUND[:512] + SOUND
    assert player.gaps == []
    assert player.harms == ["the last samples of an utterance were thrown away"]


def test_more_than_it_holds_is_lost() -> None:
    player = ready()
    for _ in range(200):
        player.feed(Audio(SOUND), 1.0)
    assert len(player.pcm) < 61 * 32_000
    assert set(player.harms) == {"more than 60 s of sound: the rest is lost"}


@pytest.mark.parametrize(
    ("line", "harm"),
    [
        (b"__AV_END", "the mouth stays: __AV_END too early"),
        (b"__AV_SETMODEL,1", "the mouth of 0 stays: another model too early"),
        (b"__AV_SETMODEL,0", ""),
    ],
)
def test_the_mouth_stays_where_something_comes_too_early(line: bytes, harm: str) -> None:
    player = ready()
    player.feed(Audio(SOUND), 1.0)
    player.feed(Handled(line), 1.8)
    assert player.harms == ([harm] if harm else [])
    player.feed(Handled(b"__AV_END"), 1.9)
    assert len(player.harms) == bool(harm)


def test_odd_blocks_and_half_blocks_harm() -> None:
    player = ready()
    player.feed(Audio(SOUND[:513]), 1.0)
    player.feed(Waiting(b"SND9999", "the rest"), 1.01)
    assert player.harms == [
        "an odd block turns what follows into noise",
        "hangs: it waits for the rest of a block while it speaks",
    ]
