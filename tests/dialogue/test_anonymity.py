"""No event says what the user said any more."""

import pytest

from mdxdash.dialogue.anonymity import anonymous
from mdxdash.events.event import Event
from tests.support.dialogues import recorded_events
from tests.support.recorded import RECORDINGS


def test_words_become_their_length() -> None:
    event = Event(1, 0.0, "received", "chat", "RECOG_EVENT_STOP", "こんにちは")
    assert anonymous(event).args == "(5 characters)"


@pytest.mark.parametrize(
    "event",
    [
        Event(1, 0.0, "received", "chat", "RECOG_EVENT_STOP", "\ufffd", undecoded="ff"),
        Event(1, 0.0, "log", "chat", text="sentence1: \ufffd", module="Julius", undecoded="ff"),
        Event(1, 0.0, "log", "chat", text="RECOG_EVENT_STOP|\ufffd", undecoded="ff"),
    ],
)
def test_the_bytes_of_words_that_were_no_utf8_are_left_out(event: Event) -> None:
    assert anonymous(event).undecoded == ""


def test_other_events_stay_as_they_are() -> None:
    event = Event(1, 0.0, "received", "chat", "SYNTH_START", "m|s|こんにちは")
    assert anonymous(event) is event


def test_what_the_recogniser_logs_is_hidden() -> None:
    line = Event(1, 0.0, "log", "chat", text="sentence1: はい", module="Julius", level="Status")
    assert anonymous(line).text == "(13 characters)"


@pytest.mark.parametrize("name", ["dialogue.jsonl", "dialogue-alllog.jsonl"])
def test_nothing_of_the_words_is_left_in_a_recording(name: str) -> None:
    for event in map(anonymous, recorded_events(RECORDINGS / name)):
        # In the list of what can be recognised, and in the agent's own texts, words may stand.
        if "RECOG_EVENT_STOP" in (event.type, event.text[:16]):
            assert "知らない言葉" not in event.args + event.text
        assert "RECOG_EVENT_STOP|知" not in event.text
