"""The events that one face is sent, whatever it reads and wherever they are."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog, Older
from mdxdash.remote.faces import event_feed
from mdxdash.remote.faces.event_feed import EventFeed, SharedLines
from mdxdash.remote.faces.link import WAITING_BYTES
from tests.support.faces import StillLink
from tests.support.waiting import eventually


def log_of(count: int, *, limit: int = 10_000, text: str = "") -> EventLog:
    log = EventLog(limit)
    for number in range(count):
        log.append("received", "chat", "A", f"{number}{text}")
    return log


def feed_of(log: EventLog, older: Older | None, link: StillLink, first: int) -> EventFeed:
    return EventFeed(log, SharedLines(log), older, link, first)


async def test_all_events_come_in_order_and_none_twice() -> None:
    log, link = log_of(1234), StillLink()
    feed = feed_of(log, None, link, 5)
    feed.pump()
    assert link.seqs == [*range(5, 1235)]
    feed.pump()
    log.append("received", "chat", "A", "new")
    feed.pump()
    assert link.seqs == [*range(5, 1236)]


async def test_a_face_that_reads_nothing_has_no_more_waiting_than_the_bound() -> None:
    log, link = log_of(5000, text="x" * 1000), StillLink(room=0)
    feed = feed_of(log, None, link, 1)
    for _ in range(10):
        feed.pump()
    assert WAITING_BYTES < link.waiting < 2 * WAITING_BYTES
    link.waiting, link.room = 0, float("inf")
    feed.pump()
    assert link.seqs == [*range(1, 5001)]


def recording(
    events: Sequence[Event], *, without: Sequence[int] = ()
) -> Callable[[int, int], list[Event]]:
    return lambda start, stop: [
        event for event in events if start <= event.seq < stop and event.seq not in without
    ]


def keep_only(log: EventLog, events: int) -> None:
    """Lets all but the newest leave memory with the next event."""
    log.limit = log._overshoot = events
    log._set_newest_limit()


async def test_what_has_left_memory_comes_from_the_recording() -> None:
    log, link = log_of(5000), StillLink()
    events = list(log)
    keep_only(log, 10)
    log.append("received", "chat", "A", "last")
    assert log.first_seq > 4000
    feed = feed_of(log, recording(events), link, 1)
    feed.pump()
    await eventually(lambda: feed.next_seq == 5002)
    assert link.seqs == [*range(1, 5002)]


async def test_what_the_recording_has_not_is_told_where_it_was() -> None:
    log, link = log_of(100), StillLink()
    events = list(log)
    keep_only(log, 10)
    log.append("received", "chat", "A", "last")
    missing = [1, 2, *range(50, 60), log.first_seq - 1]
    feed = feed_of(log, recording(events, without=missing), link, 1)
    feed.pump()
    await eventually(lambda: feed.next_seq == 102)
    assert link.seqs == [seq for seq in range(1, 102) if seq not in missing]
    gaps = [(line["first"], line["last"]) for line in link.lines if "is" in line]
    assert gaps == [(1, 2), (50, 59), (log.first_seq - 1, log.first_seq - 1)]
    assert [line.get("seq", line.get("first")) for line in link.lines] == sorted(
        line.get("seq", line.get("first")) for line in link.lines
    )


async def test_events_on_their_way_to_the_disk_are_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(event_feed, "_LOOK_AGAIN", 0.001)
    log, link = log_of(100), StillLink()
    events = list(log)
    keep_only(log, 10)
    log.append("received", "chat", "A", "last")
    looks: list[int] = []

    def late(start: int, stop: int) -> list[Event]:
        looks.append(start)
        return recording(events if len(looks) > 6 else events[:20])(start, stop)

    feed = feed_of(log, late, link, 1)
    feed.pump()
    await eventually(lambda: feed.next_seq == 102)
    assert link.seqs == [*range(1, 102)]


async def test_a_recording_that_cannot_be_read_does_not_stop_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(event_feed, "_LOOK_AGAIN", 0.001)
    log, link = log_of(100, limit=10), StillLink()

    def broken(start: int, stop: int) -> list[Event]:
        raise OSError("the disk is gone")

    feed = feed_of(log, broken, link, 1)
    feed.pump()
    await eventually(lambda: feed.next_seq == 101)
    assert link.lines[0] == {"is": "behind", "first": 1, "last": log.first_seq - 1}
    assert link.seqs == [*range(log.first_seq, 101)]


async def test_closing_it_ends_its_reading() -> None:
    log, link = log_of(100, limit=10), StillLink()
    feed = feed_of(log, None, link, 1)
    feed.pump()
    feed.close()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert link.lines == []


def test_what_several_faces_are_sent_at_one_moment_is_encoded_once() -> None:
    log = log_of(3)
    lines = SharedLines(log)
    with lines.shared():
        assert lines.of(1, 3) is lines.of(1, 3)
        assert lines.of(2, 4) != lines.of(1, 3)
    before = lines.of(1, 3)
    log.append("sent", "chat", "B")
    log.lose(1)
    with lines.shared():
        assert lines.of(1, 3) != before


async def test_a_flood_is_sent_in_order_no_faster_than_a_face_may_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("_PIECE", 50), ("BURST", 100), ("EVENTS_PER_SECOND", 2000)):
        monkeypatch.setattr(event_feed, name, value)
    log, link = EventLog(), StillLink()
    feed = feed_of(log, None, link, 1)
    log.extend(list(log_of(400)))
    feed.pump()
    assert 100 <= feed.next_seq - 1 < 400
    await eventually(lambda: feed.next_seq == 401)
    assert link.seqs == [*range(1, 401)]
    feed.close()


async def test_what_a_face_asked_for_is_sent_at_once_but_once_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("_PIECE", 50), ("BURST", 100), ("EVENTS_PER_SECOND", 1)):
        monkeypatch.setattr(event_feed, name, value)
    log, link = log_of(400), StillLink()
    feed = feed_of(log, None, link, 1)
    feed.pump()
    assert feed.next_seq == 401
    log.extend([msgspec.structs.replace(event, seq=400 + event.seq) for event in log_of(400)])
    feed.pump()
    assert 501 <= feed.next_seq < 600
    feed.close()
