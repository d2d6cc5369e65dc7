"""Which events trigger a macro, its cooldown, and the guard against endless loops."""

import pytest

from mdxdash.events.event import Event, Kind
from mdxdash.filters.filter import Context, parse
from mdxdash.macros.model import Macro
from mdxdash.macros.running.triggers import MAX_LOOPS, MAX_STARTS, Trigger
from mdxdash.wire.message import Message
from tests.support.macro_stage import Stage

CONTEXT = Context(now=lambda: 0.0, marked=())


def stage_of(extra: str = "", *, on: str = "type:ASK", send: str = "REPLY|{args}") -> Stage:
    return Stage(f'[[macro]]\nname = "M"\non = "{on}"\nsend = "{send}"\n{extra}\n')


def trigger_of(macro: Macro) -> Trigger:
    return Trigger(macro, CONTEXT, {"left": ("chat", "chat-1")})


def asked(args: str = "", *, agent: str = "chat", type_: str = "ASK") -> Event:
    return Event(1, 0.0, "received", agent, type_, args)


def test_an_event_that_passes_the_filter_triggers_the_macro() -> None:
    stage = stage_of()
    event = stage.say("ASK|1")
    stage.say("OTHER|2")
    assert stage.sent == ["REPLY|1"]
    assert stage.runs.records[0].trigger is event


def test_an_agent_outside_of_the_target_triggers_nothing() -> None:
    stage = stage_of('target = "r*"')
    stage.say("ASK|1")
    stage.say("ASK|2", agent="room")
    assert stage.sent == ["room: REPLY|2"]


def test_a_target_can_be_a_group() -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK"), target="left"))
    assert trigger.take(asked(agent="chat-1"), 0.0)
    assert not trigger.take(asked(agent="chat-2"), 0.0)


def test_an_event_of_no_agent_triggers_nothing() -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK")))
    assert not trigger.take(asked(agent=""), 0.0)


def test_the_echo_of_what_a_person_or_a_program_sent_triggers() -> None:
    stage = stage_of()
    stage.say("ASK|1", echo=1, by="attach-2")
    stage.say("ASK|2", echo=1, by="program-chat")
    assert len(stage.sent) == 2


def test_the_echo_of_what_a_macro_sent_triggers_nothing() -> None:
    stage = stage_of()
    stage.say("ASK|1", echo=1, by="macro")
    stage.say("ASK|1", kind="sent")
    assert stage.sent == []


def test_parameters_are_filled_into_the_filter() -> None:
    stage = stage_of('params = { word = "hello you" }', on="type:ASK {word}", send="REPLY")
    stage.say("ASK|you hello")
    assert stage.sent == []
    stage.say("ASK|oh, hello you!")
    assert stage.sent == ["REPLY"]


def test_a_message_type_decides_whether_it_is_worth_looking_at_an_event() -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK hello")))
    assert trigger.may_match("ASK")
    assert not trigger.may_match("OTHER")


def test_a_cooldown_counts_from_the_last_start_on_each_agent() -> None:
    stage = stage_of('cooldown = "2s"')
    stage.say("ASK|1")
    stage.wait(1.75)
    stage.say("ASK|2")
    stage.say("ASK|3", agent="other")
    stage.wait(0.25)
    stage.say("ASK|4")
    assert stage.sent == ["REPLY|1", "other: REPLY|3", "REPLY|4"]


@pytest.mark.parametrize("kind", ["connected", "disconnected"])
def test_the_connections_of_the_users_own_server_are_not_the_agents(kind: Kind) -> None:
    stage = stage_of(on=f"kind:{kind}", send="A")
    stage.say("", kind=kind)
    stage.say("", kind=kind, via="server")
    assert stage.sent == ["A"]


def test_a_filter_that_mentions_the_server_matches_its_connections() -> None:
    stage = stage_of(on="kind:connected via:server", send="A")
    stage.say("", kind="connected")
    assert stage.sent == []
    stage.say("", kind="connected", via="server")
    assert stage.sent == ["A"]


# The guard against endless loops


def test_a_macro_that_triggers_itself_is_switched_off_after_20_loops_in_a_second() -> None:
    stage = stage_of(send="ASK_AGAIN")
    for _ in range(50):
        stage.wait(0.02)
        stage.say("ASK|same")
    assert len(stage.sent) == 21
    assert stage.reports == [
        'M on chat: the macro "M" triggered itself 20 times within a second: it is off now'
    ]
    assert not stage.scheduler.is_trigger_enabled("M")


def test_a_loop_through_a_reply_is_known_from_the_catalog() -> None:
    stage = stage_of(on="type:VALUE_EVENT_SET", send="VALUE_SET|{args}x|1")
    for number in range(50):
        stage.wait(0.02)
        stage.say(f"VALUE_EVENT_SET|a{'x' * number}")
    assert len(stage.sent) == 21


def test_loops_that_are_slow_may_go_on() -> None:
    stage = stage_of(send="ASK_AGAIN")
    for _ in range(200):
        stage.wait(0.0625)
        stage.say("ASK|same")
    assert (len(stage.sent), stage.reports) == (200, [])


def test_loops_are_counted_within_a_second_up_to_its_end() -> None:
    for last, outcome in ((0.75, "triggered itself 20 times within a second"), (1.0, "")):
        trigger = trigger_of(Macro("M", on=parse("type:ASK")))
        trigger.started(asked(), [Message("X")], 0.0)
        for _ in range(MAX_LOOPS):
            assert trigger.count(asked(), 0.0) == ""
        assert trigger.count(asked(), last) == outcome


def test_the_last_twenty_loops_are_counted_however_many_came_before() -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK")))
    trigger.started(asked(), [Message("X")], 0.0)
    times = [*range(100, 125), *[125.0] * MAX_LOOPS, 125.75]
    assert [trigger.count(asked(), time) for time in times[:-1]] == [""] * (len(times) - 1)
    assert trigger.count(asked(), times[-1])


def test_the_oldest_of_twenty_loops_decides() -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK")))
    trigger.started(asked(), [Message("X")], 0.0)
    for time in (100.0, *[100.75] * (MAX_LOOPS - 1), 101.0):
        assert trigger.count(asked(), time) == ""


def test_loops_on_one_agent_are_not_those_of_another() -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK")))
    for agent in ("chat", "other"):
        trigger.started(asked(agent=agent), [Message("X")], 0.0)
        for _ in range(MAX_LOOPS):
            assert trigger.count(asked(agent=agent), 0.0) == ""


def test_the_same_event_is_no_loop_if_the_macro_sent_nothing() -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK")))
    trigger.started(asked(), [], 0.0)
    for _ in range(MAX_LOOPS + 1):
        assert trigger.count(asked(), 0.0) == ""


@pytest.mark.parametrize("other", [asked("other"), asked(type_="ASK2")])
def test_another_event_is_no_loop(other: Event) -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK*")))
    trigger.started(asked(), [Message("X")], 0.0)
    for _ in range(MAX_LOOPS + 1):
        assert trigger.count(other, 0.0) == ""


def test_fifty_different_events_in_a_second_all_trigger() -> None:
    stage = stage_of()
    for number in range(50):
        stage.wait(0.01)
        stage.say(f"ASK|{number}")
    assert stage.sent == [f"REPLY|{number}" for number in range(50)]


def test_starts_without_end_are_stopped_whatever_the_events() -> None:
    stage = stage_of()
    for number in range(700):
        stage.wait(0.03)
        stage.say(f"ASK|{number}")
    assert len(stage.sent) == 600
    assert stage.reports == [
        'M on chat: the macro "M" was triggered 600 times within 30 seconds: it is off now'
    ]


def test_starts_are_counted_within_thirty_seconds_up_to_their_end() -> None:
    for last, outcome in ((29.5, "was triggered 600 times within 30 seconds"), (30.0, "")):
        trigger = trigger_of(Macro("M", on=parse("type:ASK")))
        for number in range(MAX_STARTS):
            assert trigger.count(asked(str(number)), 0.0) == ""
        assert trigger.count(asked("last"), last) == outcome


def test_the_oldest_of_600_starts_decides_however_many_came_before() -> None:
    trigger = trigger_of(Macro("M", on=parse("type:ASK")))
    times = [100.0, 100.0, 150.0, *[170.0] * (MAX_STARTS - 1), 180.0, 190.0]
    texts = [trigger.count(asked(str(number)), time) for number, time in enumerate(times)]
    assert texts[:-1] == [""] * (len(times) - 1)
    assert texts[-1]


def test_a_macro_that_is_switched_on_again_starts_counting_anew() -> None:
    stage = stage_of(send="ASK_AGAIN")
    for _ in range(30):
        stage.say("ASK|same")
    stage.scheduler.enable_trigger(stage.macros["M"])
    stage.say("ASK|same")
    assert len(stage.sent) == 22


def test_a_trigger_whose_regular_expression_takes_too_long_is_switched_off_and_reported() -> None:
    stage = Stage('[[macro]]\nname = "Slow"\non = "/a.*b.*c.*d/"\nsend = "NEVER"\n')
    stage.say("ASK|" + "abc" * 600)
    stage.say("ASK|abcd")
    assert stage.sent == []
    assert stage.reports == [
        'Slow on chat: the macro "Slow" cannot be triggered: '
        "/a.*b.*c.*d/ took over 5 ms on one event: it is off now"
    ]


# Rules beside `on`


def test_what_does_not_follow_in_time_triggers_the_macro_by_the_event_before() -> None:
    stage = stage_of('absent = "type:ANSWER"\nwithin = "5s"')
    stage.say("ASK|1")
    stage.wait(4.0)
    stage.say("ANSWER")
    stage.wait(9.0)
    assert stage.sent == []
    stage.say("ASK|2")
    stage.wait(5.1)
    assert stage.sent == ["REPLY|2"]


def test_too_many_events_in_a_minute_trigger_the_macro_once() -> None:
    stage = stage_of("above = 2")
    for number in range(5):
        stage.say(f"ASK|{number}")
    assert stage.sent == ["REPLY|2"]


def test_another_process_goes_on_waiting() -> None:
    stage = stage_of('absent = "type:ANSWER"\nwithin = "5s"')
    stage.say("ASK|1")
    stage.wait(3.0)
    stage.move()
    stage.wait(2.1)
    assert stage.sent == ["REPLY|1"]
