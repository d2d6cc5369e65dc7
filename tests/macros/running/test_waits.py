"""Where a run waits: what satisfies a wait, what fails it, and when it ends by itself."""

import pytest

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, parse
from mdxdash.macros.running.waits import MatchedEvent, Wait, wait_for
from tests.support.macro_stage import Stage

CONTEXT = Context(now=lambda: 0.0, marked=())


def event(type_: str) -> Event:
    return Event(1, 0.0, "received", "chat", type_, "")


def wait_of(wanted: str, forbidden: str | None = None) -> Wait:
    return wait_for(10.0, parse(wanted), None if forbidden is None else parse(forbidden), CONTEXT)


def stage_of(steps: str, *, more: str = "") -> Stage:
    return Stage(f'[[macro]]\nname = "M"\n{more}\nsteps = [{steps}]\n')


def test_an_event_that_passes_satisfies_a_wait() -> None:
    came = event("B")
    assert wait_of("type:B").match(came) == MatchedEvent(came)
    assert wait_of("type:B").match(event("X")) is None


def test_a_forbidden_event_fails_a_wait_also_if_it_is_the_wanted_one() -> None:
    came = event("B")
    assert wait_of("type:B", "type:B").match(came) == MatchedEvent(came, "what came is forbidden")
    assert wait_of("type:A", "type:B").match(came) == MatchedEvent(came, "what came is forbidden")
    assert wait_of("type:B", "type:A").match(came) == MatchedEvent(came)


def test_a_regular_expression_that_takes_too_long_fails_a_wait() -> None:
    slow = Event(1, 0.0, "received", "chat", "A", "abc" * 600)
    reason = "/a.*b.*c.*d/ took over 5 ms on one event"
    assert wait_of("/a.*b.*c.*d/").match(slow) == MatchedEvent(slow, reason)
    assert wait_of("type:A", "/a.*b.*c.*d/").match(slow) == MatchedEvent(slow, reason)


def test_no_event_ends_a_sleep() -> None:
    assert Wait(10.0).match(event("B")) is None


def test_a_wait_ends_at_its_deadline_while_the_agent_is_connected() -> None:
    assert wait_of("type:B").ends_at(None) == 10.0


@pytest.mark.parametrize(("gone_at", "ends_at"), [(-60.0, 0.0), (-50.0, 10.0), (5.0, 10.0)])
def test_a_wait_ends_a_minute_after_the_agent_disconnected(gone_at: float, ends_at: float) -> None:
    assert wait_of("type:B").ends_at(gone_at) == ends_at


def test_a_wait_for_a_connection_does_not_end_because_the_agent_is_gone() -> None:
    assert wait_of("kind:connected").ends_at(-60.0) == 10.0


def test_a_sleep_does_not_end_because_the_agent_is_gone() -> None:
    assert Wait(10.0).ends_at(-60.0) == 10.0


@pytest.mark.parametrize(
    ("wanted", "now", "gone_at", "text"),
    [
        ("type:B", 10.0, None, "nothing that passes came within 2s"),
        (
            "type:B",
            10.0,
            5.0,
            "nothing that passes came within 2s: the agent chat went and did not come back",
        ),
        ("kind:connected", 10.0, 5.0, "nothing that passes came within 2s"),
        ("type:B", 9.0, -51.0, "the agent chat went and did not come back within 1m"),
    ],
)
def test_why_a_wait_ended_without_an_event(
    wanted: str, now: float, gone_at: float | None, text: str
) -> None:
    assert wait_of(wanted).describe_end(now, 2.0, "chat", gone_at) == text


def test_a_wait_of_an_agent_that_does_not_come_back_ends_after_a_minute() -> None:
    stage = stage_of('{ wait = "type:B", timeout = "10m" }, { send = "C" }')
    record = stage.run("M")
    stage.wait(5.0)
    stage.say("", kind="disconnected")
    stage.wait(59.9)
    assert record.state == "running"
    stage.wait(0.1)
    assert (record.state, record.took, stage.sent) == ("failed", 65.0, [])
    assert record.failure == (
        "step 1: wait type:B (10m): the agent chat went and did not come back within 1m"
    )
    assert record.failure.endswith(record.steps[0].note)


def test_a_wait_is_not_longer_for_an_agent_that_went() -> None:
    stage = stage_of('{ expect = "type:B", not = "type:C", timeout = "10s" }')
    record = stage.run("M")
    stage.say("", kind="disconnected")
    stage.wait(10.0)
    assert record.failure.endswith(
        "nothing that passes came within 10s: the agent chat went and did not come back"
    )


def test_a_wait_begun_while_the_agent_is_gone_ends_as_early() -> None:
    stage = stage_of('{ sleep = "50s" }, { wait = "type:B", timeout = "10m" }')
    record = stage.run("M")
    stage.say("", kind="disconnected")
    stage.wait(59.9)
    assert record.state == "running"
    stage.wait(0.1)
    assert record.state == "failed"


def test_other_events_do_not_bring_an_agent_back() -> None:
    stage = stage_of('{ wait = "type:B", timeout = "10m" }')
    record = stage.run("M")
    stage.say("", kind="disconnected")
    stage.say("X")
    stage.say("", kind="connected", via="server")
    stage.wait(60.0)
    assert record.state == "failed"


def test_a_wait_goes_on_with_an_agent_that_came_back() -> None:
    stage = stage_of('{ wait = "type:B", timeout = "10m" }, { send = "C" }')
    record = stage.run("M")
    stage.say("", kind="disconnected")
    stage.wait(59.0)
    stage.say("", kind="connected")
    stage.wait(500.0)
    stage.say("B")
    assert (record.state, stage.sent) == ("passed", ["C"])


@pytest.mark.parametrize("filter_", ["kind:connected", "kind:disconnected,connected type:B"])
def test_a_wait_for_the_return_itself_goes_on(filter_: str) -> None:
    stage = stage_of(f'{{ wait = "{filter_}", timeout = "10m" }}, {{ send = "C" }}')
    record = stage.run("M")
    stage.say("X", kind="disconnected")
    stage.wait(300.0)
    assert record.state == "running"
    stage.say("B", kind="connected")
    assert (record.state, stage.sent) == ("passed", ["C"])


def test_a_macro_that_a_departure_set_off_knows_that_the_agent_is_gone() -> None:
    stage = stage_of('{ wait = "type:B", timeout = "10m" }', more='on = "kind:disconnected"')
    stage.say("", kind="disconnected")
    stage.wait(60.0)
    assert stage.runs.records[0].failure.endswith("did not come back within 1m")


def test_the_server_behind_the_hub_is_not_the_agent() -> None:
    stage = stage_of('{ wait = "type:B", timeout = "10m" }')
    record = stage.run("M")
    stage.say("", kind="disconnected", via="server")
    stage.wait(300.0)
    assert record.state == "running"
