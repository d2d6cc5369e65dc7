"""What each run did, kept within bounds."""

from mdxdash.macros.running.run_log import RUNS_KEPT, STEPS_KEPT, RunLog, RunRecord, StepRecord


def run(macro: str = "M") -> RunRecord:
    return RunRecord(macro, "chat", 0.0, 0.0)


def test_the_newest_runs_are_kept_oldest_first() -> None:
    log = RunLog()
    for number in range(RUNS_KEPT + 2):
        log.add(run(str(number)))
    assert [record.macro for record in log.records] == [
        str(number) for number in range(2, RUNS_KEPT + 2)
    ]


def test_the_newest_steps_are_kept() -> None:
    record = run()
    for number in range(STEPS_KEPT + 1):
        record.steps.append(StepRecord(str(number), "send A", 0.0))
    assert (len(record.steps), record.steps[0].number) == (STEPS_KEPT, "1")


def test_a_run_begins_without_steps_events_and_failures() -> None:
    record = run()
    assert (record.state, record.took, record.failure, record.recent) == ("running", None, "", ())
    step = StepRecord("1", "send A", 0.0)
    assert (step.holds_steps, step.ended, step.event, step.note) == (False, None, None, "")


def test_the_current_step_is_the_innermost_that_has_not_ended() -> None:
    record = run()
    assert record.current is None
    outer = StepRecord("1", "repeat 2", 0.0, holds_steps=True)
    ended = StepRecord("1(1).1", "send A", 0.0, ended=0.0)
    inner = StepRecord("1(1).2", "sleep 1s", 0.0)
    record.steps.extend((outer, ended, inner))
    assert record.current is inner
    inner.ended = 1.0
    assert record.current is outer
    record.state = "passed"
    assert record.current is None


def test_listeners_are_called_for_runs_and_steps_until_they_are_removed() -> None:
    log, calls = RunLog(), list[tuple[str, str | None]]()
    remove = log.subscribe(
        lambda record, step: calls.append((record.macro, None if step is None else step.number))
    )
    record = run()
    log.add(record)
    log.notify(record, StepRecord("1", "send A", 0.0))
    remove()
    log.notify(record, None)
    assert calls == [("M", None), ("M", "1")]


def test_a_listener_may_remove_itself_while_it_is_called() -> None:
    log, calls = RunLog(), list[str]()
    remove = log.subscribe(lambda record, step: (calls.append("first"), remove())[0])
    log.subscribe(lambda record, step: calls.append("second"))
    log.add(run())
    assert calls == ["first", "second"]


def test_a_failure_outlives_the_beats_of_a_periodic_macro() -> None:
    log = RunLog()
    log.add(RunRecord("Failed", "chat", 0, 0, state="failed"))
    for number in range(RUNS_KEPT + 5):
        log.add(RunRecord(str(number), "chat", 0, 0, state="passed"))
    assert len(log.records) == RUNS_KEPT
    assert [log.records[0].macro, log.records[1].macro] == ["Failed", "6"]
