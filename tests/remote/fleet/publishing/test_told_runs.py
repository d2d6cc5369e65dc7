"""Which runs of macros are published, and when."""

from typing import Any

import msgspec

from mdxdash.remote.fleet.publishing.told_runs import (
    ALL_INTERVAL,
    LONGEST_TEXT,
    OVER_MAX,
    RUNNING_MAX,
    SOON,
    STEPS_TOLD,
    ToldRuns,
)
from mdxdash.remote.protocol import Run, StepState


def run(number: int, **fields: Any) -> Run:
    return msgspec.structs.replace(Run(number, "Greet", "chat", 1.8e9, 0.0), **fields)


def test_what_has_changed_is_told_once_and_not_too_often():
    told = ToldRuns()
    assert told.due == float("inf")
    told.put(run(1), 10.0)
    assert [each.run for each in told.take(10.0)] == [1]
    assert not told.take(11.0)
    told.put(run(2), 11.0)
    assert [each.run for each in told.take(11.0)] == [2]
    told.put(run(1, state="passed"), 11.1)
    assert not told.take(11.1)
    assert told.due == 11.0 + SOON
    assert [(each.run, each.state) for each in told.take(11.0 + SOON)] == [(1, "passed")]


def test_all_are_told_now_and_then_and_to_a_new_connection():
    told = ToldRuns()
    told.put(run(1), 10.0)
    told.put(run(2, state="passed"), 10.0)
    told.take(10.0)
    assert not told.take(20.0)
    assert {each.run for each in told.take(10.0 + ALL_INTERVAL)} == {1, 2}
    told.tell_again()
    (first, second) = told.take(50.0)
    assert {first.run, second.run} == {1, 2}
    # Seconds since it began are those of now.
    assert first.age == 40.0
    told.forget()
    assert not told.take(500.0)


def test_runs_their_steps_and_their_texts_are_bounded():
    told = ToldRuns()
    steps = tuple(StepState(f"{n}", "x" * 5000, 0.0, note="y" * 5000) for n in range(100))
    for number in range(1, RUNNING_MAX + 50):
        told.put(run(number, steps=steps, failure="z" * 5000), 10.0)
    for number in range(1000, 1000 + OVER_MAX + 5):
        told.put(run(number, state="failed"), 10.0)
    runs = told.take(10.0)
    assert len(runs) == RUNNING_MAX + OVER_MAX
    last = runs[-1]
    assert [step.number for step in last.steps] == [f"{n}" for n in range(100 - STEPS_TOLD, 100)]
    texts = [last.failure, last.steps[0].text, last.steps[0].note]
    assert [len(text) for text in texts] == [LONGEST_TEXT] * 3
