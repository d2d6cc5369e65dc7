"""The exchanges of Remdis as lanes, and the turns of its dialogue."""

from typing import Any

import pytest

from mdxdash.dialogue.interval import in_order
from mdxdash.dialogue.remdis_lanes import SPEAKER
from mdxdash.events.event import Event
from tests.support.dialogues import BEGIN, Followed
from tests.support.remdis_traffic import Traffic, events_of, interruption, turn, unit


def followed(traffic: Traffic) -> Followed:
    return Followed(events_of(traffic, BEGIN))


def test_each_exchange_is_a_lane_from_the_users_sound_to_the_agents():
    found = followed(turn())
    lanes = in_order({each.lane for each in found.intervals})
    assert [lane.name for lane in lanes] == [
        *("ain", "asr", "vap", "score", "bc", "emo_act", "dialogue", "dialogue2", "tts"),
    ]
    # Where the user is heard: the silence of the microphone is no bar.
    assert found.lane("ain") == [(0.0, 0.995, "")]
    assert found.lane("asr") == [(0.3, 1.4, "")]
    assert found.texts("asr") == ["今日は天気は"]
    assert found.lane("dialogue") == [(0.61, 0.61, ""), (1.6, 1.8, "")]
    assert found.lane("tts") == [(0.62, 0.62, ""), (1.9, 2.9, "")]
    assert found.lane("score") == [(0.0, 3.9, "")]
    assert found.lane("vap") == [(0.05, 0.05, ""), (1.5, 1.5, "")]


def test_the_turn_has_its_latency_from_the_words_to_the_voice():
    (found,) = followed(turn()).turns
    assert (found.words, found.text) == ("今日は天気は", "晴れです。")
    assert found.user_began == pytest.approx(BEGIN + 0.3)
    assert found.latency == pytest.approx(0.5)
    assert found.deciding == pytest.approx(0.2)
    assert found.synthesis == pytest.approx(0.3)
    assert [note.text for note in found.notes] == ["action nod", "expression joy, action nod"]
    (speech,) = found.speeches
    assert (speech.model, speech.end) == (SPEAKER, pytest.approx(BEGIN + 2.9))


def test_an_interrupted_answer_is_cut():
    traffic = [each for each in turn() if each[0] < 2.2] + interruption()
    first, second = followed(traffic).turns
    assert first.speeches[0].cut
    (cut,) = second.interruptions
    assert (cut.cut, cut.spoken) == (True, pytest.approx(0.4))
    assert (second.words, second.unanswered) == ("待って", True)


def test_an_answer_before_the_words_are_settled_is_of_their_turn():
    (found,) = followed(
        [
            (0.0, "asr", unit("add", "はい", "a")),
            (0.5, "dialogue", unit("add", "どうも", "d", "Dialogue")),
            (0.8, "tts", unit("add", "AAAA", "t", "TTS", data_type="audio")),
            (1.0, "asr", unit("commit", "", "b")),
            (1.1, "dialogue", unit("commit", "", "e", "Dialogue")),
        ]
    ).turns
    assert (found.words, found.text) == ("はい", "どうも")
    assert found.latency == pytest.approx(0.3)


def test_an_end_without_a_start_still_draws_its_bar():
    """As where the hub came later."""
    events = [each for each in events_of(turn(), BEGIN) if each.level != "start"]
    found = Followed(events)
    assert found.lane("asr") == [(0.3, 1.4, "")]
    assert found.turns[0].latency == pytest.approx(0.5)


@pytest.mark.parametrize(
    "fields",
    [
        {"args": "x|y|z", "level": "end"},
        {"args": "1|-5|1e400", "level": "end"},
        {"args": "", "level": "end"},
        {"args": "|||", "level": "start"},
        {"args": "1|0|0|²", "level": "end"},
        {"level": "revoked", "module": "dialogue"},
        {"level": "end", "module": "tts", "args": "1|nan|inf"},
    ],
)
def test_events_of_any_form_are_taken(fields: dict[str, Any]):
    event = {"seq": 1, "time": BEGIN, "kind": "log", "agent": "remdis", "by": "remdis"}
    Followed([Event(**{"module": "asr", **event, **fields})] * 3)


def test_a_second_early_answer_is_of_the_same_turn():
    (found,) = followed(
        [
            (0.0, "asr", unit("add", "はい", "a")),
            (0.4, "dialogue", unit("add", "どう", "d1", "Dialogue")),
            (0.5, "dialogue", unit("commit", "", "d2", "Dialogue")),
            (0.7, "dialogue", unit("add", "どうも", "d3", "Dialogue")),
            (0.9, "dialogue", unit("commit", "", "d4", "Dialogue")),
            (1.0, "asr", unit("commit", "", "a2")),
            (1.2, "tts", unit("add", "AAAA", "t", "TTS", data_type="audio")),
        ]
    ).turns
    assert (found.words, found.user_began) == ("はい", BEGIN)
