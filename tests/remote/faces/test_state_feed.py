"""What a face is told of changes: each once, at the end, as it is then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.remote.faces import state_feed
from mdxdash.remote.faces.link import WAITING_BYTES
from mdxdash.remote.faces.state_feed import StateFeed, StateLines
from mdxdash.remote.hub_session import HubSession
from tests.support.faces import StillLink, session_in

MACROS = '[[macro]]\nname = "Beat"\nevery = "1h"\nsend = "A"\n'


@pytest.fixture
def session(tmp_path: Path) -> Iterator[HubSession]:
    """One that does not run."""
    yield session_in(tmp_path, macros=MACROS, recording_enabled=False)


def kinds(link: StillLink) -> list[str]:
    return [line["is"] for line in link.lines]


def sent(feed: StateFeed, link: StillLink, lines: StateLines, up_to: int = 10**9) -> list[str]:
    """What a turn sends."""
    link.lines.clear()
    lines.refresh(("attach",))
    feed.send(lines, up_to)
    return kinds(link)


def test_what_is_sent_whole_is_sent_when_it_changed(session: HubSession) -> None:
    link, lines = StillLink(), StateLines(session)
    feed = StateFeed(session, link)
    assert sent(feed, link, lines) == ["agents", "macros", "state"]
    assert sent(feed, link, lines) == []
    session.runner.trigger(session.runner.macros[0])
    assert sent(feed, link, lines) == ["macros"]
    assert link.lines[0]["tallies"]["Beat"]["on"]
    assert 3590 < link.lines[0]["tallies"]["Beat"]["next_in"] <= 3600


def test_a_changed_event_is_told_to_who_has_it_and_once(session: HubSession) -> None:
    link, lines, log = StillLink(), StateLines(session), session.log
    feed = StateFeed(session, link)
    sent(feed, link, lines)
    for _ in range(3):
        log.append("sent", "chat", "A")
    log.lose(1)
    log.acknowledge(1, 0.5)
    log.acknowledge(3, 0.7)
    for seq in (1, 1, 3):
        feed.note_change(seq)
    assert sent(feed, link, lines, up_to=3) == ["changed"]
    assert link.lines == [{"is": "changed", "seq": 1, "round_trip": 0.5}]
    assert sent(feed, link, lines) == []


def test_marks_are_told_as_they_are(session: HubSession) -> None:
    link, lines, log = StillLink(), StateLines(session), session.log
    feed = StateFeed(session, link)
    sent(feed, link, lines)
    log.append("received", "chat", "A")
    log.append("received", "chat", "A")
    log.toggle_mark(1)
    for seq in (1, 2, 2):
        feed.note_mark(seq)
    assert sent(feed, link, lines) == ["marked", "marked"]
    assert [(line["seq"], line["on"]) for line in link.lines] == [(1, True), (2, False)]


def test_what_has_waited_longest_is_told_first(session: HubSession) -> None:
    link, lines = StillLink(), StateLines(session)
    feed = StateFeed(session, link)
    sent(feed, link, lines)
    for seq in (7, 3, 9):
        feed.note_mark(seq)
        feed.note_seen(seq)
    assert sent(feed, link, lines) == ["marked"] * 3 + ["seen-alert"] * 3
    assert [line["seq"] for line in link.lines] == [7, 3, 9] * 2


def test_a_face_that_does_not_read_is_told_the_latest_when_it_does(session: HubSession) -> None:
    link, lines, log = StillLink(), StateLines(session), session.log
    feed = StateFeed(session, link)
    log.append("sent", "chat", "A")
    feed.note_change(1)
    link.waiting = WAITING_BYTES + 1
    assert sent(feed, link, lines) == []
    log.acknowledge(1, 0.5)
    link.waiting = 0
    assert sent(feed, link, lines) == ["agents", "macros", "state", "changed"]
    assert link.lines[-1]["round_trip"] == 0.5


def test_what_is_remembered_for_it_is_bounded(
    session: HubSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_feed, "_CHANGES_KEPT", 10)
    link, lines = StillLink(), StateLines(session)
    feed = StateFeed(session, link)
    sent(feed, link, lines)
    for seq in range(1, 101):
        session.log.append("sent", "chat", "A")
        feed.note_change(seq)
    assert sent(feed, link, lines) == ["changed"] * 10
    assert link.lines[0]["seq"] == 91
