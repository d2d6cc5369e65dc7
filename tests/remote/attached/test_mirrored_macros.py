"""The macros of a hub elsewhere: shown as they are there, and fired and stopped there."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from mdxdash.events.log import EventLog
from mdxdash.macros.running.control import NotFired
from mdxdash.remote.attached.hub_link import NotAttached
from mdxdash.remote.attached.mirrored_macros import MirroredMacros
from mdxdash.remote.protocol import (
    Answer,
    Fire,
    Macros,
    Run,
    StepState,
    StopMacros,
    Switch,
    TallyState,
)
from tests.support.scripted_hub import said

TOML = """
[[macro]]
name = "Greet"
key = "1"
send = "SYNTH_START|0|mei|hi"
params = { who = "you" }

[[macro]]
name = "Blink"
every = "2s"
send = "MOTION_ADD|0|blink|b.vmd"
"""


class Hub:
    """Answers what is asked."""

    def __init__(self) -> None:
        self.asked: list[msgspec.Struct] = []
        self.answer = Answer()
        self.attached = True
        self.reports: list[str] = []
        self.log = EventLog()
        self.read_only = False
        self.macros = MirroredMacros(
            self.log, self.ask, self.reports.append, lambda: self.read_only
        )
        self.macros.take(Macros(TOML))

    def ask(self, make: Callable[[int], msgspec.Struct]) -> "asyncio.Future[Answer]":
        if not self.attached:
            raise NotAttached("not connected")
        self.asked.append(make(len(self.asked)))
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        future.set_result(self.answer)
        return future


def running(number: int = 1, **fields: object) -> Run:
    return Run(number, "Greet", "chat", 1e9, 2.5, **fields)  # type: ignore[arg-type]


async def test_macros_are_read_from_their_text_once():
    hub = Hub()
    macros = hub.macros.macros
    assert [macro.name for macro in macros] == ["Greet", "Blink"]
    assert hub.macros.for_key("1") is macros[0]
    assert hub.macros.for_key("2") is None
    assert not hub.macros.take(Macros(TOML, {"Greet": TallyState(fired=1)}))
    assert hub.macros.macros is macros
    assert hub.macros.take(Macros(TOML.replace("Blink", "Nod")))
    assert hub.macros.macros[1].name == "Nod"


async def test_macros_that_cannot_be_read_leave_those_before():
    hub = Hub()
    assert not hub.macros.take(Macros("[[macro]]\nname = 3\n"))
    assert len(hub.macros.macros) == 2
    assert "cannot be read here" in hub.reports[0]


async def test_counts_and_what_is_on_are_those_of_the_hub():
    hub = Hub()
    greet, blink = hub.macros.macros
    told = {"Greet": TallyState(1, 2, 3, 4, 5, "why"), "Blink": TallyState(on=True, next_in=60.0)}
    hub.macros.take(Macros(TOML, told, ("Blink",), "a mistake"))
    tally = hub.macros.tally(greet)
    assert (
        tally.fired,
        tally.missed,
        tally.skipped,
        tally.passed,
        tally.failed,
        tally.refused,
    ) == ((1, 2, 3, 4, 5, "why"))
    assert (hub.macros.is_running(greet), hub.macros.is_running(blink)) == (False, True)
    assert hub.macros.next_in(greet) is None
    assert 50 < (hub.macros.next_in(blink) or 0) <= 60
    assert (hub.macros.waiting_for_trust, hub.macros.error) == ({"Blink"}, "a mistake")


async def test_a_run_is_one_record_from_beginning_to_end():
    hub = Hub()
    hub.log.extend([said(1), said(2), said(3)])
    heard: list[tuple[str, bool]] = []
    hub.macros.runs.subscribe(lambda record, step: heard.append((record.state, step is None)))
    hub.macros.take_run(running(trigger=1, steps=(StepState("1", "send A", 0.0),)))
    [record] = hub.macros.runs.records
    assert hub.macros.active(hub.macros.macros[0]) == [record]
    assert record.trigger == said(1)
    assert record.current is not None and record.current.text == "send A"
    steps = (StepState("1", "send A", 0.0, ended=0.1), StepState("2", "wait B", 0.1, event=2))
    hub.macros.take_run(running(trigger=1, steps=steps))
    hub.macros.take_run(
        running(state="failed", took=3.0, failure="step 2", recent=(2, 3), steps=steps, trigger=1)
    )
    assert list(hub.macros.runs.records) == [record]
    assert (record.state, record.took, record.failure) == ("failed", 3.0, "step 2")
    assert record.steps[1].event == said(2)
    assert record.recent == (said(2), said(3))
    assert heard == [("running", True), ("running", False), ("failed", True)]
    assert not hub.macros.active(hub.macros.macros[0])


async def test_events_that_a_run_names_are_completed_when_they_come():
    hub = Hub()
    hub.log.skip_to(11)
    hub.macros.take_run(running(trigger=5, recent=(3, 11), state="failed"))
    [record] = hub.macros.runs.records
    assert (record.trigger, record.recent) == (None, ())
    assert hub.macros.missing == {3, 5, 11}
    hub.log.extend([said(11)])
    hub.macros.complete()
    assert record.recent == (said(11),)
    assert hub.macros.missing == {3, 5}
    hub.macros.take_missing([3, 5], [said(5)])
    assert record.trigger == said(5)
    assert not hub.macros.incomplete
    assert not hub.macros.missing


async def test_the_latest_runs_are_kept_with_the_numbers_of_the_hub():
    hub = Hub()
    for number in range(1, 1001):
        hub.macros.take_run(running(number, state="passed"))
    hub.macros.take_run(running(900, state="failed"))
    records = hub.macros.runs.records
    assert [record.number for record in records] == list(range(801, 1001))
    assert records[99].state == "failed"


async def test_firing_waits_for_the_answer_and_the_run():
    hub = Hub()
    hub.answer = Answer(0, runs=(7,), outcome="started")
    firing = asyncio.create_task(hub.macros.request_fire(hub.macros.macros[0], {"who": "me"}))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    hub.macros.take_run(running(7))
    fired = await firing
    assert fired.outcome == "started"
    assert fired.runs == tuple(hub.macros.runs.records)
    assert hub.asked == [Fire("Greet", {"who": "me"}, 0)]


async def test_a_firing_that_is_refused_or_has_no_hub_gives_the_reason():
    hub = Hub()
    hub.answer = Answer(0, error="there is no macro Greet")
    with pytest.raises(NotFired, match="no macro Greet"):
        await hub.macros.request_fire(hub.macros.macros[0])
    hub.attached = False
    with pytest.raises(NotFired, match="not connected"):
        await hub.macros.request_fire(hub.macros.macros[0])


async def test_switching_and_stopping_are_asked_of_the_hub():
    hub = Hub()
    greet, blink = hub.macros.macros
    hub.macros.take(Macros(TOML, {"Blink": TallyState(on=True)}))
    hub.macros.take_run(running(7))
    hub.macros.trigger(blink)
    hub.macros.stop(greet)
    hub.macros.cancel(hub.macros.runs.records[0])
    assert hub.macros.stop_all() == 2
    assert hub.asked == [
        Switch("Blink", 0),
        StopMacros("Greet", id=1),
        StopMacros(run=7, id=2),
        StopMacros(id=3),
    ]


async def test_what_the_hub_refuses_is_reported():
    hub = Hub()
    hub.answer = Answer(0, error="only reads")
    hub.macros.trigger(hub.macros.macros[1])
    await asyncio.sleep(0)
    hub.attached = False
    hub.macros.stop(hub.macros.macros[0])
    assert hub.reports == ["Blink: only reads", "Greet: not connected"]


async def test_macros_changed_here_are_shown_until_the_hub_has_read_them():
    hub = Hub()
    hub.macros.replace(hub.macros.macros[:1])
    hub.macros.take(Macros(TOML))
    assert len(hub.macros.macros) == 1
    hub.macros.take(Macros(TOML + "\n"))
    assert len(hub.macros.macros) == 2


async def test_macros_that_the_hub_does_not_stop_are_not_counted():
    hub = Hub()
    hub.macros.take(Macros(TOML, {"Blink": TallyState(on=True)}))
    hub.read_only, hub.answer = True, Answer(0, error="only reads")
    assert hub.macros.stop_all() == 0
    await asyncio.sleep(0)
    hub.read_only, hub.attached = False, False
    assert hub.macros.stop_all() == 0
    assert hub.reports == ["the macros: only reads", "the macros: not connected"]
