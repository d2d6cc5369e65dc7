"""What happens when a macro is triggered while it still runs."""

import pytest

from mdxdash.macros.model import Overlap
from mdxdash.macros.running.overlapping_runs import QUEUE_LIMIT, Decision, QueuedStarts, decide
from tests.support.macro_stage import Stage

OVERLAPPING = """\
[[macro]]
name = "M"
on = "type:ASK"
overlap = "{overlap}"
steps = [{{ send = "BEGIN|{{args}}" }}, {{ wait = "type:DONE" }}, {{ send = "END" }}]
"""


@pytest.mark.parametrize(
    ("overlap", "decision"),
    [("skip", "drop"), ("queue", "queue"), ("restart", "stop and start"), ("allow", "start")],
)
def test_its_overlap_decides_if_it_runs(overlap: Overlap, decision: Decision) -> None:
    assert decide(overlap, runs=True) == decision
    assert decide(overlap, runs=False) == "start"


@pytest.mark.parametrize(
    ("overlap", "sent"),
    [
        ("skip", ["BEGIN|1", "END"]),
        ("queue", ["BEGIN|1", "END", "BEGIN|2", "END", "BEGIN|3"]),
        ("restart", ["BEGIN|1", "BEGIN|2", "BEGIN|3", "END"]),
        ("allow", ["BEGIN|1", "BEGIN|2", "BEGIN|3", "END", "END", "END"]),
    ],
)
def test_a_macro_that_is_triggered_three_times(overlap: str, sent: list[str]) -> None:
    stage = Stage(OVERLAPPING.format(overlap=overlap))
    for number in (1, 2, 3):
        stage.say(f"ASK|{number}")
    stage.say("DONE")
    stage.say("DONE")
    assert stage.sent == sent


@pytest.mark.parametrize("overlap", ["skip", "queue", "restart"])
def test_runs_on_different_agents_do_not_overlap(overlap: str) -> None:
    stage = Stage(OVERLAPPING.format(overlap=overlap))
    stage.say("ASK|1")
    stage.say("ASK|2", agent="other")
    stage.say("DONE")
    stage.say("DONE", agent="other")
    assert stage.sent == ["BEGIN|1", "other: BEGIN|2", "END", "other: END"]


def test_a_run_that_is_restarted_is_stopped() -> None:
    stage = Stage(OVERLAPPING.format(overlap="restart"))
    stage.say("ASK|1")
    stage.wait(2.0)
    stage.say("ASK|2")
    assert [(run.state, run.took) for run in stage.runs.records] == [
        ("stopped", 2.0),
        ("running", None),
    ]


def test_a_queued_start_follows_a_run_that_failed_or_was_stopped() -> None:
    stage = Stage(OVERLAPPING.format(overlap="queue"))
    for number in (1, 2, 3):
        stage.say(f"ASK|{number}")
    stage.wait(10.0)
    assert stage.sent == ["BEGIN|1", "BEGIN|2"]
    stage.scheduler.cancel(stage.runs.records[1], stage.now)
    assert stage.sent == ["BEGIN|1", "BEGIN|2", "BEGIN|3"]


def test_a_queued_start_keeps_its_parameters_and_its_trigger() -> None:
    stage = Stage(
        '[[macro]]\nname = "M"\noverlap = "queue"\nparams = { who = "Mei" }\n'
        'steps = [{ send = "HELLO|{who}" }, { wait = "type:DONE" }]\n'
    )
    stage.fire("M", who="A")
    assert stage.fire("M", who="B") is None
    stage.say("DONE")
    assert stage.sent == ["HELLO|A", "HELLO|B"]
    triggered = Stage(OVERLAPPING.format(overlap="queue"))
    for number in (1, 2):
        triggered.say(f"ASK|{number}")
    triggered.say("DONE")
    trigger = triggered.runs.records[1].trigger
    assert trigger is not None
    assert trigger.args == "2"


def test_queued_starts_that_end_at_once_all_run() -> None:
    stage = Stage(
        '[[macro]]\nname = "M"\noverlap = "queue"\nparams = { wait = "NEVER" }\n'
        'steps = [{ send = "A" }, { wait = "type:{wait}", timeout = "1s", else = "continue" }]\n'
    )
    stage.fire("M")
    stage.refusal = "full"
    for _ in range(3):
        stage.fire("M")
    stage.wait(1.0)
    assert [run.state for run in stage.runs.records] == ["passed", "failed", "failed", "failed"]


def test_stopping_a_macro_drops_its_queued_starts_and_no_others() -> None:
    one = OVERLAPPING.format(overlap="queue")
    stage = Stage(one + one.replace('"M"', '"N"').replace("BEGIN", "N"))
    for number in (1, 2):
        stage.say(f"ASK|{number}")
    stage.scheduler.stop("M", stage.now)
    stage.say("DONE")
    assert stage.sent == ["BEGIN|1", "N|1", "END", "N|2"]
    stage.say("ASK|3")
    stage.say("DONE")
    assert stage.sent[4:] == ["BEGIN|3", "END", "END", "N|3"]


def test_stopping_everything_drops_all_queued_starts() -> None:
    stage = Stage(OVERLAPPING.format(overlap="queue"))
    for number in (1, 2):
        stage.say(f"ASK|{number}")
    stage.scheduler.stop_all(stage.now)
    stage.say("ASK|3")
    stage.say("DONE")
    assert stage.sent == ["BEGIN|1", "BEGIN|3", "END"]


def test_starts_are_taken_in_their_order_and_once() -> None:
    queued, started = QueuedStarts(), list[str]()
    queued.put("M", "chat", lambda now: started.append(f"first at {now}"))
    queued.put("M", "chat", lambda now: started.append(f"second at {now}"))
    for now in (1.0, 2.0):
        start = queued.take("M", "chat")
        assert start is not None
        start(now)
    assert started == ["first at 1.0", "second at 2.0"]
    assert queued.take("M", "chat") is None


def test_starts_beyond_the_limit_are_dropped() -> None:
    queued = QueuedStarts()
    for _ in range(QUEUE_LIMIT + 1):
        queued.put("M", "chat", lambda now: None)
    taken = 0
    while queued.take("M", "chat") is not None:
        taken += 1
    assert taken == QUEUE_LIMIT == 100


def test_starts_are_dropped_by_macro_on_all_agents() -> None:
    queued = QueuedStarts()
    for macro, agent in (("M", "chat"), ("M", "other"), ("N", "chat")):
        queued.put(macro, agent, lambda now: None)
    queued.drop("M")
    assert queued.take("M", "chat") is None
    assert queued.take("M", "other") is None
    assert queued.take("N", "chat") is not None


def test_starts_wait_for_one_macro_on_one_agent() -> None:
    queued = QueuedStarts()
    queued.put("M", "chat", lambda now: None)
    assert queued.take("N", "chat") is None
    assert queued.take("M", "other") is None
    assert queued.take("M", "chat") is not None
