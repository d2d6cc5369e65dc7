"""One run on a clock that the tests turn: what satisfies a wait, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.macros.running.execution import SENT_KEPT
from mdxdash.macros.running.run_log import RunRecord
from tests.support.macro_stage import Stage


def stage_of(steps: str, *, more: str = "") -> Stage:
    return Stage(f'[[macro]]\nname = "M"\n{more}\nsteps = [{steps}]\n')


def notes(record: RunRecord) -> list[str]:
    return [f"{step.number} {step.text}" for step in record.steps]


def test_steps_are_done_in_order_at_their_times() -> None:
    stage = stage_of('{ send = "A" }, { wait = "type:B" }, { sleep = "2s" }, { send = "C|1" }')
    stage.now = 100.0
    record = stage.run("M")
    stage.wait(3.0)
    reply = stage.say("B|x")
    assert stage.sent == ["A"]
    stage.wait(1.9)
    assert (stage.sent, record.state) == (["A"], "running")
    stage.wait(0.1)
    assert (stage.sent, record.state, record.took) == (["A", "C|1"], "passed", 5.0)
    assert [(step.text, step.started, step.ended) for step in record.steps] == [
        ("send A", 0.0, 0.0),
        ("wait type:B (10s)", 0.0, 3.0),
        ("sleep 2s", 3.0, 5.0),
        ("send C|1", 5.0, 5.0),
    ]
    assert record.steps[1].event is reply


def test_a_wait_that_is_not_met_fails_the_run_and_shows_what_came_instead() -> None:
    stage = stage_of('{ send = "A" }, { wait = "type:B", timeout = "2s" }, { send = "C" }')
    record = stage.run("M")
    came = stage.say("X")
    stage.wait(2.0)
    assert (record.state, record.took, stage.sent) == ("failed", 2.0, ["A"])
    assert record.failure == "step 2: wait type:B (2s): nothing that passes came within 2s"
    assert record.steps[1].note == "nothing that passes came within 2s"
    assert record.recent == (came,)


def test_after_a_timeout_a_run_can_go_on() -> None:
    stage = stage_of('{ wait = "type:B", timeout = "2s", else = "continue" }, { send = "C" }')
    record = stage.run("M")
    stage.wait(2.0)
    assert (record.state, stage.sent) == ("passed", ["C"])
    assert record.steps[0].note == "nothing that passes came within 2s"


def test_after_a_timeout_another_macro_can_run_instead_of_the_remaining_steps() -> None:
    stage = Stage(
        '[[macro]]\nname = "M"\n'
        'steps = [{ wait = "type:B", timeout = "2s", else = "Sorry" }, { send = "C" }]\n'
        '[[macro]]\nname = "Sorry"\nsend = "SORRY"\n'
    )
    record = stage.run("M")
    stage.wait(2.0)
    assert (record.state, stage.sent) == ("passed", ["SORRY"])
    assert record.steps[0].note == "nothing that passes came within 2s: runs Sorry instead"
    assert notes(record)[1:] == ["Sorry: 1 send SORRY"]


def test_what_is_forbidden_fails_an_expectation_at_once() -> None:
    stage = stage_of('{ expect = "type:B", not = "type:BAD*" }')
    record = stage.run("M")
    stage.say("X")
    assert record.state == "running"
    bad = stage.say("BADLY|1")
    assert (record.state, record.steps[0].event) == ("failed", bad)
    assert record.failure == "step 1: expect type:B, not type:BAD* (10s): what came is forbidden"


@pytest.mark.parametrize(("after", "state"), [(0.75, "passed"), (1.25, "failed")])
def test_an_expectation_may_have_a_limit(after: float, state: str) -> None:
    stage = stage_of('{ sleep = "1s" }, { expect = "type:B", within = "800ms" }')
    record = stage.run("M")
    stage.wait(1.0)
    stage.wait(after)
    assert record.state == "running"
    stage.say("B")
    assert record.state == state
    failure = "step 2: expect type:B (within 800ms): it took 1,250 ms, more than 800ms"
    assert record.failure == ("" if state == "passed" else failure)


def test_nothing_need_be_forbidden_for_an_expectation() -> None:
    stage = stage_of('{ expect = "type:B" }, { send = "C" }')
    record = stage.run("M")
    stage.say("B")
    assert (record.state, stage.sent) == ("passed", ["C"])
    assert notes(record)[0] == "1 expect type:B (10s)"


def test_the_echo_of_a_command_is_no_answer() -> None:
    stage = stage_of('{ send = "B|1" }, { wait = "type:B" }')
    record = stage.run("M")
    stage.say("B|1", kind="sent")
    stage.say("B|1", echo=1, by="macro")
    stage.say("B|1", kind="log", level="Captured")
    assert record.state == "running"
    stage.say("B|1")
    assert record.state == "passed"


def test_an_echo_can_be_asked_for() -> None:
    stage = stage_of('{ send = "B|1" }, { wait = "is:echo type:B" }')
    record = stage.run("M")
    stage.say("B|1")
    assert record.state == "running"
    stage.say("B|1", echo=1)
    assert record.state == "passed"


def test_another_agent_s_events_are_none_of_its() -> None:
    stage = stage_of('{ wait = "type:B" }')
    record = stage.run("M")
    stage.say("B", agent="other")
    assert record.state == "running"


def test_a_round_is_done_each_time() -> None:
    stage = stage_of(
        '{ repeat = 2, steps = [{ send = "A" }, { wait = "type:B" }] }, { send = "C" }'
    )
    record = stage.run("M")
    for _ in range(2):
        stage.say("B")
    assert stage.sent == ["A", "A", "C"]
    assert notes(record) == [
        "1 repeat 2",
        "1(1).1 send A",
        "1(1).2 wait type:B (10s)",
        "1(2).1 send A",
        "1(2).2 wait type:B (10s)",
        "2 send C",
    ]
    assert [step.holds_steps for step in record.steps] == [True, *[False] * 5]


def test_a_million_rounds_let_others_have_their_turn() -> None:
    stage = stage_of('{ repeat = 1000000, steps = [{ send = "A" }] }')
    record = stage.run("M")
    assert (record.state, len(stage.sent)) == ("running", 200)
    stage.scheduler.tick(stage.now)
    assert (record.state, len(stage.sent)) == ("running", 401)


def test_rounds_with_a_wait_need_no_other_turn() -> None:
    stage = stage_of('{ repeat = 1000, steps = [{ send = "A" }, { wait = "type:B" }] }')
    stage.run("M")
    for _ in range(200):
        stage.say("B")
    assert len(stage.sent) == 201


FILLED = """\
[[macro]]
name = "M"
params = { who = "Mei" }
steps = [
  { send = "HELLO|{who}|{agent}" },
  { wait = 'type:NAME args:"{who}|*"' },
  { set = "age", from = "args[1]" },
  { send = "{type}|{args[0]}|{{}" },
  { wait = "type:NEXT" },
  { run = "Tell", params = { text = "{who} is {age}" } },
]
[[macro]]
name = "Tell"
params = { text = "nothing", voice = "mei" }
send = "SYNTH_START|0|{voice}|{text}"
"""


def test_parameters_and_parts_of_events_are_filled_in() -> None:
    stage = Stage(FILLED)
    record = stage.run("M", who="ミク")
    stage.say("NAME|Mei|7")
    stage.say("NAME|ミク|16")
    stage.say("NEXT")
    assert record.state == "passed"
    assert stage.sent == [
        "HELLO|ミク|chat",
        "NAME|ミク|{}",
        "SYNTH_START|0|mei|ミク is 16",
    ]
    assert notes(record) == [
        "1 send HELLO|ミク|chat",
        "2 wait type:NAME args:ミク|* (10s)",
        "3 set age from args[1]",
        "4 send NAME|ミク|{}",
        "5 wait type:NEXT (10s)",
        "6 run Tell",
        "6.1 send SYNTH_START|0|mei|ミク is 16",
    ]


def test_names_are_filled_into_what_is_expected_and_forbidden() -> None:
    stage = stage_of(
        '{ expect = "type:NAME {who}", not = "type:BAD {who}" }', more='params = { who = "Mei" }'
    )
    record = stage.run("M", who="ミク")
    assert notes(record) == ["1 expect type:NAME ミク, not type:BAD ミク (10s)"]
    stage.say("BAD|Mei")
    stage.say("NAME|Mei")
    assert record.state == "running"
    stage.say("BAD|ミク")
    assert record.state == "failed"


def test_a_macro_that_was_deleted_meanwhile_fails_the_run() -> None:
    stage = Stage(FILLED)
    record = stage.run("M")
    del stage.macros["Tell"]
    stage.say("NAME|Mei|7")
    stage.say("NEXT")
    assert (record.state, record.failure) == (
        "failed",
        'the macro "Tell" is not there any more',
    )
    assert record.steps[-1].note == record.failure


def test_a_macro_that_is_run_has_its_own_defaults() -> None:
    stage = Stage(FILLED)
    stage.run("Tell")
    assert stage.sent == ["SYNTH_START|0|mei|nothing"]


@pytest.mark.parametrize("who", ["a|b", "a\nEXECUTE|x"])
def test_a_value_that_would_be_more_than_one_argument_fails_the_step(who: str) -> None:
    stage = Stage(FILLED)
    record = stage.run("M", who=who)
    assert (record.state, stage.sent) == ("failed", [])
    assert "step 1: send HELLO|{who}|{agent}: {who} is " in record.failure


def test_an_argument_that_an_event_does_not_have_fails_the_step() -> None:
    stage = stage_of('{ wait = "type:B" }, { set = "x", from = "args[2]" }')
    record = stage.run("M")
    stage.say("B|0|1")
    assert record.failure == (
        "step 2: set x from args[2]: {args[2]} has no value: "
        "B came with 2 arguments, counted from 0"
    )
    assert record.steps[1].note == (
        "{args[2]} has no value: B came with 2 arguments, counted from 0"
    )


def test_a_command_that_is_refused_fails_the_step() -> None:
    stage = stage_of('{ send = "A" }')
    stage.refusal = "W102 holds a newline"
    record = stage.run("M")
    assert record.failure == "step 1: send A: not sent: W102 holds a newline"


def test_listeners_get_each_begin_and_end_of_steps_and_runs() -> None:
    stage = stage_of('{ send = "A" }, { sleep = "1s" }')
    calls: list[tuple[str, bool] | str] = []
    stage.runs.subscribe(
        lambda record, step: calls.append(
            record.state if step is None else (step.number, step.ended is not None)
        )
    )
    record = stage.run("M")
    stage.wait(1.0)
    steps = [("1", False), ("1", True), ("2", False), ("2", True)]
    assert calls == ["running", *steps, "passed"]
    calls.clear()
    record = stage.run("M")
    stage.scheduler.cancel(record, stage.now)
    assert calls == ["running", *steps, "stopped"]


def test_a_run_that_is_over_waits_for_nothing_and_cannot_be_stopped() -> None:
    stage = stage_of('{ sleep = "1s" }')
    run = stage.scheduler.start(stage.macros["M"], "chat", 0.0)
    assert run is not None
    assert (run.deadline, run.over) == (1.0, False)
    run.tick(1.0)
    run.stop(2.0)
    assert (run.deadline, run.over, run.record.state, run.record.took) == (
        None,
        True,
        "passed",
        1.0,
    )


def test_a_run_that_is_stopped_waits_for_nothing() -> None:
    stage = stage_of('{ sleep = "1s" }')
    run = stage.scheduler.start(stage.macros["M"], "chat", 0.0)
    assert run is not None
    run.stop(0.5)
    assert (run.deadline, run.over) == (None, True)


def test_a_run_remembers_the_last_messages_that_it_sent() -> None:
    stage = stage_of('{ repeat = 20, steps = [{ send = "A" }] }, { send = "B" }, { sleep = "1s" }')
    run = stage.scheduler.start(stage.macros["M"], "chat", 0.0)
    assert run is not None
    assert [message.type for message in run.sent] == ["A"] * (SENT_KEPT - 1) + ["B"]


def test_a_stopped_run_does_nothing_more() -> None:
    stage = stage_of('{ sleep = "1s" }, { send = "A" }')
    record = stage.run("M")
    stage.wait(0.5)
    stage.scheduler.cancel(record, stage.now)
    stage.wait(5.0)
    assert (record.state, record.took, stage.sent) == ("stopped", 0.5, [])


# In quarters of a second, which floats hold exactly: a deadline is met or it is not.
gaps = st.integers(0, 12).map(lambda quarters: quarters / 4)
timelines = st.lists(st.tuples(gaps, st.sampled_from("ABX")), max_size=40)
waits = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(1, 20).map(lambda q: q / 4), gaps),
    min_size=1,
    max_size=6,
)


@given(waits, timelines, st.booleans())
def test_a_wait_is_satisfied_by_the_first_match_after_it_began_and_no_other(
    waits: list[tuple[str, float, float]], timeline: list[tuple[float, str]], late_clock: bool
) -> None:
    """Against a reading of the rules that knows all times beforehand. With `late_clock` nobody
    looks at the clock but when an event comes, as in a loop that is held up."""
    steps = ", ".join(
        f'{{ wait = "type:{type_}", timeout = "{timeout}s", else = "continue" }}, '
        + (f'{{ sleep = "{sleep}s" }}' if sleep else '{ send = "S" }')
        for type_, timeout, sleep in waits
    )
    stage = stage_of(steps)
    record = stage.run("M")
    for gap, type_ in timeline:
        if late_clock:
            stage.now += gap
        else:
            stage.wait(gap)
        stage.say(type_)
    stage.wait(1000.0)
    done = [step for step in record.steps if step.text.startswith("wait")]
    assert len(done) == len(waits)
    used: set[int] = set()
    for step, (type_, timeout, _) in zip(done, waits, strict=True):
        began, ended = step.started, step.ended
        assert ended is not None
        inside = [
            event
            for event in stage.events
            if event.type == type_
            and began <= event.time < began + timeout
            and event.seq > max(used, default=0)
        ]
        if step.event is None:
            assert not inside
            assert ended >= began + timeout
        else:
            assert step.event is inside[0]
            assert ended == step.event.time
            used.add(step.event.seq)
