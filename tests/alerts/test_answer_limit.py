"""Answers that take longer than the user's limit."""

import asyncio

from mdxdash.alerts.answer_limit import AnswerLimit
from mdxdash.events.log import EventLog


def say(log: EventLog, time: float, type_: str, args: str = "") -> None:
    log.append("received", "chat", type_, args, time=1e9 + time)


def faults(log: EventLog) -> list[tuple[str, str]]:
    found = [event for event in log if event.kind == "fault"]
    assert all(event.by == "dialogue" for event in found)
    return [(event.agent, event.text) for event in found]


async def test_a_late_answer_is_reported_once_after_the_event_that_shows_it() -> None:
    log = EventLog()
    async with AnswerLimit(log, 1.2):
        say(log, 0, "RECOG_EVENT_STOP", "quick")
        say(log, 1, "SYNTH_EVENT_START", "m")
        say(log, 2, "SYNTH_EVENT_STOP", "m")
        say(log, 9, "RECOG_EVENT_STOP", "slow")
        say(log, 10.5, "SYNTH_EVENT_START", "m")
        say(log, 11, "SYNTH_EVENT_STOP", "m")
        await asyncio.sleep(0)
        assert faults(log) == [
            ("chat", "the answer took 1.50 s, more than 1.2s ([dialogue] answer_within)")
        ]
        say(log, 60, "RECOG_EVENT_START")
        await asyncio.sleep(0)
    assert len(faults(log)) == 1


async def test_no_answer_is_reported() -> None:
    log = EventLog()
    async with AnswerLimit(log, 1.2):
        say(log, 0, "RECOG_EVENT_STOP", "hello")
        say(log, 60, "CURRENT_TIME", "1|2")
        await asyncio.sleep(0)
    [(agent, text)] = faults(log)
    assert agent == "chat"
    assert text.startswith("no answer to the user's words")
