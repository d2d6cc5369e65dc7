"""Percentiles of latencies, and the numbers of turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.dialogue import latencies
from mdxdash.dialogue.latencies import Durations, Latencies
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
