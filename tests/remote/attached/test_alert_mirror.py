"""Which alerts were seen, as the hub has it."""

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.remote.attached.alert_mirror import AlertMirror
from mdxdash.remote.protocol import SeenAlert
from tests.support.scripted_hub import said, welcome


def fault(seq: int) -> Event:
    return Event(seq, 1e9 + seq, "fault", text=f"fault {seq}")


def mirror(*events: Event) -> tuple[AlertMirror, EventLog, list[int]]:
    log, told = EventLog(), []
    log.extend(events)
    return AlertMirror(log, (), told.append), log, told


def unseen(mine: AlertMirror) -> list[int]:
    return [alert.seq for alert in mine.alerts.unseen_alerts]


def test_of_the_tail_only_what_nobody_has_seen_is_unseen():
    mine, log, told = mirror()
    mine.begin(welcome(unseen=(2,), next_seq=4))
    log.extend([fault(1), fault(2), fault(3), fault(4)])
    assert unseen(mine) == [2, 4]
    assert not told


def test_when_attached_again_what_was_seen_meanwhile_is_seen():
    mine, _, told = mirror(fault(1), fault(2), said(3))
    assert unseen(mine) == [1, 2]
    mine.begin(welcome(unseen=(2,), next_seq=4))
    assert unseen(mine) == [2]
    assert not told


def test_what_is_seen_here_is_told_and_what_is_seen_elsewhere_is_not_told_back():
    mine, _, told = mirror(fault(1), fault(2), fault(3))
    mine.alerts.see(1)
    assert told == [1]
    mine.see(SeenAlert(2))
    mine.see(SeenAlert(2))
    assert unseen(mine) == [3]
    assert told == [1]


def test_an_alert_that_was_seen_before_its_event_came_is_seen():
    mine, log, _ = mirror(said(1))
    mine.see(SeenAlert(2))
    log.extend([fault(2), fault(3)])
    assert unseen(mine) == [3]
