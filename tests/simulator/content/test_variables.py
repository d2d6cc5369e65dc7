"""Variables and timers of the simulated content."""

import pytest

from mdxdash.simulator.content.variables import Variables
from tests.support.content_parts import PartStage


@pytest.fixture
def stage() -> PartStage:
    """A stage with the variable `v` set to 5."""
    stage = PartStage(Variables)
    assert stage.after("VALUE_SET|v|5") == [(0.0, "VALUE_EVENT_SET|v")]
    return stage


def texts(outputs: list[tuple[float, str]]) -> list[str]:
    return [text for _, text in outputs]


def test_a_value_is_read_back(stage: PartStage) -> None:
    assert texts(stage.after("VALUE_GET|v")) == ["VALUE_EVENT_GET|v|5"]


def test_a_value_may_hold_bars_or_nothing(stage: PartStage) -> None:
    stage.after("VALUE_SET|a|x|y", "VALUE_SET|b")
    assert texts(stage.after("VALUE_GET|a", "VALUE_GET|b")) == [
        "VALUE_EVENT_GET|a|x|y",
        "VALUE_EVENT_GET|b|(null)",
    ]


def test_a_removed_value_is_unknown(stage: PartStage) -> None:
    assert texts(stage.after("VALUE_UNSET|v", "VALUE_UNSET|v", "VALUE_GET|v")) == [
        "VALUE_EVENT_UNSET|v",
        'Warning: alias "v" not exist',
        'Warning: alias "v" not exist',
    ]


@pytest.mark.parametrize(
    ("operator", "results"),
    [
        ("EQ", "FALSE TRUE FALSE"),
        ("NE", "TRUE FALSE TRUE"),
        ("LE", "FALSE TRUE TRUE"),
        ("LT", "FALSE FALSE TRUE"),
        ("GE", "TRUE TRUE FALSE"),
        ("GT", "TRUE FALSE FALSE"),
    ],
)
def test_a_value_is_compared_as_a_number(stage: PartStage, operator: str, results: str) -> None:
    lines = [f"VALUE_EVAL|v|{operator}|{value}" for value in ("4", "5.0", "6")]
    assert [text.rpartition("|")[2] for text in texts(stage.after(*lines))] == results.split()


def test_the_result_of_a_comparison_repeats_it(stage: PartStage) -> None:
    assert texts(stage.after("VALUE_EVAL|v|GE|1")) == ["VALUE_EVENT_EVAL|v|GE|1|TRUE"]


def test_a_wrong_comparison_is_an_error(stage: PartStage) -> None:
    assert texts(stage.after("VALUE_EVAL|v|XX|1", "VALUE_EVAL|no|EQ|1")) == [
        "Error: evaluate: no operator XX",
        'Error: alias "no" not exist',
    ]


def test_a_timer_ends_after_its_seconds(stage: PartStage) -> None:
    assert stage.after("TIMER_START|t|1.5", at=1) == [
        (1.0, "TIMER_EVENT_START|t"),
        (2.5, "TIMER_EVENT_STOP|t"),
    ]


def test_a_running_timer_is_cancelled_by_a_new_start(stage: PartStage) -> None:
    stage.after("TIMER_START|t|5", until=0)
    assert stage.after("TIMER_START|t|5", at=1) == [
        (1.0, "TIMER_EVENT_CANCELLED|t"),
        (1.0, "TIMER_EVENT_START|t"),
        (6.0, "TIMER_EVENT_STOP|t"),
    ]


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_a_timer_without_a_time_does_not_start(stage: PartStage, seconds: str) -> None:
    assert stage.after(f"TIMER_START|t|{seconds}") == []


def test_a_timer_is_stopped_with_its_event(stage: PartStage) -> None:
    stage.after("TIMER_START|t|5", until=0)
    assert stage.after("TIMER_STOP|t", "TIMER_STOP|t", at=1) == [
        (1.0, "TIMER_EVENT_STOP|t"),
        (1.0, 'Warning: unset: alias "t" not exist'),
    ]


def test_a_timer_is_cancelled_whether_it_runs_or_not(stage: PartStage) -> None:
    stage.after("TIMER_START|t|5", until=0)
    assert stage.after("TIMER_CANCEL|t", "TIMER_CANCEL|t", at=1) == [
        (1.0, "TIMER_EVENT_CANCELLED|t"),
        (1.0, "TIMER_EVENT_CANCELLED|t"),
    ]
