"""What a macro is, and its steps in words."""

import pytest

from mdxdash.filters.filter import parse
from mdxdash.macros.model import (
    DEFAULT_MACROS,
    EVENT_VALUE,
    ExpectStep,
    Macro,
    RepeatStep,
    RunStep,
    SendStep,
    SetStep,
    SleepStep,
    SpeakStep,
    Step,
    StopSpeechStep,
    WaitStep,
    describe,
)
from mdxdash.wire.message import Message


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (SendStep(Message("A", "x|y")), "send A|x|y"),
        (WaitStep(parse('type:A  "b c"')), 'wait type:A  "b c" (10s)'),
        (WaitStep(parse("type:A"), 0.5, "continue"), "wait type:A (500ms)"),
        (ExpectStep(parse("type:A"), None, 60.0), "expect type:A (1m)"),
        (ExpectStep(parse("type:A"), parse("type:B")), "expect type:A, not type:B (10s)"),
        (SleepStep(1.0), "sleep 1s"),
        (RepeatStep(3, (SleepStep(1.0),)), "repeat 3"),
        (RunStep("Other", (("who", "me"),)), "run Other"),
        (SetStep("who", "args[0]"), "set who from args[0]"),
        (SpeakStep("greet.wav", model="0"), "play greet.wav"),
        (SpeakStep(say="こんにちは", voice="mei"), "say こんにちは"),
        (StopSpeechStep(), "stop speech"),
        (StopSpeechStep("0"), "stop speech of model 0"),
    ],
)
def test_a_step_as_a_line(step: Step, text: str) -> None:
    assert describe(step) == text


def test_the_body_is_what_is_sent_or_the_steps() -> None:
    sends = Macro("M", send=(Message("A"), Message("B")))
    assert sends.body == (SendStep(Message("A")), SendStep(Message("B")))
    assert Macro("M", steps=(SleepStep(1.0),)).body == (SleepStep(1.0),)


def test_macros_with_every_or_on_are_switched() -> None:
    assert Macro("M", every=1.0).is_switched
    assert Macro("M", on=parse("type:A")).is_switched
    assert not Macro("M").is_switched


def test_macros_that_do_the_same_are_equal_however_their_filters_are_written() -> None:
    macros = {Macro("M", on=parse("type:A  b")), Macro("M", on=parse('type:A "b"'))}
    assert len(macros) == 1
    assert Macro("M", on=parse("type:A")) != Macro("M", on=parse("type:B"))


def test_a_program_may_give_the_text_of_a_filter() -> None:
    assert Macro("M", on="type:A") == Macro("M", on=parse("type:A"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["type", "args", "agent", "args[0]", "args[9999]"])
def test_the_names_of_an_events_values(name: str) -> None:
    assert EVENT_VALUE.fullmatch(name)


@pytest.mark.parametrize("name", ["types", "args[]", "args[x]", "args[10000]", "text"])
def test_what_is_not_the_name_of_an_events_value(name: str) -> None:
    assert not EVENT_VALUE.fullmatch(name)


def test_without_a_file_the_test_message_can_be_sent_every_two_seconds() -> None:
    assert (Macro("Test message", (Message("TEST_MESSAGE"),), "1", 2.0),) == DEFAULT_MACROS


def test_names_that_are_no_parameters_are_all_named_in_order() -> None:
    macro = Macro("Greet", (), params=(("name", "x"),))
    assert macro.without(["name"]) == ""
    assert macro.without({"b": "1", "name": "2", "a": "3"}) == (
        'the macro "Greet" has no parameter a, b'
    )
