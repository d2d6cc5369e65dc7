"""Turns: what the user said, what was answered, and how long that took."""

import pytest

from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_taking import NOTES_MAX, SPEECHES_MAX
from mdxdash.events.event import Event
from tests.support.dialogues import BEGIN, Followed, follow, recorded_events, script
from tests.support.recorded import RECORDINGS

ANSWER = (
    "1 RECOG_EVENT_START",
    "2 RECOG_EVENT_STOP|hello",
    "2.1 SYNTH_START|m|s|hi",
    "2.3 SYNTH_EVENT_START|m",
    "2.6 LIPSYNC_EVENT_START|m",
    "4 SYNTH_EVENT_STOP|m",
)

WORDS = (
    "こんにちは",
    "私は誰",
    "私は佐藤です",
    "私は誰",
    "三秒計って",
    "おすすめは",
    "踊って",
    "着替えて",
    "友達は",
    "天気は",
    "ありがとう",
    "知らない言葉",
    "クイズ",
    "さん",
    "クイズ",
    "に",
    "もう一度",
    "お願い,もう一度",
    "さようなら",
)

# Worked out by hand from the seconds in the files: the words, SYNTH_START, SYNTH_EVENT_START,
# LIPSYNC_EVENT_START of each turn; None where nothing was answered.
MESSAGES = (
    (6.9445, 6.9751, 6.9752, 7.0268),
    (14.7682, 14.7885, 14.8189, 14.8191),
    (20.1426, 20.1797, 20.1799, 20.2109),
    (27.9443, 27.9645, 27.9971, 27.9978),
    (33.9637, 34.0143, 34.0143, 34.0548),
    (42.9448, 42.9460, 42.9462, 42.9798),
    (52.9536, 52.9995, 52.9995, 52.9996),
    (65.9671, 66.3637, 66.3638, 66.6819),
    (73.9627, 74.1850, 74.1851, 74.2960),
    (90.9452, 90.9750, 90.9912, 91.0582),
    (95.4426, 95.4756, 95.4756, 95.5180),
    None,
    (105.9645, 105.9646, 105.9647, 106.0051),
    (111.9541, 111.9542, 111.9543, 111.9846),
    (120.9545, 120.9546, 120.9546, 120.9871),
    (126.9421, 126.9743, 126.9743, 127.0151),
    None,
    (173.0447, 173.0447, 173.0447, 173.0781),
    (178.9561, 178.9561, 178.9562, 178.9870),
)

LOGGED = (
    (6.9416, 6.9722, 6.9723, 7.0026),
    (14.7437, 14.7734, 14.8137, 14.8138),
    (20.2544, 20.3693, 20.4007, 20.4010),
    (27.9529, 27.9838, 28.0111, 28.0113),
    (33.9576, 33.9780, 33.9781, 34.0083),
    (42.9565, 43.0431, 43.1037, 43.1040),
    (52.9345, 52.9651, 52.9652, 53.0058),
    (65.9980, 66.3775, 66.3775, 66.4229),
    (73.9544, 74.1311, 74.1312, 74.2247),
    (90.9518, 90.9898, 90.9899, 91.0561),
    (95.4644, 95.4947, 95.4948, 95.5352),
    None,
    (105.9625, 106.0259, 106.0260, 106.0637),
    (111.9555, 111.9864, 111.9864, 112.0275),
    (120.9613, 120.9919, 121.0221, 121.0639),
    (126.9622, 126.9951, 126.9954, 127.0260),
    None,
    (173.0525, 173.0836, 173.0836, 173.1470),
    (178.9429, 178.9734, 179.0160, 179.0162),
)

_Table = tuple[tuple[float, float, float, float] | None, ...]


def milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def user_turns(followed: Followed) -> list[Turn]:
    return [turn for turn in followed.turns if not turn.unasked]


def check_table(
    turns: list[Turn], table: tuple[tuple[float, float, float, float] | None, ...]
) -> None:
    assert len(turns) == len(table)
    for turn, row in zip(turns, table, strict=True):
        if row is None:
            assert turn.unanswered
            continue
        heard, decided, voice, mouth = row
        expected = (voice - heard, decided - heard, voice - decided, mouth - voice)
        found = (turn.latency, turn.deciding, turn.synthesis, turn.lips)
        for mine, by_hand in zip(found, expected, strict=True):
            assert mine == pytest.approx(by_hand, abs=0.0002), turn.words


def test_a_turn_has_the_words_the_answer_and_the_times_between() -> None:
    [turn] = follow(*ANSWER).turns
    assert (turn.words, turn.text, turn.complete) == ("hello", "hi", True)
    assert milliseconds(turn.latency) == 300
    assert milliseconds(turn.deciding) == 100
    assert milliseconds(turn.synthesis) == 200
    assert milliseconds(turn.lips) == 300


@pytest.mark.parametrize(
    ("name", "table"), [("dialogue.jsonl", MESSAGES), ("dialogue-alllog.jsonl", LOGGED)]
)
def test_the_real_dialogue_has_the_latencies_worked_out_by_hand(name: str, table: _Table) -> None:
    turns = user_turns(Followed(recorded_events(RECORDINGS / name)))
    assert tuple(turn.words for turn in turns) == WORDS
    check_table(turns, table)


def test_a_log_of_the_same_script_gives_the_same_turns_and_texts() -> None:
    logged, messages = (
        user_turns(Followed(recorded_events(RECORDINGS / name)))
        for name in ("dialogue-alllog.jsonl", "dialogue.jsonl")
    )
    assert [(turn.words, turn.text) for turn in logged] == [
        (turn.words, turn.text) for turn in messages
    ]


def test_words_without_an_answer() -> None:
    first, second = follow("1 RECOG_EVENT_STOP|a", *ANSWER[1:]).turns
    assert first.unanswered
    assert first.gave_up == BEGIN + 2
    assert not second.unanswered


def test_words_that_were_answered_silently_have_no_answer() -> None:
    [turn] = follow("1 RECOG_EVENT_STOP|a", "1.1 SYNTH_START|m|unknown|b").turns
    assert turn.unanswered
    assert turn.text == "b"
    assert milliseconds(turn.deciding) == 100


def test_an_answer_comes_in_time_or_is_none() -> None:
    late = ("40 SYNTH_START|m|s|late", "40 SYNTH_EVENT_START|m")
    first, second = follow("1 RECOG_EVENT_STOP|a", *late).turns
    assert first.unanswered
    assert second.unasked


def test_the_agent_speaks_unasked() -> None:
    [turn] = follow("1 SYNTH_START|m|s|a", "1 SYNTH_EVENT_START|m").turns
    assert turn.unasked
    assert turn.latency is None


def test_an_answer_in_several_sentences_is_one_turn() -> None:
    [turn] = follow(*ANSWER, "4.1 SYNTH_START|m|s|more", "4.2 SYNTH_EVENT_START|m").turns
    assert turn.text == "hi / more"


def test_what_is_said_after_a_silence_is_a_turn_of_its_own() -> None:
    later = ("9 SYNTH_START|m|s|later", "9 SYNTH_EVENT_START|m")
    assert [turn.unasked for turn in follow(*ANSWER, *later).turns] == [False, True]


def test_the_user_interrupts_and_the_speech_is_cut() -> None:
    first, second = follow(
        *ANSWER[:4],
        "2.3 LIPSYNC_START|m|a,5000",
        "3.3 RECOG_EVENT_START",
        "3.4 SYNTH_STOP|m",
        "3.5 SYNTH_EVENT_STOP|m",
        "4 RECOG_EVENT_STOP|stop",
    ).turns
    [interruption] = second.interruptions
    assert (interruption.model, interruption.predicted, interruption.cut) == ("m", 5.0, True)
    assert milliseconds(interruption.spoken) == 1000
    assert milliseconds(interruption.overlap) == 200
    assert first.speeches[0].cut


def test_the_user_interrupts_and_the_speech_goes_on() -> None:
    _, second = follow(
        *ANSWER[:4], "3 RECOG_EVENT_START", "3.5 RECOG_EVENT_STOP|b", "9 SYNTH_EVENT_STOP|m"
    ).turns
    assert [each.cut for each in second.interruptions] == [False]
    assert [milliseconds(each.overlap) for each in second.interruptions] == [500]


def test_a_speech_that_is_cut_after_the_words_is_still_known_to_be_cut_by_them() -> None:
    _, second = follow(
        *ANSWER[:4],
        "3 RECOG_EVENT_START",
        "3.5 RECOG_EVENT_STOP|b",
        "3.6 SYNTH_STOP|m",
        "3.7 SYNTH_EVENT_STOP|m",
    ).turns
    assert [each.cut for each in second.interruptions] == [True]


def test_words_that_were_not_recognised_make_no_turn() -> None:
    followed = follow(
        "1 RECOG_EVENT_START", *(f"{1 + float(a.split()[0])} {a.split(' ', 1)[1]}" for a in ANSWER)
    )
    assert len(followed.turns) == 1
    assert followed.turns[0].user_began == BEGIN + 2


def test_two_models_answer_one_turn() -> None:
    [turn] = follow(
        "1 RECOG_EVENT_STOP|a",
        "2 SYNTH_START|m|s|one",
        "2 SYNTH_START|n|s|two",
        "2.5 SYNTH_EVENT_START|n",
        "2.6 SYNTH_EVENT_START|m",
    ).turns
    assert [(each.model, each.text) for each in turn.speeches] == [("m", "one"), ("n", "two")]
    assert turn.answer is not None
    assert turn.answer.model == "n"


def test_motions_and_errors_are_noted() -> None:
    error = Event(9, BEGIN + 3, "log", "chat", text="no file", module="MMDAgent", level="Error")
    lines = script(*ANSWER[:4], "2.5 MOTION_ADD|m|bow|a.vmd")
    [turn] = Followed([*lines, error]).turns
    assert [(note.text, note.is_error) for note in turn.notes] == [
        ("m bow", False),
        ("MMDAgent: no file", True),
    ]


def test_a_turn_is_bounded() -> None:
    speeches = [f"2 SYNTH_START|m|s|{number}" for number in range(100)]
    motions = [f"2 MOTION_ADD|m|{number}|a.vmd" for number in range(100)]
    [turn] = follow("1 RECOG_EVENT_STOP|a", *speeches, *motions).turns
    assert len(turn.speeches) == SPEECHES_MAX
    assert len(turn.notes) == NOTES_MAX


def test_the_turns_of_a_lost_agent_are_complete() -> None:
    lost = Event(9, BEGIN + 3, "disconnected", "chat")
    [turn] = Followed([*script(*ANSWER[:4]), lost], finish=False).turns
    assert turn.complete


def test_a_turn_that_waits_is_not_complete() -> None:
    [turn] = Followed(script("1 RECOG_EVENT_STOP|a"), finish=False).turns
    assert not turn.complete
    assert not turn.unanswered
