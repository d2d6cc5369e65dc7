"""What a hub is told of its broker: each problem once."""

import re

import pytest

from mdxdash.remote.fleet.broker_connection import BrokerError, NameInUse
from mdxdash.remote.fleet.publishing import broker_notes
from mdxdash.remote.fleet.publishing.batching import Dropped
from mdxdash.remote.fleet.publishing.broker_notes import SAID_AFTER, STALLED_AFTER, BrokerNotes


def notes() -> tuple[BrokerNotes, list[tuple[bool, str]]]:
    told: list[tuple[bool, str]] = []

    def tell(fault: bool, text: str) -> None:
        told.append((fault, text))

    return BrokerNotes("amqp://broker", tell, lambda text: None, "room-3"), told


def test_a_broker_that_is_away_is_said_once_and_that_it_is_there_again():
    here, told = notes()
    here.connected()
    assert not told
    here.lost(BrokerError("nothing listens there"))
    here.lost(BrokerError("nothing listens there"))
    here.connected()
    here.connected()
    (away, back) = told
    text = "fleet: nothing listens there; it is tried again, and events wait"
    assert away == (True, text)
    assert re.fullmatch(r"fleet: amqp://broker is there again after \d\.\d s", back[1])
    assert not back[0]


def test_problems_that_alternate_are_said_once_each():
    here, told = notes()
    for _ in range(5):
        here.lost(BrokerError("nothing listens there"))
        here.lost(BrokerError("the connection was broken"))
    assert len(told) == 2
    here.connected()
    here.lost(BrokerError("nothing listens there"))
    assert len(told) == 4


def test_a_name_in_use_is_said_when_it_lasts(monkeypatch: pytest.MonkeyPatch):
    here, told = notes()
    now = 100.0
    monkeypatch.setattr(broker_notes.time, "monotonic", lambda: now)
    here.lost(NameInUse("the name is in use"))
    assert not told
    now += SAID_AFTER + 1
    here.lost(NameInUse("the name is in use"))
    assert len(told) == 1


def test_what_was_dropped_has_its_numbers():
    here, told = notes()
    here.dropped(None)
    here.dropped(Dropped(1200, 5, 1204))
    assert [text for _, text in told] == [
        "fleet: 1,200 events were not published, since the broker was away for too long: "
        "#5 to #1,204"
    ]
    here.dropped(Dropped(2, 5, 9, too_long=2))
    assert told[-1][1] == (
        "fleet: 2 events were not published, since a broker takes none of more than 8,388,608 "
        "bytes: #5 to #9"
    )


def test_what_became_of_events_and_was_dropped_is_counted():
    here, told = notes()
    here.dropped_changes(0)
    here.dropped_changes(1200)
    assert told == [
        (
            True,
            "fleet: what became of 1,200 sent events was not published, since the broker was away "
            "for too long",
        )
    ]


def test_a_broker_that_takes_nothing_is_said_once_and_that_it_takes_events_again():
    here, told = notes()
    here.stalled(STALLED_AFTER - 1)
    here.stalled(0.0)
    assert not told
    here.stalled(STALLED_AFTER + 1)
    here.stalled(STALLED_AFTER + 2)
    here.stalled(0.0)
    here.stalled(0.0)
    assert told == [
        (
            True,
            "fleet: amqp://broker has taken nothing for 11 s: it may be out of memory or disk; "
            "events wait",
        ),
        (False, "fleet: amqp://broker takes events again"),
    ]


def test_a_broker_that_takes_events_again_need_not_have_taken_all():
    here, told = notes()
    here.stalled(STALLED_AFTER + 1)
    here.stalled(STALLED_AFTER - 1)
    assert [text for _, text in told[1:]] == ["fleet: amqp://broker takes events again"]


def test_how_it_is_now_is_kept():
    kept: list[str] = []
    here = BrokerNotes("amqp://broker", lambda fault, text: None, kept.append, "room-3")
    here.tell_again()
    for _ in range(2):
        here.connected()
    for _ in range(2):
        here.lost(BrokerError("nothing listens there"))
    here.tell_again()
    here.connected()
    assert kept == [
        "publishes at amqp://broker as room-3",
        *["publishes nothing: nothing listens there"] * 2,
        "publishes at amqp://broker as room-3",
    ]
