"""What sets runs off, how they overlap, and what keeps them from going round for ever."""

import pytest

from mdxdash.events.event import Kind
from tests.support.macro_stage import Stage


def answering(extra: str = "", send: str = "ANSWER|{args}") -> Stage:
    return Stage(f'[[macro]]\nname = "M"\non = "type:ASK"\nsend = "{send}"\n{extra}\n')


def test_an_event_that_passes_sets_a_macro_off() -> None:
    stage = answering()
    asked = stage.say("ASK|1")
    stage.say("OTHER|2")
    assert stage.sent == ["ANSWER|1"]
    assert stage.runs.records[0].trigger is asked


def test_an_answer_goes_to_the_agent_that_asked() -> None:
    stage = answering('target = "r*"')
    stage.say("ASK|1")
    stage.say("ASK|2", agent="room")
    assert stage.sent == ["room: ANSWER|2"]


def test_an_echo_sets_nothing_off() -> None:
    stage = answering()
    stage.say("ASK|1", echo=1)
    stage.say("ASK|1", kind="sent")
    assert stage.sent == []


def test_parameters_can_stand_in_the_filter() -> None:
    stage = Stage(
        '[[macro]]\nname = "M"\nparams = { word = "hello you" }\n'
        'on = "type:ASK {word}"\nsend = "ANSWER"\n'
    )
    stage.say("ASK|you hello")
    assert stage.sent == []
    stage.say("ASK|oh, hello you!")
    assert stage.sent == ["ANSWER"]


def test_a_cooldown_is_counted_for_each_agent_from_its_last_answer() -> None:
    stage = answering('cooldown = "2s"')
    stage.say("ASK|1")
    stage.wait(1.9)
    stage.say("ASK|2")
    stage.say("ASK|3", agent="other")
    stage.wait(0.1)
    stage.say("ASK|4")
    assert stage.sent == ["ANSWER|1", "other: ANSWER|3", "ANSWER|4"]


OVERLAPPING = """\
[[macro]]
name = "M"
on = "type:ASK"
overlap = "{overlap}"
steps = [{{ send = "BEGIN|{{args}}" }}, {{ wait = "type:DONE" }}, {{ send = "END" }}]
"""


@pytest.mark.parametrize(
    ("overlap", "sent"),
    [
        ("skip", ["BEGIN|1", "END"]),
        ("queue", ["BEGIN|1", "END", "BEGIN|2", "END", "BEGIN|3"]),
        ("restart", ["BEGIN|1", "BEGIN|2", "BEGIN|3", "END"]),
        ("allow", ["BEGIN|1", "BEGIN|2", "BEGIN|3", "END", "END", "END"]),
    ],
)
def test_a_firing_while_the_macro_runs(overlap: str, sent: list[str]) -> None:
    stage = Stage(OVERLAPPING.format(overlap=overlap))
    for number in (1, 2, 3):
        stage.say(f"ASK|{number}")
    stage.say("DONE")
    stage.say("DONE")
    assert stage.sent == sent


def test_a_macro_runs_once_an_agent() -> None:
    stage = Stage(OVERLAPPING.format(overlap="skip"))
    stage.say("ASK|1")
    stage.say("ASK|2", agent="other")
    assert stage.sent == ["BEGIN|1", "other: BEGIN|2"]


def test_one_event_can_satisfy_a_wait_and_set_off_an_answer() -> None:
    stage = answering('[[macro]]\nname = "W"\nsteps = [{ wait = "type:ASK" }]')
    record = stage.run("W")
    stage.say("ASK|1")
    assert (record.state, stage.sent) == ("passed", ["ANSWER|1"])


def test_a_periodic_macro_fires_on_its_beat_while_it_is_on() -> None:
    stage = Stage('[[macro]]\nname = "M"\nevery = "2s"\nsteps = [{ send = "A" }]\n')
    stage.scheduler.start_periodic(stage.macros["M"], stage.now)
    stage.wait(5.0)
    stage.scheduler.stop_periodic("M")
    stage.wait(5.0)
    assert stage.sent == ["A"] * 3


def test_a_macro_that_sets_itself_off_is_stopped_after_20_rounds_in_a_second() -> None:
    stage = answering(send="ASK_AGAIN")
    for _ in range(50):
        stage.wait(0.02)
        stage.say("ASK|same")
    assert len(stage.sent) == 21
    assert stage.reports == [
        'M on chat: the macro "M" triggered itself 20 times within a second: it is off now'
    ]


def test_a_command_that_brings_its_own_trigger_is_known_from_the_catalog() -> None:
    stage = Stage(
        '[[macro]]\nname = "M"\non = "type:VALUE_EVENT_SET"\nsend = "VALUE_SET|{args}x|1"\n'
    )
    for number in range(50):
        stage.wait(0.02)
        stage.say(f"VALUE_EVENT_SET|a{'x' * number}")
    assert len(stage.sent) == 21


def test_rounds_that_are_slow_enough_may_go_on() -> None:
    stage = answering(send="ASK_AGAIN")
    for _ in range(200):
        stage.wait(0.06)
        stage.say("ASK|same")
    assert (len(stage.sent), stage.reports) == (200, [])


def test_fifty_different_questions_in_a_second_are_all_answered() -> None:
    stage = answering()
    for number in range(50):
        stage.wait(0.01)
        stage.say(f"ASK|{number}")
    assert stage.sent == [f"ANSWER|{number}" for number in range(50)]


def test_answers_without_end_are_stopped_whatever_they_answer() -> None:
    stage = answering()
    for number in range(700):
        stage.wait(0.03)
        stage.say(f"ASK|{number}")
    assert len(stage.sent) == 600
    assert stage.reports == [
        'M on chat: the macro "M" was triggered 600 times within 30 seconds: it is off now'
    ]


@pytest.mark.parametrize("kind", ["connected", "disconnected"])
def test_the_server_behind_the_hub_is_not_heard_to_come_and_go_for_an_agent(kind: Kind) -> None:
    stage = Stage(f'[[macro]]\nname = "M"\non = "kind:{kind}"\nsend = "A"\n')
    stage.say("", kind=kind)
    stage.say("", kind=kind, via="server")
    assert stage.sent == ["A"]


def test_a_filter_that_speaks_of_the_server_hears_it_come() -> None:
    stage = Stage('[[macro]]\nname = "M"\non = "kind:connected via:server"\nsend = "A"\n')
    stage.say("", kind="connected")
    assert stage.sent == []
    stage.say("", kind="connected", via="server")
    assert stage.sent == ["A"]
