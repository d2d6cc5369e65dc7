"""The engine of `on` and of watches, against a model that looks at the whole past each time."""

from collections.abc import Sequence

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.event import Event, Kind
from mdxdash.filters.filter import Context, parse
from mdxdash.macros.condition import Condition
from mdxdash.macros.running.condition_tracker import AGENTS_KEPT, ConditionTracker, TrackerPast

CONTEXT = Context(now=lambda: 0.0, marked=())

Moment = tuple[float, str, str]
"""A time, an agent, a type; the type `GONE` stands for the end of the connection, and an empty
agent for a look at the clock."""

MOMENTS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.5, 2.0, 5.0, 30.0, 61.0]),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(["ON", "OFF", "BOTH", "OTHER", "GONE"]),
    ),
    max_size=40,
)
"""The first number is the time since the moment before."""


def tracker_of(on: str, **rule: object) -> ConditionTracker:
    absent = rule.pop("absent", None)
    if isinstance(absent, str):
        rule["absent"] = parse(absent)
    return ConditionTracker(Condition(parse(on), **rule), CONTEXT, {"left": ("a",)})  # type: ignore[arg-type]


def event_of(number: int, agent: str, type_: str) -> Event:
    kind: Kind = "disconnected" if type_ == "GONE" else "received"
    return Event(number, 0.0, kind, agent, "" if type_ == "GONE" else type_)


def timed(gaps: Sequence[Moment]) -> list[Moment]:
    now, moments = 0.0, []
    for gap, agent, type_ in gaps:
        now += gap
        moments.append((now, agent, type_))
    return moments


def run(tracker: ConditionTracker, moments: Sequence[Moment], end: float) -> list[int]:
    """Returns the numbers of the events at which the condition holds, in the order found."""
    found: list[int] = []
    for number, (now, agent, type_) in enumerate(moments):
        if agent:
            found += [each.seq for each in tracker.take(event_of(number, agent, type_), now)]
        else:
            found += [each.seq for each in tracker.advance(now)]
    return found + [each.seq for each in tracker.advance(end)]


@settings(max_examples=60)
@given(MOMENTS)
def test_absence_is_what_a_look_at_the_whole_past_finds(gaps: list[Moment]) -> None:
    moments = timed(gaps)
    within, end = 5.0, (moments[-1][0] if moments else 0.0) + 100.0
    wanted: list[tuple[float, int]] = []
    for agent in ("a", "b"):
        own = [(now, number, t) for number, (now, a, t) in enumerate(moments) if a == agent]
        waiting: tuple[float, int] | None = None
        for now, number, type_ in [*own, (end, -1, "OTHER")]:
            if waiting and waiting[0] <= now:
                wanted.append(waiting)
                waiting = None
            if type_ == "GONE" or type_ in ("OFF", "BOTH"):
                waiting = None
            if type_ in ("ON", "BOTH") and waiting is None:
                waiting = (now + within, number)
    tracker = tracker_of("type:ON,BOTH", absent="type:OFF,BOTH", within=within)
    assert sorted(run(tracker, moments, end)) == sorted(number for _, number in wanted)
    assert tracker.next_time is None


@settings(max_examples=60)
@given(MOMENTS, st.integers(1, 4))
def test_too_many_in_a_minute_is_what_a_look_at_the_whole_past_finds(
    gaps: list[Moment], above: int
) -> None:
    moments = timed(gaps)
    wanted: list[int] = []
    passed: list[float] = []
    silent_until = 0.0
    for number, (now, agent, type_) in enumerate(moments):
        if agent and type_ == "ON":
            passed.append(now)
            many = sum(now - each < 60.0 for each in passed) > above
            if many and now >= silent_until:
                wanted.append(number)
                silent_until = now + 60.0
    tracker = tracker_of("type:ON", above=above)
    assert run(tracker, moments, 1e6) == wanted
    assert tracker.passed == len(passed)


@settings(max_examples=40)
@given(MOMENTS, st.integers(0, 40), st.sampled_from(["above", "absent"]))
def test_another_process_finds_the_same(gaps: list[Moment], at: int, rule: str) -> None:
    moments = timed(gaps)
    made = {"above": 2} if rule == "above" else {"absent": "type:OFF,BOTH", "within": 5.0}
    whole = run(tracker_of("type:ON,BOTH", **made), moments, 1e6)
    first, second = tracker_of("type:ON,BOTH", **made), tracker_of("type:ON,BOTH", **made)
    found = run(first, moments[:at], 0.0)
    past = msgspec.json.decode(msgspec.json.encode(first.snapshot()), type=TrackerPast)
    second.restore(past)
    left = [(now, agent, type_) for now, agent, type_ in moments[at:]]
    numbers = run(second, [(0.0, "", "")] * at + left, 1e6)
    assert [*found, *numbers] == whole


def test_every_event_of_the_target_holds_without_a_rule() -> None:
    tracker = tracker_of("type:ON", target="left")
    assert run(tracker, [(0, "a", "ON"), (1, "b", "ON"), (2, "a", "OFF"), (3, "a", "ON")], 9) == [
        0,
        3,
    ]


def test_a_wait_for_a_connection_outlives_the_connection() -> None:
    tracker = tracker_of("kind:disconnected", absent="kind:connected", within=5.0)
    assert run(tracker, [(0, "a", "GONE")], 6.0) == [0]


def test_the_agents_that_are_waited_for_are_bounded() -> None:
    tracker = tracker_of("type:ON", absent="type:OFF", within=5.0)
    moments = [(0.0, f"agent-{number}", "ON") for number in range(AGENTS_KEPT + 7)]
    assert len(run(tracker, moments, 6.0)) == AGENTS_KEPT


def test_types_that_make_no_difference_are_known() -> None:
    tracker = tracker_of("type:ON", absent="type:OFF", within=5.0)
    assert [t for t in ("ON", "OFF", "OTHER", "") if tracker.may_match(t)] == ["ON", "OFF", ""]
    assert not tracker_of("type:ON").may_match("")
