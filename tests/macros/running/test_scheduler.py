"""All runs of a session: what is switched on, when something is due, and what is stopped."""

from tests.support.macro_stage import Stage

PERIODIC = '[[macro]]\nname = "M"\nevery = "2s"\nsteps = [{ send = "A" }]\n'
TWO = """\
[[macro]]
name = "M"
overlap = "allow"
steps = [{ wait = "type:DONE" }, { send = "M" }]
[[macro]]
name = "N"
steps = [{ wait = "type:DONE", timeout = "3s" }, { send = "N" }]
"""


def test_one_event_can_satisfy_a_wait_and_trigger_a_macro() -> None:
    stage = Stage(
        '[[macro]]\nname = "M"\non = "type:ASK"\nsend = "REPLY|{args}"\n'
        '[[macro]]\nname = "W"\nsteps = [{ wait = "type:ASK" }]\n'
    )
    record = stage.run("W")
    stage.say("ASK|1")
    assert (record.state, stage.sent) == ("passed", ["REPLY|1"])


def test_a_periodic_macro_fires_at_its_times_while_it_is_switched_on() -> None:
    stage = Stage(PERIODIC)
    stage.scheduler.start_periodic(stage.macros["M"], stage.now)
    stage.wait(5.0)
    assert stage.scheduler.next_time_of("M") == 6.0
    stage.scheduler.stop_periodic("M")
    stage.wait(5.0)
    assert stage.sent == ["A"] * 3
    assert stage.scheduler.next_time_of("M") is None


def test_a_periodic_macro_does_not_fire_before_its_time() -> None:
    stage = Stage(PERIODIC)
    stage.scheduler.start_periodic(stage.macros["M"], 5.0)
    stage.scheduler.tick(4.75)
    assert stage.sent == []
    stage.scheduler.tick(5.0)
    assert stage.sent == ["A"]


def test_after_a_delay_a_periodic_macro_fires_once() -> None:
    stage = Stage(PERIODIC)
    stage.scheduler.start_periodic(stage.macros["M"], stage.now)
    stage.now = 7.0
    stage.scheduler.tick(stage.now)
    assert (stage.sent, stage.scheduler.next_time()) == (["A"], 8.0)


def test_the_next_time_is_that_of_the_run_or_the_periodic_macro_that_is_due_first() -> None:
    stage = Stage(TWO + PERIODIC.replace('"M"', '"P"'))
    assert stage.scheduler.next_time() is None
    stage.fire("M")
    assert stage.scheduler.next_time() == 10.0
    stage.fire("N", agent="other")
    assert stage.scheduler.next_time() == 3.0
    stage.scheduler.start_periodic(stage.macros["P"], 1.0)
    assert stage.scheduler.next_time() == 1.0


def test_events_are_needed_while_something_runs_or_a_trigger_is_enabled() -> None:
    stage = Stage('[[macro]]\nname = "M"\non = "type:A"\nsteps = [{ wait = "type:B" }]\n')
    needs = [stage.scheduler.needs_events]
    stage.scheduler.disable_trigger("M")
    needs.append(stage.scheduler.needs_events)
    stage.fire("M")
    needs.append(stage.scheduler.needs_events)
    stage.say("B")
    needs.append(stage.scheduler.needs_events)
    assert needs == [True, False, True, False]


def test_a_trigger_that_is_disabled_triggers_nothing_until_it_is_enabled() -> None:
    stage = Stage('[[macro]]\nname = "M"\non = "type:A"\nsend = "B"\n')
    stage.say("A")
    stage.scheduler.disable_trigger("M")
    assert not stage.scheduler.is_trigger_enabled("M")
    stage.say("A")
    stage.scheduler.enable_trigger(stage.macros["M"])
    assert stage.scheduler.is_trigger_enabled("M")
    stage.wait(60.0)
    stage.say("A")
    assert stage.sent == ["B", "B"]


def test_switching_one_trigger_leaves_the_others_and_takes_effect_at_once() -> None:
    stage = Stage(
        '[[macro]]\nname = "M"\non = "type:A"\nsend = "M"\n'
        '[[macro]]\nname = "N"\non = "type:A"\nsend = "N"\n'
    )
    sent: list[list[str]] = []
    for switch in (
        lambda: stage.scheduler.disable_trigger("N"),
        lambda: stage.scheduler.enable_trigger(stage.macros["N"]),
        lambda: stage.scheduler.disable_trigger("M"),
    ):
        switch()
        stage.wait(60.0)
        stage.say("A")
        sent.append(stage.sent[:])
        stage.sent.clear()
    assert sent == [["M"], ["M", "N"], ["N"]]


def test_made_up_types_without_end_do_not_hide_a_trigger() -> None:
    stage = Stage('[[macro]]\nname = "M"\non = "type:A"\nsend = "B"\n')
    stage.say("A")
    for number in range(5000):
        stage.say(f"X{number}")
    stage.wait(60.0)
    stage.say("A")
    assert stage.sent == ["B", "B"]


def test_a_macro_can_react_to_events_of_any_type() -> None:
    stage = Stage('[[macro]]\nname = "M"\non = "hello"\nsend = "B"\n')
    stage.say("A|hello")
    stage.say("C|hello")
    stage.say("C|bye")
    assert stage.sent == ["B", "B"]


def test_stopping_a_macro_stops_all_its_runs_and_no_other() -> None:
    stage = Stage(TWO)
    records = [stage.run("M"), stage.run("M"), stage.run("N")]
    stage.fire("M", agent="other")
    assert len(stage.scheduler.runs_of("M")) == 3
    stage.scheduler.stop("M", 1.0)
    assert stage.scheduler.runs_of("M") == []
    assert [record.state for record in records] == ["stopped", "stopped", "running"]
    assert [run.record for run in stage.scheduler.runs_of("N")] == [records[2]]


def test_stopping_everything_leaves_no_run() -> None:
    stage = Stage(TWO)
    records = [stage.run("M"), stage.run("N")]
    stage.fire("N", agent="other")
    stage.scheduler.stop_all(1.0)
    assert [(record.state, record.took) for record in records] == [("stopped", 1.0)] * 2
    assert not stage.scheduler.needs_events


def test_cancelling_a_run_leaves_the_others() -> None:
    stage = Stage(TWO)
    first, second = stage.run("M"), stage.run("M")
    stage.scheduler.cancel(first, 1.0)
    assert (first.state, second.state) == ("stopped", "running")
    stage.say("DONE")
    assert (second.state, stage.sent) == ("passed", ["M"])


def test_cancelling_a_run_that_is_over_changes_nothing() -> None:
    stage = Stage(TWO)
    record = stage.run("M")
    stage.say("DONE")
    stage.scheduler.cancel(record, 1.0)
    assert record.state == "passed"


def test_a_run_that_is_restarted_is_not_among_the_runs() -> None:
    stage = Stage(TWO.replace("allow", "restart"))
    stage.run("M")
    second = stage.run("M")
    assert [run.record for run in stage.scheduler.runs_of("M")] == [second]


def test_a_run_begins_at_the_unix_time_that_it_is_given() -> None:
    stage = Stage(TWO)
    stage.now = 5.0
    record = stage.run("M")
    assert (record.began, record.began_at) == (5.0, 1_000_005.0)


def test_earlier_events_count_for_the_first_wait() -> None:
    stage = Stage(TWO)
    done = stage.say("DONE")
    run = stage.scheduler.start(stage.macros["M"], "chat", stage.now, earlier=[done])
    assert run is not None
    assert run.over
    assert run.record.steps[0].event is done
    assert stage.scheduler.runs_of("M") == []
