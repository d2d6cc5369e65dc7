"""A dialogue becomes a macro: what was said is sent again, and the same answers are expected."""

import pytest

from mdxdash.events.event import Event
from mdxdash.macros.files.text_editing import read_macro_text, text_of
from mdxdash.macros.from_turns import macro_from_turns
from mdxdash.macros.model import describe
from tests.support.dialogues import Followed, recorded_events, script
from tests.support.recorded import RECORDINGS

ASKED = (
    "1 RECOG_EVENT_START",
    "2 RECOG_EVENT_STOP|hello",
    "2.5 SYNTH_START|gene|happy|hi",
    "2.75 SYNTH_EVENT_START|gene",
    "2.75 LIPSYNC_START|gene|a,5000",
    "4 SYNTH_EVENT_STOP|gene",
)


def steps(events: list[Event]) -> list[str]:
    by_seq = {event.seq: event for event in events}
    macro = macro_from_turns("Test", Followed(events).turns, by_seq.get)
    assert read_macro_text(text_of(macro), (), None) == macro
    return [describe(step) for step in macro.steps]


def test_words_are_sent_and_the_answer_is_expected_in_time() -> None:
    assert steps(script(*ASKED)) == [
        "send RECOG_EVENT_START",
        "send RECOG_EVENT_STOP|hello",
        "expect type:SYNTH_START args:gene|*|hi (within 1s)",
        "expect type:SYNTH_EVENT_START args:gene (within 500ms)",
        "wait type:SYNTH_EVENT_STOP args:gene (10s)",
    ]


def test_an_interruption_comes_after_the_same_time() -> None:
    events = script(
        *ASKED[:5],
        "3.25 RECOG_EVENT_START",
        "3.5 SYNTH_STOP|gene",
        "3.5 SYNTH_EVENT_STOP|gene",
        "4 RECOG_EVENT_STOP|stop",
    )
    assert steps(events)[4:] == [
        "sleep 500ms",
        "send RECOG_EVENT_START",
        "send RECOG_EVENT_STOP|stop",
        "sleep 500ms",
    ]


def test_what_the_agent_says_by_itself_is_waited_for() -> None:
    assert steps(
        script("1 SYNTH_START|m|s|a", "1 SYNTH_EVENT_START|m", "2 SYNTH_EVENT_STOP|m")
    ) == [
        "wait type:SYNTH_START args:m|*|a (10s)",
        "wait type:SYNTH_EVENT_START args:m (10s)",
        "wait type:SYNTH_EVENT_STOP args:m (10s)",
    ]


def test_what_was_sent_is_sent_again() -> None:
    events = script("1 RECOG_EVENT_STOP|a {b}", "2 SYNTH_START|m|s|c", "2 SYNTH_EVENT_START|m")
    sent = events[1]
    events[1] = Event(
        2, sent.time, "received", "chat", sent.type, sent.args, echo=1, round_trip=0.01
    )
    assert steps(events)[:3] == [
        "send RECOG_EVENT_STOP|a {{b}",
        "send SYNTH_START|m|s|c",
        "expect type:SYNTH_EVENT_START args:m (within 2s)",
    ]


def test_the_real_dialogue_becomes_a_macro() -> None:
    found = steps(recorded_events(RECORDINGS / "dialogue.jsonl"))
    assert sum(step.startswith("send RECOG_EVENT_STOP") for step in found) == 19
    assert sum(step.startswith("expect") for step in found) == 34


def test_nothing_said_is_no_macro() -> None:
    with pytest.raises(ValueError, match="nothing was said"):
        macro_from_turns("Test", [], lambda seq: None)
