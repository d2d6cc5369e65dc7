"""Equal refusals are one event, and then numbers at growing intervals; the counts are exact."""

import asyncio
import re

import pytest

from mdxdash.hub.refusals import INTERVALS, KINDS_KEPT, RECORDED_PER_SECOND, Refusals

HERE = ("127.0.0.1", 50234)


class Clock:
    """The loop's timers and the monotonic clock, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.timers: list[tuple[float, object, tuple[object, ...]]] = []
        monkeypatch.setattr("mdxdash.hub.refusals.time.monotonic", lambda: self.now)
        monkeypatch.setattr(asyncio, "get_running_loop", lambda: self)

    def call_later(self, delay, callback, *args):
        timer = (self.now + delay, callback, args)
        self.timers.append(timer)
        clock = self

        class Handle:
            def cancel(self) -> None:
                if timer in clock.timers:
                    clock.timers.remove(timer)

        return Handle()

    def pass_seconds(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self.timers if timer[0] <= end]:
            timer = min(due, key=lambda each: each[0])
            self.timers.remove(timer)
            self.now, callback, args = timer
            callback(*args)
        self.now = end


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def texts() -> list[str]:
    return []


@pytest.fixture
def refusals(texts: list[str], clock: Clock) -> Refusals:
    return Refusals(texts.append)


def redial(refusals: Refusals, clock: Clock, seconds: float, reason: str = "path /wrong") -> None:
    """As an agent does: every 0.5 s, each time from another port."""
    for number in range(int(seconds * 2)):
        refusals.add(("127.0.0.1", 50000 + number), reason)
        clock.pass_seconds(0.5)


def test_an_agent_that_redials_for_an_hour_is_a_few_events(refusals, texts, clock):
    redial(refusals, clock, 3600)
    assert texts[:3] == [
        "connection from 127.0.0.1:50000: path /wrong",
        "connections from 127.0.0.1: path /wrong: 19 times more in 10 s",
        "connections from 127.0.0.1: path /wrong: 119 times more in 60 s",
    ]
    assert len(texts) <= 3 + 3600 / INTERVALS[-1]
    assert refusals.counts[0].count == 7200
    refusals.close()
    numbers = re.findall(r"([\d,]+) times more", "\n".join(texts))
    assert 1 + sum(int(number.replace(",", "")) for number in numbers) == 7200


def test_another_reason_or_host_is_an_event_of_its_own(refusals, texts, clock):
    refusals.add(HERE, "path /a")
    refusals.add(HERE, "path /b")
    refusals.add(("::1", 1), "path /a")
    assert texts == [
        "connection from 127.0.0.1:50234: path /a",
        "connection from 127.0.0.1:50234: path /b",
        "connection from [::1]:1: path /a",
    ]
    assert [each.host for each in refusals.counts] == ["127.0.0.1", "127.0.0.1", "[::1]"]


def test_after_a_pause_a_refusal_is_news_again(refusals, texts, clock):
    refusals.add(HERE, "path /a")
    clock.pass_seconds(INTERVALS[0])
    refusals.add(HERE, "path /a")
    assert texts == ["connection from 127.0.0.1:50234: path /a"] * 2
    assert refusals.counts[0].count == 2


def test_one_more_is_written_in_words(refusals, texts, clock):
    refusals.add(HERE, "path /a")
    refusals.add(HERE, "path /a")
    clock.pass_seconds(INTERVALS[0])
    assert texts[1] == "connections from 127.0.0.1: path /a: once more in 10 s"
    assert clock.timers == []


def test_a_flood_of_different_refusals_is_a_number_and_bounded(refusals, texts, clock):
    for number in range(1000):
        refusals.add(HERE, f"path /{number}")
    assert len(texts) == RECORDED_PER_SECOND
    clock.pass_seconds(1)
    assert texts[-1] == f"{1000 - RECORDED_PER_SECOND:,} more connections within a second"
    assert len(refusals.counts) == KINDS_KEPT


def test_what_is_forgotten_is_recorded_first(refusals, texts, clock):
    refusals.add(HERE, "path /a")
    refusals.add(HERE, "path /a")
    for number in range(KINDS_KEPT):
        refusals.add(HERE, f"path /{number}")
    assert "connections from 127.0.0.1: path /a: once more in 0 s" in texts


def test_the_end_of_the_hub_records_the_rest_and_leaves_no_timer(refusals, texts, clock):
    for _ in range(5):
        refusals.add(HERE, "path /a")
    refusals.close()
    assert texts[-1] == "connections from 127.0.0.1: path /a: 4 times more in 0 s"
    assert clock.timers == []
    refusals.close()
    assert len(texts) == 2


def test_a_connection_that_has_ended_has_no_address(refusals, texts, clock):
    refusals.add(None, "gone", dialled="/x", expected="/chat")
    assert texts == ["connection from ?: gone"]
    (count,) = refusals.counts
    assert (count.host, count.dialled, count.expected) == ("?", "/x", "/chat")
