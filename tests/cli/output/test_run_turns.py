"""The turns of one run after the other."""

from mdxdash.cli.output.run_turns import RunTurns, turn_summary
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
