"""Two sessions beside each other."""

import pytest

from mdxdash.dialogue.comparison import Comparison
from mdxdash.dialogue.turn import Speech, Turn
from mdxdash.events.event import Event
from tests.support.changed_dialogues import again, delayed, without
from tests.support.dialogues import Followed, follow, recorded_events
from tests.support.recorded import RECORDINGS

EVENTS = recorded_events(RECORDINGS / "dialogue.jsonl")


def compared(old: list[Event], new: list[Event]) -> Comparison:
    return Comparison(Followed(old).turns, Followed(new).turns)


def differences(comparison: Comparison) -> list[tuple[str, str | None]]:
    return [
        (pair.difference, (pair.new or pair.old).words)  # type: ignore[union-attr]
        for pair in comparison.pairs
        if pair.difference
    ]


def test_a_session_is_like_itself() -> None:
    comparison = compared(EVENTS, EVENTS)
    assert differences(comparison) == []
    assert not comparison.changed
    assert comparison.verdict().startswith("The answers take as long as before")


def test_two_real_runs_of_one_script_are_alike() -> None:
    comparison = compared(EVENTS, recorded_events(RECORDINGS / "dialogue-alllog.jsonl"))
    assert differences(comparison) == []
    assert not comparison.changed


def test_half_of_the_answers_300_ms_later_is_a_change() -> None:
    comparison = compared(EVENTS, delayed(EVENTS, lambda turn: 0.3 * (turn % 2)))
    assert comparison.changed
    assert 0.1 < comparison.mean_change < 0.2
    assert "later in the mean of 17 turns. That is more than the noise" in comparison.verdict()
    assert comparison.slower_by(0.2)
    assert not compared(delayed(EVENTS, lambda turn: 0.3), EVENTS).slower_by(0.2)


def test_one_answer_far_later_than_the_others_is_named() -> None:
    comparison = compared(EVENTS, delayed(EVENTS, lambda turn: 3.0 * (turn == 3)))
    (late,) = differences(comparison)
    assert late[0] == "late"
    assert not comparison.changed  # in the mean that can be chance
    assert "1 turn stands out: 3,000 ms later" in comparison.verdict()
    assert comparison.slower_by(0.2)
    assert not compared(delayed(EVENTS, lambda turn: 3.0 * (turn == 3)), EVENTS).slower_by(0.2)


def test_two_turns_that_are_left_out_are_missing() -> None:
    comparison = compared(EVENTS, without(EVENTS, {5, 11}))
    missing = [words for difference, words in differences(comparison) if difference == "missing"]
    assert [words for words in missing if words] == ["三秒計って", "ありがとう"]
    assert comparison.count("new") == 0
    turned = compared(without(EVENTS, {5, 11}), EVENTS)
    assert turned.count("new") == comparison.count("missing")


@pytest.mark.parametrize("name", ["dialogue.jsonl", "dialogue-alllog.jsonl"])
def test_no_false_alarm_in_20_pairs_of_runs(name: str) -> None:
    events = recorded_events(RECORDINGS / name)
    for seed in range(20):
        comparison = compared(again(events, seed), again(events, seed + 100))
        assert not comparison.changed, comparison.verdict()
        assert comparison.count("") == len(comparison.pairs)


def test_what_is_answered_otherwise_or_in_another_order() -> None:
    old = follow(
        "1 RECOG_EVENT_STOP|a",
        "1 SYNTH_START|m|s|one",
        "1 SYNTH_EVENT_START|m",
        "2 SYNTH_EVENT_STOP|m",
        "9 RECOG_EVENT_STOP|b",
        "19 RECOG_EVENT_STOP|c",
    )
    new = follow(
        "1 RECOG_EVENT_STOP|a",
        "1 SYNTH_START|m|s|other",
        "1 SYNTH_EVENT_START|m",
        "2 SYNTH_EVENT_STOP|m",
        "9 RECOG_EVENT_STOP|c",
        "19 RECOG_EVENT_STOP|b",
        "29 RECOG_EVENT_STOP|d",
    )
    comparison = Comparison(old.turns, new.turns)
    assert sorted(differences(comparison)) == [
        ("answered otherwise", "a"),
        ("new", "d"),
        ("reordered", "c"),
    ]


def test_nothing_is_compared_with_nothing() -> None:
    comparison = Comparison([], [])
    assert comparison.verdict() == "No turn is answered in both sessions."
    assert comparison.pairs == ()


def answered(number: int, seconds: float, answer: str = "yes") -> Turn:
    speeches = (Speech("0", answer, voice=100 + seconds),)
    words = f"words {number}"
    return Turn(number, "chat", 99.0, words=words, heard=100.0, speeches=speeches, complete=True)


def test_an_answer_far_later_and_worded_otherwise_counts_as_both() -> None:
    old = [answered(number, 0.5) for number in range(10)]
    new = [*old[:7], answered(7, 1.5), answered(8, 8.5, "no"), old[9]]
    comparison = Comparison(old, new)
    assert differences(comparison) == [("late", "words 7"), ("answered otherwise", "words 8")]
    assert "2 turns stand out: up to 8,000 ms later" in comparison.verdict()
    only_otherwise = Comparison(old, [*old[:8], answered(8, 8.5, "no"), old[9]])
    assert only_otherwise.slower_by(0.2)
