"""No event says what the user said any more."""

import msgspec
import pytest

from mdxdash.dialogue.anonymity import Anonymity
from mdxdash.events.event import By, Event
from tests.support.dialogues import Followed, recorded_events
from tests.support.recorded import RECORDINGS
from tests.support.remdis_traffic import events_of, turn

SAID = "GEHEIM"

HEARD = Event(1, 0.0, "received", "chat", "RECOG_EVENT_STOP", SAID)


def anonymous(*events: Event) -> list[Event]:
    """Returns the events of a session without what was said in it."""
    anonymity = Anonymity()
    for event in events:
        anonymity.learn(event)
    return [anonymity.hide(event) for event in events]


def test_words_become_their_length() -> None:
    [event] = anonymous(Event(1, 0.0, "received", "chat", "RECOG_EVENT_STOP", "こんにちは"))
    assert event.args == "(5 characters)"


@pytest.mark.parametrize(
    "event",
    [
        Event(1, 0.0, "received", "chat", "RECOG_EVENT_STOP", "\ufffd", undecoded="ff"),
        Event(1, 0.0, "log", "chat", text="sentence1: \ufffd", module="Julius", undecoded="ff"),
        Event(1, 0.0, "log", "chat", text="RECOG_EVENT_STOP|\ufffd", undecoded="ff"),
        Event(1, 0.0, "received", "chat", "SYNTH_START", "0|v|\ufffd", undecoded="ff"),
    ],
)
def test_the_bytes_of_words_that_were_no_utf8_are_left_out(event: Event) -> None:
    assert anonymous(event)[0].undecoded == ""


def test_other_events_stay_as_they_are() -> None:
    event = Event(1, 0.0, "received", "chat", "SYNTH_START", "m|s|こんにちは")
    assert anonymous(event, HEARD)[0] is event


@pytest.mark.parametrize("module", ["Julius", "Plugin_ASR", "Kafka", ""])
def test_what_a_recogniser_logs_is_hidden(module: str) -> None:
    line = Event(1, 0.0, "log", "chat", text="sentence1: はい", module=module, level="Status")
    assert anonymous(line)[0].text == "(13 characters)"


@pytest.mark.parametrize("by", ["program-b", "program"])
def test_what_a_program_writes_to_its_standard_error_is_hidden(by: By) -> None:
    line = Event(1, 0.0, "log", text="heard no", module="program b", level="stderr", by=by)
    assert anonymous(line)[0].text == "(8 characters)"


REFUSED = Event(
    1, 0.0, "refused", "", "RECOG_EVENT_STOP", SAID, f"W102 RECOG_EVENT_STOP|{SAID}: holds"
)


def test_the_code_of_a_refusal_stays() -> None:
    assert anonymous(REFUSED)[0].text == "W102 RECOG_EVENT_STOP|(13 characters)"


@pytest.mark.parametrize(
    "event",
    [
        REFUSED,
        msgspec.structs.replace(REFUSED, text=f"{SAID} holds a line break"),
        msgspec.structs.replace(REFUSED, args="", text=SAID, cut=True),
        msgspec.structs.replace(REFUSED, type="__AV_MESSAGE,RECOG_EVENT_STOP"),
        msgspec.structs.replace(HEARD, type="__AV_MESSAGE,RECOG_EVENT_STOP"),
        msgspec.structs.replace(HEARD, type="|RECOG_EVENT_STOP"),
        msgspec.structs.replace(HEARD, type="", args=f"RECOG_EVENT_STOP|{SAID}"),
        msgspec.structs.replace(HEARD, type="RECOG_EVENT_STOP\r"),
        msgspec.structs.replace(HEARD, type="recog_event_stop"),
        msgspec.structs.replace(HEARD, type=f"RECOG_EVENT_STOP|{SAID}", args=""),
        msgspec.structs.replace(HEARD, type="BUTTON_ADD", args=f"b|RECOG_EVENT_STOP|{SAID}"),
        msgspec.structs.replace(HEARD, type="X", args="", text=f"recog_event_stop|{SAID}"),
        Event(1, 0.0, "fault", text=f"no `type:RECOG_EVENT_STOP {SAID}` within 3 s", by="macro"),
    ],
)
def test_the_words_are_hidden_in_each_form_of_their_message(event: Event) -> None:
    [hidden] = anonymous(event)
    assert SAID not in hidden.type + hidden.args + hidden.text


@pytest.mark.parametrize(
    "event",
    [
        Event(2, 0.0, "sent", "chat", "SYNTH_START", f"0|v|You said {SAID}."),
        Event(2, 0.0, "sent", "chat", "SYNTH_START", f"0|v|You said {SAID.lower()}"),
        Event(2, 0.0, "received", "chat", "CAPTION_START", f"c|ax{SAID}x|x"),
        Event(2, 0.0, "fault", text=f"macro x: no `args:{SAID}` within 3 s", by="macro"),
        Event(2, 0.0, "log", text=f"x={SAID}", module="Variables", level="Status"),
        Event(2, 0.0, "sent", "chat", f"Say {SAID}"),
        Event(2, 0.0, "received", "chat", "TEXTAREA_SET", f"t|İ{SAID}"),
    ],
)
@pytest.mark.parametrize(
    "heard", [HEARD, REFUSED, msgspec.structs.replace(HEARD, args=f"{SAID}。")]
)
def test_what_was_said_is_hidden_wherever_it_is_repeated(event: Event, heard: Event) -> None:
    hidden = anonymous(event, heard)[0]
    assert SAID not in (hidden.type + hidden.args + hidden.text).upper()
    assert "(6 characters)" in hidden.type + hidden.args + hidden.text


@pytest.mark.parametrize(("said", "args"), [("0", "0|v|10"), ("art", "0|v|start")])
def test_a_short_text_is_not_searched_inside_of_others(said: str, args: str) -> None:
    heard = msgspec.structs.replace(HEARD, args=said)
    assert anonymous(heard, Event(2, 0.0, "sent", "chat", "SYNTH_START", args))[1].args == args


def test_a_long_text_is_hidden_from_its_beginning_on() -> None:
    heard = msgspec.structs.replace(HEARD, args="ab" * 5000)
    answer = Event(2, 0.0, "sent", "chat", "SYNTH_START", f"0|v|{'ab' * 5000} yes")
    assert anonymous(heard, answer)[1].args == "0|v|(10004 characters)"


@pytest.mark.parametrize("name", ["dialogue.jsonl", "dialogue-alllog.jsonl"])
def test_nothing_of_the_words_is_left_in_a_recording(name: str) -> None:
    for event in anonymous(*recorded_events(RECORDINGS / name)):
        assert "知らない言葉" not in event.args + event.text


def test_the_words_of_remdis_are_hidden_whole_and_where_its_agent_repeats_them() -> None:
    events = events_of(turn())
    said = "今日は天気は"
    repeated = msgspec.structs.replace(
        next(event for event in reversed(events) if event.module == "dialogue" and event.text),
        text=f"{said}。晴れです。",
    )
    hidden = anonymous(*events, repeated)
    assert not [event for event in hidden if said in event.text]
    (found, *_) = Followed(hidden[:-1]).turns
    assert found.words == "(6 characters)"
