"""The names that steps can fill in, and their values."""

import pytest

from mdxdash.events.event import Event
from mdxdash.macros.running.variables import Variables
from mdxdash.macros.template import UnfillableError

EVENT = Event(1, 0.0, "received", "room", "NAME", "Mei|16")


def test_parameters_come_before_everything_else() -> None:
    variables = Variables("chat", {"who": "Mei", "type": "mine", "agent": "me"}, EVENT)
    assert [variables.value(name) for name in ("who", "type", "agent")] == ["Mei", "mine", "me"]


def test_the_agent_is_the_one_that_the_macro_runs_on() -> None:
    assert Variables("chat", {}).value("agent") == "chat"


def test_the_values_of_the_event_that_was_matched_last() -> None:
    variables = Variables("chat", {}, EVENT)
    names = ("type", "args", "args[0]", "args[1]")
    assert [variables.value(name) for name in names] == ["NAME", "Mei|16", "Mei", "16"]


def test_the_arguments_of_a_log_line_that_is_no_message_are_its_text() -> None:
    event = Event(1, 0.0, "log", "chat", text="a line")
    assert Variables("chat", {}, event).value("args") == "a line"


@pytest.mark.parametrize(
    ("name", "event", "text"),
    [
        ("type", None, "{type} has no value: no event was matched before"),
        (
            "args[2]",
            EVENT,
            "{args[2]} has no value: NAME came with 2 arguments, counted from 0",
        ),
        (
            "args[1]",
            Event(1, 0.0, "received", "chat", "A", "x"),
            "{args[1]} has no value: A came with 1 argument, counted from 0",
        ),
        ("nobody", EVENT, "{nobody} is no known name"),
    ],
)
def test_a_name_without_a_value(name: str, event: Event | None, text: str) -> None:
    with pytest.raises(UnfillableError) as caught:
        Variables("chat", {}, event).value(name)
    assert str(caught.value) == text
