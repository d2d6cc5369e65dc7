"""Completing sent events by the echoes that follow."""

from typing import Any

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.recordings import acknowledgements
from mdxdash.recordings.acknowledgements import LOST_AFTER, Acknowledger


def event(seq: int, time: float = 0.0, **fields: Any) -> Event:
    return msgspec.structs.replace(Event(seq, 1e9 + time, "received", "chat", "A"), **fields)


def sent(seq: int, time: float = 0.0, **fields: Any) -> Event:
    return event(seq, time, kind="sent", type="TEST", **fields)


def echo(seq: int, of: int, time: float = 0.0, round_trip: float = 0.25) -> Event:
    return event(seq, time, type="TEST", echo=of, round_trip=round_trip)


def test_an_event_waits_for_its_echo_and_gets_its_round_trip() -> None:
    acknowledger = Acknowledger()
    assert acknowledger.take([sent(1), event(2)]) == []
    [first, second] = acknowledger.take([echo(3, of=1, round_trip=0.02)])
    assert first == [sent(1, round_trip=0.02), event(2)]
    assert second == [echo(3, of=1, round_trip=0.02)]


def test_chunks_without_sent_events_do_not_wait() -> None:
    assert Acknowledger().take([event(1)]) == [[event(1)]]


def test_chunks_come_in_their_order() -> None:
    acknowledger = Acknowledger()
    acknowledger.take([sent(1)])
    assert acknowledger.take([event(2)]) == []
    assert [[each.seq for each in chunk] for chunk in acknowledger.take([echo(3, of=1)])] == [
        [1],
        [2],
        [3],
    ]


@pytest.mark.parametrize("after", [LOST_AFTER - 0.1, LOST_AFTER + 0.1])
def test_without_an_echo_an_event_is_lost_after_a_time(after: float) -> None:
    acknowledger = Acknowledger()
    acknowledger.take([sent(1)])
    done = acknowledger.take([event(2, after)])
    assert [each.lost for chunk in done for each in chunk] == (
        [True, False] if after > LOST_AFTER else []
    )


def test_only_events_that_are_old_enough_are_lost() -> None:
    acknowledger = Acknowledger()
    acknowledger.take([sent(1), sent(2, 5.0)])
    acknowledger.take([event(3, 6.0)])
    [first, _] = acknowledger.finish()
    assert [each.lost for each in first] == [True, False]


def test_the_events_of_an_agent_that_left_are_lost() -> None:
    acknowledger = Acknowledger()
    acknowledger.take([sent(1), sent(2, agent="other")])
    acknowledger.take([event(3, kind="disconnected", type="")])
    [first, _] = acknowledger.finish()
    assert [each.lost for each in first] == [True, False]


def test_in_a_part_of_a_recording_nothing_is_lost() -> None:
    acknowledger = Acknowledger(whole=False)
    acknowledger.take([sent(1), sent(2)])
    acknowledger.take([event(3, kind="disconnected", type=""), echo(4, of=2)])
    acknowledger.take([event(5, 60.0)])
    assert not any(each.lost for chunk in acknowledger.finish() for each in chunk)


@pytest.mark.parametrize("known", [{"round_trip": 0.5}, {"lost": True}, {"type": "__AV_START"}])
def test_an_event_that_expects_no_echo_does_not_wait(known: dict[str, Any]) -> None:
    given = msgspec.structs.replace(sent(1), **known)
    assert Acknowledger().take([given]) == [[given]]


def test_where_echoes_may_be_missing_no_event_waits_or_is_lost() -> None:
    acknowledger = Acknowledger()
    acknowledger.take([sent(1)])
    acknowledger.forget()
    [first, second] = acknowledger.take([echo(2, of=1), event(3, 60.0)])
    assert first == [sent(1)]
    assert [each.seq for each in second] == [2, 3]


def test_only_so_many_chunks_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acknowledgements, "_LOOK_AHEAD", 2)
    acknowledger = Acknowledger()
    assert acknowledger.take([sent(1)]) == []
    assert acknowledger.take([event(2)]) == []
    assert acknowledger.take([event(3)]) == [[sent(1)], [event(2)], [event(3)]]


def test_an_empty_chunk_is_left_out() -> None:
    assert Acknowledger().take([]) == []


def test_no_more_waits_than_the_chunks_that_are_held_back() -> None:
    acknowledger = Acknowledger()
    given_out = 0
    for first in range(1, 10_000, 10):
        events = [Event(seq, 1e9, "sent", "chat", "A") for seq in range(first, first + 10)]
        given_out += len(acknowledger.take(events))
    assert given_out == 1000 - 256
    assert len(acknowledger._waiting) == 2560
    acknowledger.finish()
    assert not acknowledger._waiting and not acknowledger._waiting_of


def test_a_disconnection_loses_only_what_its_agent_was_sent() -> None:
    acknowledger = Acknowledger()
    sent = [Event(seq, 1e9, "sent", f"chat-{seq % 2}", "A") for seq in range(1, 5)]
    (events,) = [
        *acknowledger.take([*sent, Event(5, 1e9, "disconnected", "chat-1")]),
        *acknowledger.finish(),
    ]
    assert [event.lost for event in events] == [True, False, True, False, False]
