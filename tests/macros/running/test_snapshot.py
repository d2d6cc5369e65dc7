"""Macros that move to another process at any time do the same as macros that stay."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.macros.running.snapshot import RecordSnapshot
from tests.support.macro_stage import Stage

MACROS = """
[[macro]]
name = "All"
params = { greeting = "hello" }
overlap = "queue"
steps = [
  { send = "BEGIN|{greeting}" },
  { wait = "type:A", timeout = "2s", else = "continue" },
  { repeat = 2, steps = [
    { send = "ROUND" },
    { sleep = "1s" },
    { run = "Inner", params = { word = "{greeting}" } },
    { wait = "type:B", timeout = "3s", else = "Instead" },
    { set = "kept", from = "args" },
  ] },
  { send = "KEPT|{kept}" },
  { expect = "type:A", not = "type:C", timeout = "2s" },
]

[[macro]]
name = "Inner"
params = { word = "none" }
steps = [{ send = "INNER|{word}" }, { wait = "type:A,B", timeout = "2s" }, { send = "GOT|{type}" }]

[[macro]]
name = "Instead"
steps = [{ send = "INSTEAD" }, { repeat = 300, steps = [{ send = "LOOP" }] }, { sleep = "1s" }]

[[macro]]
name = "Often"
every = "1500ms"
send = "TICK"

[[macro]]
name = "Reply"
on = "type:C"
cooldown = "2s"
steps = [{ send = "REPLY|{args}" }, { sleep = "700ms" }, { send = "REPLIED" }]
"""

ACTIONS = st.lists(
    st.one_of(
        st.sampled_from(["A|1", "B|2", "C|3", "A", "fire"]), st.sampled_from([0.25, 1.0, 2.5])
    ),
    min_size=1,
    max_size=14,
)


def records(stage: Stage) -> list[RecordSnapshot]:
    return [RecordSnapshot.of(record) for record in stage.runs.records]


def acted(actions: list[str | float], *, moves: bool) -> Stage:
    stage = Stage(MACROS)
    stage.scheduler.start_periodic(stage.macros["Often"], stage.now)
    for action in ["fire", *actions]:
        if action == "fire":
            stage.fire("All", greeting="hi")
        elif isinstance(action, str):
            stage.say(action)
        else:
            stage.wait(action)
        if moves:
            stage.move()
    return stage


@settings(max_examples=60, deadline=None)
@given(ACTIONS)
def test_whatever_happens_they_send_and_record_the_same(actions: list[str | float]):
    stays, moved = acted(actions, moves=False), acted(actions, moves=True)
    assert moved.sent == stays.sent
    assert records(moved) == records(stays)
    assert moved.scheduler.next_time() == stays.scheduler.next_time()


def test_a_run_of_a_macro_that_was_changed_fails():
    stage = Stage(MACROS)
    stage.fire("All")
    stage.move(MACROS.replace("BEGIN", "START"))
    (record,) = stage.runs.records
    assert (record.state, record.failure) == ("failed", 'the macro "All" was changed')


def test_a_run_of_a_macro_that_is_not_there_any_more_is_stopped():
    stage = Stage(MACROS)
    stage.fire("All")
    stage.move('[[macro]]\nname = "Other"\nsend = "A"\n')
    (record,) = stage.runs.records
    assert record.state == "stopped"
    assert stage.scheduler.next_time() is None


def test_a_changed_macro_is_not_switched_on():
    stage = Stage(MACROS)
    stage.move(MACROS.replace("cooldown", "overlap = 'restart'\ncooldown"))
    assert not stage.scheduler.is_trigger_enabled("Reply")
    assert stage.scheduler.next_time() is None
