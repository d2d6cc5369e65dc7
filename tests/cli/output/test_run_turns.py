"""The turns of one run after the other."""

import asyncio
import time

from mdxdash.cli.output.run_turns import RunTurns, too_late, turn_summary
from mdxdash.events.log import EventLog
from tests.support.dialogues import BEGIN, follow


def say(log: EventLog, line: str) -> None:
    seconds, _, message = line.partition(" ")
    type_, _, args = message.partition("|")
    log.append("received", "chat", type_, args, time=BEGIN + float(seconds))


def test_a_turn_belongs_to_the_run_in_which_it_began() -> None:
    log = EventLog()
    turns = RunTurns(log)
    say(log, "0 RECOG_EVENT_STOP|one")
    say(log, "0.5 SYNTH_START|m|s|answer")
    say(log, "0.5 SYNTH_EVENT_START|m")
    assert [turn.words for turn in turns.take()] == ["one"]
    say(log, "1 SYNTH_EVENT_STOP|m")
    say(log, "9 RECOG_EVENT_STOP|two")
    assert [turn.words for turn in turns.take()] == ["two"]
    assert not turns.take()


def test_a_turn_is_summed_up() -> None:
    answered, silent = follow(
        "0 RECOG_EVENT_STOP|a",
        "0.25 SYNTH_START|m|s|b",
        "0.5 SYNTH_EVENT_START|m",
        "1 SYNTH_EVENT_STOP|m",
        "9 RECOG_EVENT_STOP|c",
    ).turns
    assert turn_summary(answered) == "500 ms = 250 ms decided + 250 ms voice  a → m: b"
    assert turn_summary(silent) == "no answer  c (no answer)"


async def test_it_waits_for_an_answer_as_long_as_that_may_come_in_time() -> None:
    log = EventLog()
    turns = RunTurns(log)
    log.append("received", "chat", "RECOG_EVENT_STOP", "hello")
    waiting = asyncio.create_task(turns.wait_for_answers(60))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    log.append("received", "chat", "SYNTH_EVENT_START", "m")
    await waiting
    [turn] = turns.take()
    assert too_late(turn, 60) == ""
    assert too_late(turn, 0.001).startswith("the answer took 0.")


async def test_no_answer_in_time_is_too_late() -> None:
    log = EventLog()
    turns = RunTurns(log)
    log.append("received", "chat", "RECOG_EVENT_STOP", "hello", time=time.time() - 2)
    await turns.wait_for_answers(1.2)
    [turn] = turns.take()
    assert too_late(turn, 1.2) == "no answer within 1.2s ([dialogue] answer_within)"
