"""What was done by hand becomes a macro that does it again."""

import asyncio

import pytest

from mdxdash.events.event import Event, Kind
from mdxdash.filters.filter import parse
from mdxdash.macros.files.toml_form import macro_from_table, table_from_macro
from mdxdash.macros.from_events import commands_by_agent, macro_from_events
from mdxdash.macros.model import Macro, SendStep, Step, WaitStep
from mdxdash.wire.message import Message, parse_message
from tests.support.macro_agents import agent_at_work


def events(*lines: tuple[float, str]) -> list[Event]:
    """`→ TYPE|args` is sent, `← TYPE|args` received, `= TYPE|args` an echo."""
    kinds: dict[str, Kind] = {"→": "sent", "←": "received", "=": "received"}
    return [
        Event(
            seq,
            time,
            kinds[line[0]],
            "chat",
            parse_message(line[2:]).type,
            parse_message(line[2:]).args,
            echo=1 if line[0] == "=" else None,
        )
        for seq, (time, line) in enumerate(lines, 1)
    ]


def steps_of(*lines: tuple[float, str]) -> list[Step]:
    return list(macro_from_events("M", events(*lines)).steps)


def test_a_command_is_followed_by_a_wait_for_what_answered_it() -> None:
    assert steps_of(
        (0.0, "→ VALUE_SET|score|10"),
        (0.1, "= VALUE_SET|score|10"),
        (0.1, "← CURRENT_TIME|12|30"),
        (0.2, "← VALUE_EVENT_SET|other"),
        (0.2, "← VALUE_EVENT_SET|score"),
        (9.0, "→ TEST_MESSAGE"),
    ) == [
        SendStep(Message("VALUE_SET", "score|10")),
        WaitStep(parse("type:VALUE_EVENT_SET args:score")),
        SendStep(Message("TEST_MESSAGE")),
    ]


def test_a_long_wait_may_take_three_times_as_long() -> None:
    steps = steps_of(
        (0.0, "→ SYNTH_START|0|mei|hello"),
        (0.1, "← SYNTH_EVENT_START|0"),
        (6.0, "← SYNTH_EVENT_STOP|0"),
    )
    assert steps[1:] == [
        WaitStep(parse("type:SYNTH_EVENT_START args:0")),
        WaitStep(parse("type:SYNTH_EVENT_STOP args:0"), 18.0),
    ]


def test_a_value_that_the_agent_chose_may_be_another_next_time() -> None:
    steps = steps_of((0.0, "→ VALUE_GET|my score"), (0.1, "← VALUE_EVENT_GET|my score|10"))
    assert steps[1] == WaitStep(parse('type:VALUE_EVENT_GET args:"my score|*"'))


def test_answers_to_two_commands_that_come_together_may_come_the_other_way_round() -> None:
    steps = steps_of(
        (0.0, "→ VALUE_SET|a|1"),
        (0.0, "→ VALUE_SET|b|1"),
        (0.1, "← VALUE_EVENT_SET|b"),
        (0.1, "← VALUE_EVENT_SET|a"),
    )
    assert steps[2:] == [WaitStep(parse("type:VALUE_EVENT_SET args:a"))]


def test_answers_that_come_half_a_second_apart_keep_their_order() -> None:
    sent = ((10.0, "→ VALUE_SET|a|1"), (10.0, "→ VALUE_SET|b|1"), (11.0, "← VALUE_EVENT_SET|b"))
    waits = [WaitStep(parse(f"type:VALUE_EVENT_SET args:{name}")) for name in "ba"]
    assert steps_of(*sent, (11.5, "← VALUE_EVENT_SET|a"))[2:] == waits
    assert steps_of(*sent, (11.25, "← VALUE_EVENT_SET|a"))[2:] == waits[1:]


def test_two_answers_to_one_command_are_both_waited_for_however_close() -> None:
    steps = steps_of(
        (10.0, "→ SYNTH_START|0|mei|hello"),
        (10.1, "← SYNTH_EVENT_START|0"),
        (10.2, "← SYNTH_EVENT_STOP|0"),
    )
    assert steps[1:] == [
        WaitStep(parse("type:SYNTH_EVENT_START args:0")),
        WaitStep(parse("type:SYNTH_EVENT_STOP args:0")),
    ]


def test_an_answer_that_comes_again_is_waited_for_once() -> None:
    steps = steps_of(
        (0.0, "→ VALUE_SET|a|1"), (1.0, "← VALUE_EVENT_SET|a"), (2.0, "← VALUE_EVENT_SET|a")
    )
    assert steps[1:] == [WaitStep(parse("type:VALUE_EVENT_SET args:a"))]


def test_an_answer_belongs_to_the_oldest_command_that_waits_for_it() -> None:
    steps = steps_of(
        (0.0, "→ VALUE_SET|a|1"),
        (1.0, "→ VALUE_SET|a|2"),
        (5.0, "← VALUE_EVENT_SET|a"),
        (6.0, "← VALUE_EVENT_SET|a"),
    )
    wait = parse("type:VALUE_EVENT_SET args:a")
    assert steps[2:] == [WaitStep(wait, 15.0), WaitStep(wait, 15.0)]


def test_an_answer_without_arguments() -> None:
    assert steps_of((0.0, "→ VALUE_SET"), (0.1, "← VALUE_EVENT_SET"))[1:] == [
        WaitStep(parse("type:VALUE_EVENT_SET"))
    ]


@pytest.mark.parametrize(
    ("event", "answers"),
    [
        (Event(2, 0.1, "received", "chat", "VALUE_EVENT_SET", "a"), True),
        (Event(2, 0.1, "log", "chat", "VALUE_EVENT_SET", "a", level="Sent"), True),
        (Event(2, 0.1, "log", "chat", "VALUE_EVENT_SET", "a", level="Captured"), False),
        (Event(2, 0.1, "received", "chat", "VALUE_EVENT_SET", "a", echo=1), False),
        (Event(2, 0.1, "refused", "chat", "VALUE_EVENT_SET", "a"), False),
    ],
)
def test_what_can_be_an_answer(event: Event, answers: bool) -> None:
    sent = Event(1, 0.0, "sent", "chat", "VALUE_SET", "a|1")
    assert (len(macro_from_events("M", [sent, event]).steps) == 2) is answers


def test_the_commands_are_counted_by_agent_in_the_order_of_the_first() -> None:
    sent = [Event(1, 0.0, "sent", agent, "A", "") for agent in ("b", "a", "b")]
    counts = commands_by_agent([Event(1, 0.0, "received", "c", "A", ""), *sent])
    assert list(counts.items()) == [("b", 2), ("a", 1)]


def test_braces_are_kept_as_they_are() -> None:
    macro = macro_from_events(
        "M", events((0.0, "→ VALUE_SET|{a}|{"), (0.1, "← VALUE_EVENT_SET|{a}"))
    )
    assert macro.steps == (
        SendStep(Message("VALUE_SET", "{{a}|{{")),
        WaitStep(parse("type:VALUE_EVENT_SET args:{{a}")),
    )
    assert macro_from_table(table_from_macro(macro)) == macro


def test_what_only_a_person_can_answer_is_not_waited_for() -> None:
    assert (
        len(steps_of((0.0, "→ PROMPT_SHOW|Sure?|yes|no"), (1.0, "← PROMPT_EVENT_SELECTED|1"))) == 1
    )


def test_nothing_sent_makes_no_macro() -> None:
    with pytest.raises(ValueError, match=r"^nothing was sent: expected at least one command"):
        macro_from_events("M", events((0.0, "← CURRENT_TIME|12|30")))


BY_HAND = (
    "MODEL_ADD|1|models/gene/gene.pmd",
    "MOTION_ADD|1|nod|motions/nod.vmd|PART|ONCE",
    "VALUE_SET|{score}|10",
    "VALUE_GET|{score}",
    "SYNTH_START|1|mei_voice_normal|こんにちは",
    "TIMER_START|recorded|1",
    "MODEL_DELETE|1",
)


async def test_what_is_recorded_passes_when_it_is_run_again() -> None:
    async with agent_at_work() as agent:
        hub = agent.hub
        begin = hub.log.next_seq
        for line in BY_HAND:
            await agent.send(line)
            await asyncio.sleep(0.15)
        macro = macro_from_events("By hand", hub.log.slice(begin, hub.log.next_seq))
        waits = [step for step in macro.steps if isinstance(step, WaitStep)]
        assert len(waits) >= len(BY_HAND)
        for _ in range(2):
            assert (await agent.run(_written(macro))).state == "passed"


def _written(macro: Macro) -> Macro:
    """The macro as it is after it was saved and read."""
    return macro_from_table(table_from_macro(macro))
