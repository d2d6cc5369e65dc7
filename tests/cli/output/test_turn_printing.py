"""Turns of a running hub, printed as they become complete."""

import json

from mdxdash.cli.output.turn_printing import turns_printed
from mdxdash.events.log import EventLog
from mdxdash.filters.filter import Context, parse


def say(log: EventLog, words: str, time: float) -> None:
    log.append("received", "chat", "RECOG_EVENT_STOP", words, time=time)
    log.append("received", "chat", "SYNTH_START", f"m|s|{words}!", time=time + 0.1)
    log.append("received", "chat", "SYNTH_EVENT_START", "m", time=time + 0.2)
    log.append("received", "chat", "SYNTH_EVENT_STOP", "m", time=time + 1)


async def printed(format_: str, filter_: str = "") -> list[bytes]:
    log, lines = EventLog(), list[bytes]()
    passes = parse(filter_).compile(Context(now=lambda: 0.0, marked=()))
    async with turns_printed(log, passes, format_, lines.append):
        say(log, "one", 1e9)
        say(log, "two", 1e9 + 60)
        assert len(lines) == (format_ == "text") + (not filter_ or "one" in filter_)
    return lines


async def test_a_turn_is_printed_when_it_is_complete_and_the_last_at_the_end() -> None:
    head, one, two = await printed("text")
    assert head.startswith(b"TIME")
    assert one.endswith("one → m: one!\n".encode())
    assert two.endswith("two → m: two!\n".encode())


async def test_only_turns_of_which_an_event_passes_are_printed() -> None:
    [line] = await printed("jsonl", "type:RECOG_EVENT_STOP two")
    assert json.loads(line)["words"] == "two"
