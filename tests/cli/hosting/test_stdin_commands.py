"""When the lines of stdin wait for the agents' queues, and when they no longer do."""

import pytest

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.cli.hosting import stdin_commands
from mdxdash.cli.hosting.stdin_commands import STALLED_AFTER, Backlog, StdinCommands
from mdxdash.hub.interface import Delivery
from mdxdash.wire.message import Message

LIMIT = 10


def test_a_short_queue_is_not_waited_for() -> None:
    backlog = Backlog(LIMIT)
    assert not backlog.must_wait([("chat", LIMIT), ("chat-1", 0)], 0.0)


def test_a_long_queue_is_waited_for_while_it_gets_shorter() -> None:
    backlog = Backlog(LIMIT)
    for step in range(20):
        assert backlog.must_wait([("chat", 100 - step)], step * STALLED_AFTER * 0.9)
    assert not backlog.must_wait([("chat", LIMIT)], 100.0)


def test_a_queue_that_does_not_get_shorter_is_no_longer_waited_for() -> None:
    backlog = Backlog(LIMIT)
    assert backlog.must_wait([("chat", 100)], 0.0)
    assert backlog.must_wait([("chat", 100)], STALLED_AFTER * 0.9)
    assert not backlog.must_wait([("chat", 100)], STALLED_AFTER)
    # Lines that are added meanwhile are no progress.
    assert not backlog.must_wait([("chat", 200)], STALLED_AFTER * 2)


def test_a_stalled_queue_that_moves_again_is_waited_for() -> None:
    backlog = Backlog(LIMIT)
    for length, now in ((100, 0.0), (100, 1.0)):
        backlog.must_wait([("chat", length)], now)
    assert backlog.must_wait([("chat", 99)], 1.1)


def test_a_stalled_queue_costs_the_others_nothing() -> None:
    backlog = Backlog(LIMIT)
    assert backlog.must_wait([("stalled", 100), ("chat", 0)], 0.0)
    waits = [backlog.must_wait([("stalled", 100 + n), ("chat", 0)], 1.0 + n) for n in range(100)]
    assert not any(waits)
    assert backlog.must_wait([("stalled", 300), ("chat", 100)], 200.0)


class _Agent:
    """An agent that takes every line."""

    name = "chat"
    queue = ()
    known = AnnouncedState()


class _Hub:
    """A hub with one agent, which records what it is to send."""

    class settings:
        queue = 1000

    def __init__(self, *, unsafe: bool) -> None:
        self.unsafe = unsafe
        self.sent: list[str] = []

    def targets(self, target: str | None) -> list[_Agent]:
        return [_Agent()]

    def send(self, message: Message, target: str | None = None) -> Delivery:
        if message.type == "OPEN_CONTENT" and not self.unsafe:
            return Delivery(asked=("A306 cuts",))
        self.sent.append(str(message))
        return Delivery(agents=("chat",))


async def _piped(
    monkeypatch: pytest.MonkeyPatch, *lines: str, unsafe: bool = False
) -> tuple[list[str], list[str]]:
    """What is sent of lines on stdin, and what is reported."""
    reports: list[str] = []
    monkeypatch.setattr(stdin_commands, "report", reports.append)
    hub = _Hub(unsafe=unsafe)
    commands = StdinCommands(hub, None)  # type: ignore[arg-type]  # all that is used of a hub
    for line in lines:
        await commands._send(line)
    return hub.sent, reports


async def test_running_text_is_not_sent_and_reported_with_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent, reports = await _piped(monkeypatch, "MY_EVENT|first", "the second line of a text")
    assert sent == ["MY_EVENT|first"]
    assert len(reports) == 1
    assert reports[0].startswith("not sent, line 2: A315 ")
    assert reports[0].endswith("(--unsafe sends it as it is)")


async def test_a_head_in_full_width_is_reported_with_the_corrected_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent, reports = await _piped(monkeypatch, "ＭＹ_ＥＶＥＮＴ｜値")
    assert sent == []
    assert "line 1: A314" in reports[0]
    assert "probably meant: MY_EVENT|値" in reports[0]


async def test_unsafe_sends_every_line_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["ＭＹ_ＥＶＥＮＴ｜値", "some text", "OPEN_CONTENT|a.mdf"]
    sent, reports = await _piped(monkeypatch, *lines, unsafe=True)
    assert (sent, reports) == (lines, [])


async def test_a_line_that_is_asked_about_is_reported_with_its_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, reports = await _piped(monkeypatch, "A", "OPEN_CONTENT|a.mdf")
    assert reports == ["not sent, line 2: A306 cuts (--unsafe sends it)"]


async def test_each_line_gets_its_hints_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["MODEL_DELETE|a|b", "MODEL_DELETE|a|b", "SYNTH_STRAT|0|mei|a", "MY_EVENT|x"]
    sent, reports = await _piped(monkeypatch, *lines)
    assert sent == lines
    assert [report.split("; ")[0] for report in reports] == [
        "sent, line 1: H404 2 arguments",
        "sent, line 3: H401 SYNTH_STRAT is not a message of MMDAgent-EX",
    ]
