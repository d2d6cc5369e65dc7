"""Texts on stderr, whatever its state is."""

import logging
import sys
import threading

import pytest

from mdxdash.cli.output import diagnostics
from mdxdash.cli.output.diagnostics import WAITING, held_back, in_background, report, write_stderr
from tests.support.waiting import GUARD, until


class BrokenStream:
    """A stderr that cannot be written."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def write(self, text: str) -> int:
        raise self.error

    def flush(self) -> None:
        raise self.error


class StuckStream:
    """A stderr whose reader has stopped; it takes nothing until `go` is set."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.written: list[str] = []

    def write(self, text: str) -> int:
        assert self.go.wait(GUARD)
        self.written.append(text)
        return len(text)

    def flush(self) -> None:
        pass


def test_a_text_is_a_line_and_text_of_agents_in_it_is_printable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report("agent \x1b[31m\nsecond line")
    assert capsys.readouterr().err == "agent ␛[31m\nsecond line\n"


def test_what_is_reported_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    report("the disk is full")
    assert caplog.messages == ["the disk is full"]


def test_a_text_of_our_own_is_written_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    write_stderr("\r\x1b[K1 of 2")
    assert capsys.readouterr().err == "\r\x1b[K1 of 2"


@pytest.mark.parametrize(
    "error",
    [BrokenPipeError(32, "Broken pipe"), OSError(28, "No space left"), ValueError("closed file")],
)
def test_a_stream_that_cannot_be_written_raises_nothing_and_is_logged(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "stderr", BrokenStream(error))
    report("text")
    assert any("stderr cannot be written" in message for message in caplog.messages)


def test_in_the_background_nobody_waits_for_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StuckStream()
    monkeypatch.setattr(sys, "stderr", stream)
    with in_background():
        report("first")
        report("second")
        assert stream.written == []
        stream.go.set()
        until(lambda: len(stream.written) == 2)
    assert stream.written == ["first\n", "second\n"]


def test_only_so_many_texts_wait_for_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StuckStream()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(diagnostics, "_LAST_TEXTS_TIMEOUT", GUARD)
    with in_background():
        for _ in range(2 * WAITING):
            report("text")
        stream.go.set()
    # One more than may wait, if the thread had taken the first before the queue was full.
    assert WAITING <= len(stream.written) <= WAITING + 1


def test_what_waits_is_written_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    with in_background():
        report("last")
    assert capsys.readouterr().err == "last\n"


def test_what_is_reported_while_a_screen_is_there_is_written_after_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with held_back():
        report("held")
        assert capsys.readouterr().err == ""
    report("later")
    assert capsys.readouterr().err == "held\nlater\n"
