"""Links between a command and the events that reply to it."""

from typing import Any

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.events.links import (
    OVERDUE,
    REACH,
    command_among,
    command_of,
    replies_among,
    replies_to,
)
from mdxdash.events.log import EventLog

NOW = 1e9


def event(line: str, **fields: Any) -> Event:
    type_, _, args = line.partition("|")
    return msgspec.structs.replace(Event(1, NOW, "received", "chat", type_, args), **fields)


def sent(line: str, **fields: Any) -> Event:
    return event(line, kind="sent", **fields)


def replied(after: list[Event], command: Event, now: float = NOW) -> list[tuple[str, bool, bool]]:
    """The expected replies with whether they came and whether they are missing."""
    links = replies_among(after, command, now)
    return [(str(each.reply), each.event is not None, each.missing) for each in links]


SPEAK = sent("SYNTH_START|mei|voice|hello")
STARTED, STOPPED = event("SYNTH_EVENT_START|mei"), event("SYNTH_EVENT_STOP|mei")


def test_the_replies_of_a_command_come_in_their_order() -> None:
    links = replies_among([STARTED, STOPPED], SPEAK, NOW)
    assert [each.event for each in links] == [STARTED, STOPPED]


def test_the_first_event_that_fits_is_the_reply() -> None:
    later = msgspec.structs.replace(STARTED, seq=9)
    [link, _] = replies_among([STARTED, later], SPEAK, NOW)
    assert link.event is STARTED


@pytest.mark.parametrize(
    "other",
    [
        event("SYNTH_EVENT_START|gene"),
        event("SYNTH_EVENT_START|mei", agent="chat#2"),
        sent("SYNTH_EVENT_START|mei"),
        event("MODEL_EVENT_ADD|mei"),
    ],
)
def test_another_event_is_no_reply(other: Event) -> None:
    assert replied([other], SPEAK)[0] == ("SYNTH_EVENT_START|mei", False, False)


@pytest.mark.parametrize("kind", ["connected", "fault", "refused"])
def test_what_is_no_message_has_no_replies(kind: str) -> None:
    assert replies_among([STARTED], event("SYNTH_START|mei|voice|hello", kind=kind), NOW) == []


@pytest.mark.parametrize("kind", ["received", "log"])
def test_a_command_that_the_agent_gave_itself_has_replies_too(kind: str) -> None:
    command = event("SYNTH_START|mei|voice|hello", kind=kind)
    assert replied([STARTED], command)[0] == ("SYNTH_EVENT_START|mei", True, False)


def test_a_message_without_replies_has_none() -> None:
    assert replies_among([STARTED], sent("TEST_MESSAGE|x"), NOW) == []
    assert replies_among([STARTED], event("", kind="log"), NOW) == []


@pytest.mark.parametrize(("later", "missing"), [(OVERDUE, False), (OVERDUE + 0.1, True)])
def test_a_reply_that_comes_at_once_is_missing_after_a_time(later: float, missing: bool) -> None:
    """One that comes at the end of what was started may take any time."""
    assert replied([], SPEAK, NOW + later) == [
        ("SYNTH_EVENT_START|mei", False, missing),
        ("SYNTH_EVENT_STOP|mei", False, False),
    ]


@pytest.mark.parametrize(("seconds", "missing"), [(OVERDUE, False), (OVERDUE + 0.1, True)])
def test_in_a_flood_a_reply_is_missing_only_if_the_search_went_far_enough(
    seconds: float, missing: bool
) -> None:
    flood = [event("OTHER", time=NOW)] * (REACH - 1) + [event("OTHER", time=NOW + seconds)]
    assert replied(flood, SPEAK, NOW + 60)[0] == ("SYNTH_EVENT_START|mei", False, missing)


def log_of(*lines: str) -> EventLog:
    log = EventLog()
    for line in lines:
        type_, _, args = line.partition("|")
        kind = "received" if "EVENT" in line else "sent"
        log.append(kind, "chat", type_, args, time=NOW)  # type: ignore[arg-type]
    return log


def test_replies_are_searched_after_the_command_in_a_log() -> None:
    log = log_of("SYNTH_EVENT_START|mei", "SYNTH_START|mei|voice|hello", "SYNTH_EVENT_START|mei")
    [link, _] = replies_to(log, log[2], NOW)
    assert link.event == log[3]


def test_the_command_is_the_latest_before_the_reply() -> None:
    speak = "SYNTH_START|mei|voice|hello"
    log = log_of(speak, speak, "SYNTH_EVENT_START|mei", speak)
    assert command_of(log, log[3]) == log[2]


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (SPEAK, True),
        (event("SYNTH_START|mei|voice|hello", kind="log"), True),
        (sent("SYNTH_START|gene|voice|hello"), False),
        (sent("SYNTH_START|mei|voice|hello", agent="chat#2"), False),
        (event("SYNTH_START|mei|voice|hello", echo=1), False),
        (sent("MODEL_ADD|mei|a.pmd"), False),
    ],
)
def test_only_a_command_that_fits_is_linked(before: Event, found: bool) -> None:
    assert command_among([before], STARTED) is (before if found else None)


@pytest.mark.parametrize("line", ["", "TEST_MESSAGE|x", "SYNTH_START|mei|voice|hello", "UNKNOWN"])
def test_what_is_no_event_of_the_catalog_has_no_command(line: str) -> None:
    assert command_among([SPEAK], event(line)) is None


def test_only_events_near_a_row_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdxdash.events.links.REACH", 2)
    speak, started = "SYNTH_START|mei|voice|hello", "SYNTH_EVENT_START|mei"
    near = log_of(speak, "OTHER", started)
    assert replies_to(near, near[1], NOW)[0].event == near[3]
    assert command_of(near, near[3]) == near[1]
    far = log_of(speak, "OTHER", "OTHER", started)
    assert replies_to(far, far[1], NOW)[0].event is None
    assert command_of(far, far[4]) is None


def spoken(*lines: str) -> EventLog:
    """A log of what an agent said, from #1 on."""
    log = EventLog()
    for line in lines:
        type_, _, args = line.partition("|")
        log.append("received", "chat", type_, args)
    return log


INTERRUPTED = (
    "SYNTH_START|0|mei_voice_normal|今日はいい天気ですね",  # 1
    "SYNTH_EVENT_START|0",
    "LIPSYNC_START|0|a,100",  # 3
    "LIPSYNC_EVENT_START|0",
    "SYNTH_START|0|mei_voice_normal|元気です",  # 5, while the first is spoken
    "SYNTH_EVENT_STOP|0",  # 6, of the first
    "SYNTH_EVENT_START|0",
    "LIPSYNC_START|0|i,100",  # 8
    "LIPSYNC_EVENT_STOP|0",  # 9, of the first
    "LIPSYNC_EVENT_START|0",
    "SYNTH_EVENT_STOP|0",  # 11
    "LIPSYNC_EVENT_STOP|0",  # 12
)


@pytest.mark.parametrize(
    ("command", "reply_seqs"), [(1, [2, 6]), (3, [4, 9]), (5, [7, 11]), (8, [10, 12])]
)
def test_speech_that_was_cut_off_and_what_cut_it_off_have_each_its_own_end(
    command: int, reply_seqs: list[int]
) -> None:
    log = spoken(*INTERRUPTED)
    links = replies_to(log, log[command], NOW)
    assert [link.event and link.event.seq for link in links] == reply_seqs
    for seq in reply_seqs:
        found = command_of(log, log[seq])
        assert found is not None
        assert found.seq == command


def test_an_end_whose_beginning_was_not_seen_is_that_of_the_latest_command() -> None:
    log = spoken("SYNTH_START|0|mei|a", "SYNTH_START|0|mei|b", "SYNTH_EVENT_STOP|0")
    found = command_of(log, log[3])
    assert found is not None
    assert found.seq == 2


def test_among_many_commands_that_never_began_the_latest_is_taken() -> None:
    many = ["SYNTH_EVENT_START|1", "SYNTH_START|0|mei|a"] * (REACH // 2)
    log = spoken(*many, "SYNTH_EVENT_STOP|0")
    found = command_of(log, log[len(many) + 1])
    assert found is not None
    assert found.seq == len(many)
