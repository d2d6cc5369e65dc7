"""Commands and the events that answer them."""

import pytest

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.dissect import dissect_command
from mdxdash.catalog.replies import anticipate, is_reply, replies
from mdxdash.wire.message import parse_message


@pytest.mark.parametrize(
    ("command", "event"),
    [
        ("SYNTH_START|mei|v|text", "SYNTH_EVENT_START|mei"),
        ("SYNTH_START|mei|v|text", "SYNTH_EVENT_STOP|mei"),
        ("MODEL_ADD||mei|a.pmd", "MODEL_EVENT_ADD|mei"),
        ("MOTION_ADD|mei|wave|a.vmd", "MOTION_EVENT_DELETE|mei|wave"),
        ("MENU|SETITEM|page|3|label|X", "MENU_EVENT|SETITEM|page|3"),
        ("PROMPT_SHOW|q|a|b", "PROMPT_EVENT_SELECTED|0"),
        ("VALUE_GET|dice", "VALUE_EVENT_GET|dice|3"),
        ("VALUE_GET|dice", "VALUE_EVENT_GET|dice|1|6"),
        ("VALUE_EVAL|x|GE|5", "VALUE_EVENT_EVAL|x|GE|5|TRUE"),
        ("TIMER_CANCEL", "TIMER_EVENT_CANCELLED"),
        ("TIMER_STOP|a|b", "TIMER_EVENT_STOP|a|b"),
        ("MODEL_BINDFACE|key|0|1|mei|あ|0|1", "MODEL_EVENT_BINDFACE|key|mei|あ"),
        ("RECOG_MODIFY|CHANGE_CONF|quiet", "RECOG_EVENT_MODIFY|CHANGE_CONF|quiet"),
        ("__AV_START", "AVATAR|START"),
        ("__AV_MESSAGE,MODEL_DELETE|mei", "MODEL_EVENT_DELETE|mei"),
    ],
)
def test_an_event_answers_its_command(command: str, event: str) -> None:
    assert is_reply(parse_message(command), parse_message(event))


@pytest.mark.parametrize(
    ("command", "event"),
    [
        ("SYNTH_START|mei|v|text", "SYNTH_EVENT_START|gene"),
        ("SYNTH_START|mei|v|text", "LIPSYNC_EVENT_START|mei"),
        ("MOTION_ADD|mei|wave|a.vmd", "MOTION_EVENT_ADD|mei"),
        ("MENU|ADD|page", "MENU_EVENT|DELETE|page"),
        ("VALUE_GET|dice", "VALUE_EVENT_GET|dice"),
        ("MODEL_BINDBONE|mei|head|0,0,0|0,0,0", "MODEL_EVENT_BINDBONE|0,0,0|head"),
        ("RECOG_MODIFY|GAIN|1.0", "PLUGIN_EVENT_DISABLE|Julius"),
        ("STAGE|room.pmd", "STAGE|room.pmd"),
        ("OWN|x", "OWN|x"),
    ],
)
def test_another_event_does_not(command: str, event: str) -> None:
    assert not is_reply(parse_message(command), parse_message(event))


def test_the_replies_come_in_order_with_their_time() -> None:
    found = replies(parse_message("SYNTH_START|mei|v|text"))
    assert [(str(reply), reply.when) for reply in found] == [
        ("SYNTH_EVENT_START|mei", "now"),
        ("SYNTH_EVENT_STOP|mei", "end"),
    ]


def test_a_value_that_the_agent_chooses_is_a_star() -> None:
    assert [str(reply) for reply in replies(parse_message("VALUE_GET|x"))] == [
        "VALUE_EVENT_GET|x|*"
    ]


def anticipated(*lines: str) -> AnnouncedState:
    state = AnnouncedState()
    state.observe("MODEL_EVENT_ADD", "mei")
    for line in lines:
        anticipate(state, dissect_command(line))
    return state


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("SPEAK_START|mei|a.wav", "speaking", "mei"),
        ("MOTION_ADD|mei|wave|a.vmd", "motion", "mei|wave"),
        ("MOTIONCAPTURE_START|mei|a.vmd", "motion capture", "mei"),
        ("TIMER_START|t|5", "timer", "t"),
        ("__AV_MESSAGE,TIMER_START|t|5", "timer", "t"),
    ],
)
def test_an_immediate_reply_is_anticipated_and_the_end_is_not(
    line: str, kind: str, name: str
) -> None:
    assert anticipated(line).exists(kind, name)


def test_the_end_of_what_a_command_starts_is_not_anticipated() -> None:
    assert anticipated("MODEL_DELETE|mei").exists("model", "mei")


def test_the_end_of_a_motion_capture_is_anticipated() -> None:
    state = anticipated("MOTIONCAPTURE_START|mei|a.vmd", "MOTIONCAPTURE_STOP|mei")
    assert not state.exists("motion capture", "mei")


def test_what_may_not_come_is_not_anticipated() -> None:
    assert not anticipated("PLUGIN_DISABLE|Network").was_disabled("Network")


def test_a_line_without_a_type_is_not_anticipated() -> None:
    assert anticipated("", "|A", "__AV_MESSAGE,").names("model") == ("mei",)
