"""Watches count what comes, and their alarms are events that are alerts."""

import asyncio

import msgspec

from mdxdash.alerts.alert_log import AlertLog
from mdxdash.alerts.watch import watch_from_form
from mdxdash.alerts.watch_runner import WatchRunner, WatchSnapshot
from mdxdash.events.log import EventLog
from tests.support.waiting import logged

FIRST = watch_from_form("First", "type:A", "first")
RATE = watch_from_form("Rate", "type:A", "above 2")
ABSENT = watch_from_form("Absent", "type:ASK", "no type:ANSWER within 50ms")


def runner_of(log: EventLog, *watches: object) -> WatchRunner:
    runner = WatchRunner(log, {})
    runner.replace(watches)  # type: ignore[arg-type]
    return runner


def alarms(log: EventLog) -> list[str]:
    return [event.text for event in log if event.by == "watch"]


async def test_the_first_event_and_too_many_raise_an_alarm_each() -> None:
    log = EventLog()
    runner = runner_of(log, FIRST, RATE)
    alerts = AlertLog(log)
    async with runner.running():
        for _ in range(5):
            log.append("received", "chat", "A")
        log.append("received", "chat", "B")
        await asyncio.sleep(0)
    assert alarms(log) == [
        "watch First: the first type:A: A",
        "watch Rate: above 2 a minute: type:A",
    ]
    assert [(state.count, state.alarms) for state in runner.states] == [(5, 1), (5, 1)]
    assert dict(alerts.unseen) == {"watch": 2}


async def test_absence_is_noticed_though_nothing_comes() -> None:
    log = EventLog()
    runner = runner_of(log, ABSENT)
    async with runner.running():
        log.append("received", "chat", "ASK")
        log.append("received", "chat", "ANSWER")
        log.append("received", "chat-1", "ASK")
        await logged(log, lambda event: event.by == "watch")
    (alarm,) = (event for event in log if event.by == "watch")
    assert alarm.agent == "chat-1"
    assert alarm.text.startswith("watch Absent: no type:ANSWER within 50ms of ASK at ")
    assert [(state.count, state.alarms) for state in runner.states] == [(1, 1)]


async def test_a_sent_message_counts_once_and_its_echo_does_not() -> None:
    log = EventLog()
    runner = runner_of(log, watch_from_form("W", "type:A", ""))
    async with runner.running():
        sent = log.append("sent", "chat", "A")
        log.append("received", "chat", "A", echo=sent.seq)
    assert runner.states[0].count == 1


async def test_a_watch_for_faults_is_no_loop() -> None:
    log = EventLog()
    runner = runner_of(log, watch_from_form("W", "kind:fault", "above 1"))
    async with runner.running():
        log.append("fault", text="a")
        log.append("fault", text="b")
        await asyncio.sleep(0.01)
    assert len(alarms(log)) == 1
    assert runner.states[0].count == 2


async def test_watches_that_stay_go_on_counting() -> None:
    log = EventLog()
    runner = runner_of(log, FIRST)
    async with runner.running():
        log.append("received", "chat", "A")
        runner.replace([watch_from_form("New", "type:A", ""), FIRST])
        log.append("received", "chat", "A")
    assert [(state.name, state.count) for state in runner.states] == [("New", 1), ("First", 2)]


async def test_another_process_goes_on_counting_and_waiting() -> None:
    log = EventLog()
    runner = runner_of(log, FIRST, ABSENT)
    async with runner.running():
        log.append("received", "chat", "A")
        log.append("received", "chat", "ASK")
        left = msgspec.json.encode(runner.snapshot())
    other = runner_of(log, FIRST, ABSENT)
    other.restore(msgspec.json.decode(left, type=tuple[WatchSnapshot, ...]))
    async with other.running():
        log.append("received", "chat", "A")
        await logged(log, lambda event: "Absent" in event.text)
    assert [(state.count, state.alarms) for state in other.states] == [(2, 1), (1, 1)]
