"""The turn that follows, as somebody waits for it."""

import asyncio

from mdxdash.events.log import EventLog
from mdxdash.macros.running.next_turn import NextTurn


def say(log: EventLog, *lines: str, agent: str = "chat") -> None:
    for line in lines:
        type_, _, args = line.partition("|")
        log.append("received", agent, type_, args)


async def test_it_is_the_user_s_next_turn_of_that_agent_to_its_end() -> None:
    log = EventLog()
    say(log, "RECOG_EVENT_STOP|earlier", "SYNTH_EVENT_START|m")
    with NextTurn(log, "chat", "hello") as following:
        say(log, "RECOG_EVENT_STOP|elsewhere", agent="chat-1")
        say(
            log,
            "SYNTH_EVENT_STOP|m",
            "RECOG_EVENT_STOP|something else",
            "RECOG_EVENT_START",
            "RECOG_EVENT_STOP|hello",
        )
        waiting = asyncio.create_task(following.wait(10))
        await asyncio.sleep(0.01)
        say(log, "SYNTH_START|m|s|hi", "SYNTH_EVENT_START|m", "SYNTH_EVENT_STOP|m")
        say(log, "RECOG_EVENT_STOP|later")
        turn = await waiting
    assert turn is not None
    assert (turn.words, turn.text, turn.complete) == ("hello", "hi", True)


async def test_what_was_spoken_before_is_interrupted() -> None:
    log = EventLog()
    say(log, "SYNTH_START|m|s|long", "SYNTH_EVENT_START|m")
    with NextTurn(log, "chat", "hello") as following:
        say(log, "RECOG_EVENT_STOP|hello", "RECOG_EVENT_STOP|later")
        turn = await following.wait(10)
    assert turn is not None
    assert [each.model for each in turn.interruptions] == ["m"]


async def test_an_agent_that_goes_answers_nothing_more() -> None:
    log = EventLog()
    with NextTurn(log, "chat", "hello") as following:
        say(log, "RECOG_EVENT_STOP|hello")
        log.append("disconnected", "chat")
        turn = await following.wait(10)
    assert turn is not None
    assert turn.unanswered


async def test_words_that_do_not_come_are_no_turn() -> None:
    with NextTurn(EventLog(), "chat", "hello") as following:
        assert await following.wait(0.01) is None
