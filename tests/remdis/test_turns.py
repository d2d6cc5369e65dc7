"""How long answers take: from the user's voice and words to the agent's text and voice."""

import pytest

from mdxdash.remdis.folding import Folding
from mdxdash.remdis.turns import Turn, Turns
from tests.remdis.test_folding import folded
from tests.support.remdis_traffic import Traffic, interruption, turn, unit


def turns_of(traffic: Traffic) -> list[Turn]:
    folding = Folding()
    folded(folding, traffic)
    return list(folding.turns.latest)


def test_latencies_are_measured_from_what_the_user_said():
    (found,) = turns_of(turn())
    assert found.said == "今日は天気は"
    assert found.text == "今日は天気は: 0.91 s = 0.41 asr + 0.20 dialogue + 0.30 tts"


def test_without_the_sound_of_the_microphone_they_begin_with_the_recognition():
    (found,) = turns_of([each for each in turn() if each[1] != "ain"])
    assert found.heard is None
    assert found.text == "今日は天気は: 0.50 s = 0.20 dialogue + 0.30 tts"


def test_without_the_texts_the_sound_alone_is_the_answer():
    traffic = [each for each in turn() if each[1] in ("asr", "tts") and each[0] > 0.8]
    (found,) = turns_of(traffic)
    assert found.text == "天気は: 0.50 s = 0.50 tts"


def test_an_interruption_is_a_turn_without_an_answer_yet():
    first, second = turns_of([each for each in turn() if each[0] < 2.2] + interruption())
    assert first.tts is not None
    assert second.text == "待って: no answer yet"


def test_an_answer_may_begin_before_the_words_are_settled():
    """The voice activity alone gives the turn to the agent."""
    (found,) = turns_of(
        [
            (0.0, "asr", unit("add", "はい", "a")),
            (0.5, "dialogue", unit("add", "どうも", "d", "Dialogue")),
            (0.8, "tts", unit("add", "AAAA", "t", "TTS", data_type="audio")),
            (1.0, "asr", unit("commit", "", "b")),
        ]
    )
    assert found.dialogue == pytest.approx(-0.5)
    assert found.tts == pytest.approx(-0.2)


def test_what_goes_on_speaking_is_no_further_answer():
    turns = Turns()
    turns.said("one", 0.0, 1.0)
    turns.text(1.5)
    turns.sound(2.0)
    turns.sound(4.0)
    turns.said("two", 5.0, 6.0)
    assert [(each.dialogue, each.tts) for each in turns.latest] == [(0.5, 1.0), (None, None)]


def test_a_turn_is_answered_once_its_answer_can_be_heard():
    turns = Turns()
    assert turns.answered is None
    turns.said("はい", 1.0, 1.2)
    turns.text(1.5)
    assert turns.answered is None
    turns.sound(1.7)
    assert turns.answered is turns.latest[-1]
