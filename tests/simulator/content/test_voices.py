"""Speech, lips, sounds and captions of the simulated content."""

import pytest

from mdxdash.simulator.content.voices import SECONDS_A_CHARACTER, SILENCE, Voices, phonemes
from tests.support.content_parts import PartStage


@pytest.fixture
def stage() -> PartStage:
    return PartStage(Voices)


def test_speech_takes_its_time_and_moves_the_lips(stage: PartStage) -> None:
    assert stage.after("SYNTH_START|mei|normal|あいう") == [
        (0.0, "SYNTH_EVENT_START|mei"),
        (0.0, f"LIPSYNC_START|mei|{phonemes('あいう')}"),
        (round(2 * SILENCE + 3 * SECONDS_A_CHARACTER, 3), "SYNTH_EVENT_STOP|mei"),
    ]


def test_new_speech_ends_the_old(stage: PartStage) -> None:
    stage.after("SYNTH_START|mei|normal|あいう", until=0)
    outputs = stage.after("SYNTH_START|mei|normal|え", at=0.2)
    assert outputs[:2] == [(0.2, "SYNTH_EVENT_STOP|mei"), (0.2, "SYNTH_EVENT_START|mei")]
    assert [text for _, text in outputs].count("SYNTH_EVENT_STOP|mei") == 2


def test_stopped_speech_stops_the_lips(stage: PartStage) -> None:
    assert stage.after("SYNTH_STOP|mei") == []
    stage.after("SYNTH_START|mei|normal|あいう", until=0)
    assert stage.after("SYNTH_STOP|mei", at=0.1) == [
        (0.1, "SYNTH_EVENT_STOP|mei"),
        (0.1, "LIPSYNC_STOP|mei"),
    ]


def test_lips_move_for_their_milliseconds(stage: PartStage) -> None:
    assert stage.after("LIPSYNC_START|mei|a,200,i,x,u,150") == [
        (0.0, "LIPSYNC_EVENT_START|mei"),
        (0.35, "LIPSYNC_EVENT_STOP|mei"),
    ]
    stage.after("LIPSYNC_START|mei|a,900", until=0)
    assert stage.after("LIPSYNC_STOP|mei", at=0.1) == [(0.1, "LIPSYNC_EVENT_STOP|mei")]


def test_a_sound_plays_to_its_end_or_is_stopped(stage: PartStage) -> None:
    assert stage.after("SOUND_START|s|a.wav") == [
        (0.02, "SOUND_EVENT_START|s"),
        (1.6, "SOUND_EVENT_STOP|s"),
    ]
    stage.after("SOUND_START|s|a.wav", at=2, until=2.1)
    assert stage.after("SOUND_STOP|s", at=2.5) == [(2.5, "SOUND_EVENT_STOP|s")]


def test_a_caption_is_shown_for_its_seconds(stage: PartStage) -> None:
    line = "CAPTION_START|c|style|text|2.5|CENTER|0.5|90"
    assert stage.after(line) == [(0.01, "CAPTION_EVENT_START|c"), (2.5, "CAPTION_EVENT_STOP|c")]
    stage.after(line, at=3, until=3.1)
    assert stage.after("CAPTION_STOP|c", at=4) == [(4.0, "CAPTION_EVENT_STOP|c")]


def test_phonemes_are_a_vowel_a_character_between_silences() -> None:
    assert phonemes("") == "sil,150,sil,150"
    assert phonemes("abcdef") == "sil,150,u,130,e,130,o,130,a,130,i,130,u,130,sil,150"
