"""Percentiles of latencies, and the numbers of turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.dialogue import latencies
from mdxdash.dialogue.latencies import Durations, Latencies
from mdxdash.dialogue.turn import Speech, Turn
from tests.support.dialogues import Followed, recorded_events
from tests.support.recorded import RECORDINGS


def test_percentiles_are_durations_that_were_taken() -> None:
    durations = Durations()
    for number in range(1, 21):
        durations.add(float(number))
    assert [durations.quantile(share) for share in (0, 0.5, 0.95, 1)] == [1, 10, 19, 20]
    assert (durations.last, durations.longest, len(durations)) == (20, 20, 20)


def test_nothing_has_no_percentiles() -> None:
    durations = Durations()
    assert (durations.quantile(0.5), durations.last, durations.longest) == (None, None, None)


@given(st.lists(st.floats(0, 100), max_size=30))
def test_only_the_newest_are_kept(numbers: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latencies, "KEPT", 5)
        durations = Durations()
        for number in numbers:
            durations.add(number)
    assert durations.longest == max(numbers[-5:], default=None)


def test_the_numbers_of_the_real_dialogue() -> None:
    numbers = Latencies()
    for turn in Followed(recorded_events(RECORDINGS / "dialogue.jsonl")).turns:
        numbers.add(turn)
    assert (numbers.turns, numbers.unanswered, numbers.unasked, numbers.interruptions) == (
        19,
        2,
        8,
        1,
    )
    assert len(numbers.answer) == 17
    median = numbers.answer.quantile(0.5)
    assert median is not None
    assert round(median * 1000) == 33


def spoken(number: int, seconds: float | None) -> Turn:
    """A turn of a user that was answered after so many seconds; None: never."""
    speeches = () if seconds is None else (Speech("0", "answer", voice=100 + seconds),)
    return Turn(number, "chat", 99.0, words="hi", heard=100.0, speeches=speeches, complete=True)


@pytest.mark.parametrize(
    ("limit", "slow"), [(None, [None, 3.0]), (0.4, [None, 0.5, 3.0]), (3.0, [None])]
)
def test_slow_is_what_is_over_the_limit_or_else_the_slowest_twentieth(
    limit: float | None, slow: list[float | None]
) -> None:
    numbers = Latencies()
    turns = [spoken(at, seconds) for at, seconds in enumerate([None, 0.5, *[0.1] * 10, 3.0])]
    for turn in turns:
        numbers.add(turn)
    assert [turn.latency for turn in turns if numbers.is_slow(turn, limit)] == slow


def test_where_all_answers_take_as_long_none_is_slow() -> None:
    numbers = Latencies()
    turns = [spoken(at, 0.0) for at in range(5)]
    for turn in turns:
        numbers.add(turn)
    assert not any(numbers.is_slow(turn, None) for turn in turns)
