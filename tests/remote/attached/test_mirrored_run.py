"""A run of another process, as a record here."""

from mdxdash.events.event import Event
from mdxdash.remote.attached.mirrored_run import fill_run, mirrored_run
from mdxdash.remote.protocol import Run, StepState

EVENTS = {5: Event(5, 1.0, "received", "chat", "SAID", "a")}


def event_of(seq: int | None) -> Event | None:
    return None if seq is None else EVENTS.get(seq)


def test_a_run_has_its_steps_and_the_events_that_are_known():
    steps = (StepState("1", "wait type:SAID", 0.1, ended=0.2, event=5, note="late"),)
    told = Run(7, "Greet", "chat", 100.0, 3.0, "failed", 0.2, "step 1", 5, (4, 5), steps)
    record = mirrored_run(told, "room-1/chat")
    fill_run(record, told, event_of)
    assert (record.macro, record.agent, record.began_at) == ("Greet", "room-1/chat", 100.0)
    assert (record.state, record.took, record.failure) == ("failed", 0.2, "step 1")
    assert record.trigger is record.steps[0].event is EVENTS[5]
    assert record.recent == (EVENTS[5],)


def test_a_state_that_this_version_does_not_know_is_an_end():
    told = Run(7, "Greet", "chat", 100.0, 3.0, "paused")
    record = mirrored_run(told, "chat")
    fill_run(record, told, event_of)
    assert record.state == "stopped"
