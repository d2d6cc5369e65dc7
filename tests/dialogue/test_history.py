"""Intervals and turns of a log, kept for views."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.dialogue import history
from mdxdash.dialogue.history import DialogueHistory
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from tests.support.dialogues import BEGIN, Followed, recorded_events
from tests.support.recorded import RECORDINGS

EVENTS = recorded_events(RECORDINGS / "dialogue.jsonl")


def append(log: EventLog, event: Event) -> None:
    log.append("received", "chat", event.type, event.args, time=event.time)


def filled(events: list[Event] = EVENTS) -> EventLog:
    log = EventLog()
    for event in events:
        append(log, event)
    return log


@settings(max_examples=10)
@given(st.lists(st.integers(1, 250), min_size=1, max_size=8))
def test_pieces_of_any_size_give_what_all_at_once_gives(sizes: list[int]) -> None:
    whole = Followed(filled(), finish=False)
    log = EventLog()
    kept = DialogueHistory(log)
    rest = list(EVENTS)
    while rest:
        size = sizes[0]
        sizes = [*sizes[1:], size]
        for event in rest[:size]:
            append(log, event)
        del rest[:size]
        kept.advance(60.0)
    found = {each.number: each for lane in kept.lanes.values() for each in lane.intervals}
    assert found == whole.by_number
    assert list(kept.turns()) == whole.turns


def test_a_recording_of_a_session_gives_the_same(tmp_path) -> None:
    log = EventLog()
    with Journal(tmp_path / "a.jsonl", log):
        for event in EVENTS:
            append(log, event)
    written = Followed(recorded_events(tmp_path / "a.jsonl"))
    live = Followed(log)
    assert written.intervals == live.intervals
    assert written.turns == live.turns


def test_what_is_there_in_a_stretch_of_time_is_found() -> None:
    kept = DialogueHistory(filled())
    kept.advance(60.0)
    first = EVENTS[0].time
    lane = next(lane for lane in kept.lanes.values() if lane.lane.name == "user")
    begin, end = lane.between(first + 14.5, first + 28)
    assert [each.text for each in lane.intervals[begin:end]] == ["私は誰", "私は佐藤です", "私は誰"]


def test_a_turn_is_found_by_time() -> None:
    kept = DialogueHistory(filled())
    assert kept.turn_at(BEGIN) is None
    kept.advance(60.0)
    turn = kept.turn_at(EVENTS[0].time + 40)
    assert turn is not None
    assert turn.text == "三秒たちました。"


def test_a_budget_that_is_used_up_leaves_the_rest_for_later() -> None:
    kept = DialogueHistory(filled())
    kept.advance(0.0)
    assert kept.behind == len(EVENTS)
    kept.advance(60.0)
    assert kept.behind == 0


def test_of_very_many_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "INTERVALS_MAX", 40)
    monkeypatch.setattr(history, "LANES_MAX", 5)
    monkeypatch.setattr(history, "TURNS_MAX", 8)
    kept = DialogueHistory(filled())
    kept.advance(60.0)
    assert sum(map(len, kept.lanes.values())) <= 40
    assert len(kept.lanes) == 5
    assert len(kept.turns()) <= 8
    assert kept.turn(1) is None
    last = kept.turn(kept.next_turn - 1)
    assert last is not None
    assert last.words == "さようなら"
