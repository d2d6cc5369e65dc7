"""The runs of macros at all hubs: their steps, what satisfied them, how they ended."""

from typing import Any

import msgspec

from mdxdash.events.event import Event
from mdxdash.macros.running.run_log import RUNS_KEPT
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.remote.protocol import Run, StepState
from tests.support.fleet_scene import say_events, say_presence, say_runs, watch

STEPS = (
    StepState("1", "send SYNTH_START|0|v|a", 0.0, ended=0.1),
    StepState("2", "wait type:SAID (30s)", 0.1, ended=0.4, event=2),
)


def run(number: int = 7, **fields: Any) -> Run:
    return msgspec.structs.replace(Run(number, "Greet", "chat", 1.8e9, 0.5), **fields)


def scene() -> FleetWatch:
    here = watch()
    for hub in ("room-1", "room-2"):
        say_presence(here, hub, "chat")
    return here


def test_a_run_has_its_steps_and_the_events_that_satisfied_them():
    here = scene()
    say_events(here, "room-2", "chat", 1, "other")
    say_events(here, "room-1", "chat", 1, "a", "b")
    say_runs(here, "room-1", run(steps=STEPS[:1]))
    (record,) = here.macros.runs.records
    assert (record.macro, record.agent, record.state) == ("Greet", "room-1/chat", "running")
    failure = "step 2: wait type:SAID (30s): nothing came"
    say_runs(
        here, "room-1", run(steps=STEPS, state="failed", took=0.5, failure=failure, recent=(1,))
    )
    (again,) = here.macros.runs.records
    assert again is record
    assert (record.state, record.failure, record.took) == ("failed", failure, 0.5)
    assert [step.text for step in record.steps] == [step.text for step in STEPS]
    said = record.steps[1].event
    assert isinstance(said, Event)
    assert (said.agent, said.args) == ("room-1/chat", "b")
    assert [event.args for event in record.recent] == ["a"]


def test_runs_of_several_hubs_are_told_apart():
    here = scene()
    say_runs(here, "room-1", run())
    say_runs(here, "room-2", run())
    say_runs(here, "room-1", run(state="passed"))
    assert [(r.agent, r.state) for r in here.macros.runs.records] == [
        ("room-1/chat", "passed"),
        ("room-2/chat", "running"),
    ]


def test_what_is_told_again_does_not_come_back_into_the_log():
    here = scene()
    say_runs(here, "room-1", run(1, state="passed"))
    for number in range(RUNS_KEPT):
        say_runs(here, "room-2", run(number + 1, state="passed"))
    say_runs(here, "room-1", run(1, state="passed"))
    assert {record.agent for record in here.macros.runs.records} == {"room-2/chat"}


def test_a_run_ends_with_its_hub():
    here = scene()
    say_runs(here, "room-1", run())
    say_runs(here, "room-2", run())
    say_presence(here, "room-1", "chat", state="lost")
    assert [(r.state, r.failure) for r in here.macros.runs.records] == [
        ("stopped", "its hub is gone"),
        ("running", ""),
    ]
    # It was not gone, but could not be reached.
    say_presence(here, "room-1", "chat")
    say_runs(here, "room-1", run())
    assert [(r.state, r.failure) for r in here.macros.runs.records] == [("running", "")] * 2
    say_presence(here, "room-1", "chat", session="t")
    assert here.macros.runs.records[0].state == "stopped"


def test_of_one_agent_only_its_runs_are_shown():
    here = watch(only="room-1/chat")
    say_presence(here, "room-1", "chat", "lobby")
    say_runs(here, "room-1", run(1), run(2, agent="lobby"))
    assert [record.agent for record in here.macros.runs.records] == ["room-1/chat"]


def test_what_no_hub_tells_is_not_taken():
    here = scene()
    for wrong in (
        run(0),
        run(macro="m" * 500),
        run(began_at=-1.0),
        run(age=-1.0),
        run(failure="x" * 5000),
        run(steps=(StepState("1", "x" * 5000, 0.0),)),
        run(steps=(StepState("1", "x", 1e300),)),
    ):
        say_runs(here, "room-1", wrong)
    assert here.reception.unreadable == 7
    assert not here.macros.runs.records
