"""What all parts share: arguments, failures, numbers."""

import pytest

from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.content.part import ContentPart, to_number
from tests.support.content_parts import PartStage


class Doors(ContentPart):
    def __init__(self, agenda: Agenda) -> None:
        super().__init__(agenda)
        self.commands = {"DOOR_OPEN": (self._open, 2), "DOOR_CLOSE": (self._close, 1)}

    def _open(self, now: float, arguments: list[str]) -> None:
        self._issue(now, "DOOR_EVENT_OPEN", *arguments)
        self._issue(now + 5, "DOOR_EVENT_STOP", arguments[0], name=("DOOR", arguments[0]))

    def _close(self, now: float, arguments: list[str]) -> None:
        if not self._end(now, "DOOR", arguments[0]):
            self._log(now, "Warning", "was not open")


@pytest.fixture
def stage() -> PartStage:
    return PartStage(Doors)


def test_empty_arguments_are_dropped_and_later_ones_shift_left(stage: PartStage) -> None:
    assert stage.after("DOOR_OPEN||a||b", until=1) == [(0.0, "DOOR_EVENT_OPEN|a|b")]


def test_too_few_arguments_are_an_error_in_the_log(stage: PartStage) -> None:
    assert stage.after("DOOR_OPEN|a|") == [(0.0, "Error: DOOR_OPEN: too few arguments")]


def test_other_messages_cause_nothing(stage: PartStage) -> None:
    assert stage.after("DOOR_KNOCK|a|b", "door_open|a|b") == []


def test_what_runs_is_ended_early_with_its_event(stage: PartStage) -> None:
    stage.after("DOOR_OPEN|a|b", until=1)
    assert stage.after("DOOR_CLOSE|a", at=2) == [(2.0, "DOOR_EVENT_STOP|a")]


def test_what_does_not_run_is_not_ended(stage: PartStage) -> None:
    assert stage.after("DOOR_CLOSE|a") == [(0.0, "Warning: was not open")]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.5", 1.5), ("-2", -2.0), ("", 0.0), ("x", 0.0), ("inf", 0.0), ("nan", 0.0), ("1e400", 0.0)],
)
def test_a_text_without_a_finite_number_is_0(text: str, number: float) -> None:
    assert to_number(text) == number
