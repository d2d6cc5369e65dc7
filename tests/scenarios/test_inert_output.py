"""Text of agents and files leaves no active character in anything that mdxdash puts out."""

import io
import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdxdash.cli.commands import config, explain, export, sessions, stats
from mdxdash.cli.log_file import PrintableFormatter
from mdxdash.cli.output import diagnostics, event_printer, progress_line, standard_output
from mdxdash.cli.output.junit_report import JunitCase, junit_xml
from mdxdash.cli.output.text_table import table
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.recordings.exporting.formats import EXPORTS
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.journal import Journal
from mdxdash.tui.app import MdxdashApp
from tests.support.homes import HOME_VARIABLES
from tests.support.hostile_text import HOSTILE, HOSTILE_CHARACTERS, active
from tests.support.programs import call
from tests.support.waiting import GUARD

TEXTS = st.text(HOSTILE_CHARACTERS, max_size=40)

MARK = "\ufeff"
"""The byte order mark of a CSV file, which Excel needs."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in HOME_VARIABLES:
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def in_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the commands take stdout for a terminal."""
    for module in (standard_output, event_printer):
        monkeypatch.setattr(module, "is_terminal", lambda: True)


def event(text: str) -> Event:
    return Event(
        1, 1000.0, "log", text, text, text, text=text, module=text, level=text, agent_time=text
    )


def by_report(text: str) -> str:
    written = io.StringIO()
    before, sys.stderr = sys.stderr, written
    try:
        diagnostics.report(text)
        line = progress_line.ProgressLine(lambda: text)
        line._show()
    finally:
        sys.stderr = before
    return written.getvalue()


def by_progress_in_place(text: str) -> str:
    written = io.StringIO()
    before, sys.stderr = sys.stderr, written
    try:
        line = progress_line.ProgressLine(lambda: text)
        line._in_place = True
        line._show()
    finally:
        sys.stderr = before
    return written.getvalue().removeprefix("\r\x1b[K")


def by_show(text: str) -> str:
    written = io.StringIO()
    before, sys.stdout = sys.stdout, written
    try:
        standard_output.show(text)
    finally:
        sys.stdout = before
    return written.getvalue()


def by_log_file(text: str) -> str:
    try:
        raise ValueError(text)
    except ValueError:
        record = logging.makeLogRecord({"msg": text, "exc_info": sys.exc_info()})
    return PrintableFormatter("%(message)s").format(record)


def by_junit(text: str) -> str:
    run = RunRecord(text, text, None, time.time())
    run.state, run.failure, run.recent = "failed", text, (event(text),)
    cases = [JunitCase(text, run), JunitCase(text, error=text)]
    return junit_xml(text, 0.0, cases).decode("utf-8")


def by_export(format_: str, text: str) -> str:
    pieces = EXPORTS[format_]([[event(text)]], Header(started=text, address=text))
    return b"".join(pieces).decode("utf-8").replace("\r\n", "\n").removeprefix(MARK)


WAYS_OUT = {
    "stderr": by_report,
    "progress": by_progress_in_place,
    "stdout": by_show,
    "table": lambda text: table(("A", "B"), [(text, text)]),
    "log file": by_log_file,
    "JUnit": by_junit,
    "CSV": lambda text: by_export("csv", text),
    "text": lambda text: by_export("text", text),
    "HTML": lambda text: by_export("html", text),
}


@pytest.mark.parametrize("way", WAYS_OUT)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS)
def test_no_active_character_leaves(way: str, text: str):
    assert active(WAYS_OUT[way](text)) == set()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS)
def test_json_lines_in_a_terminal_are_escaped_and_hold_the_same(in_terminal: None, text: str):
    line = event_printer.encoder("jsonl")(event(text)).decode("utf-8")
    assert active(line) == set()
    assert json.loads(line)["args" if text else "seq"] == (text or 1)


def test_json_lines_in_a_pipe_are_as_they_are_recorded():
    line = event_printer.encoder("jsonl")(event("\u202e"))
    assert line == event_printer.FORMATS["jsonl"](event("\u202e"))


def record(path: Path) -> None:
    log = EventLog(10)
    with Journal(path, log):
        log.append("connected", HOSTILE)
        log.append("received", HOSTILE, HOSTILE, HOSTILE)
        log.append("fault", HOSTILE, text=HOSTILE)


@pytest.mark.parametrize("format_", ["jsonl", "text", "html", "csv"])
def test_an_export_to_a_terminal_is_inert(in_terminal: None, format_: str):
    record(Path("one.jsonl"))
    output = call(export.command, "one.jsonl", "--format", format_).stdout
    assert active(output.replace("\r\n", "\n").removeprefix(MARK)) == set()
    assert "cmd()" in output


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_is_listed_of_recordings_is_inert(in_terminal: None, options: tuple[str, ...]):
    record(Path("mdxdash/recordings/2026-01-01T00-00-00.jsonl"))
    for output in (
        call(sessions.command, *options).output,
        call(stats.command, "mdxdash/recordings/2026-01-01T00-00-00.jsonl", *options).output,
    ):
        assert active(output) == set()
        assert "cmd()" in output


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_settings_of_a_file_are_shown_inert(in_terminal: None, options: tuple[str, ...]):
    text = json.dumps(HOSTILE.replace("\u200b", "")).replace("\\u2028", "")
    Path("mdxdash.toml").write_text(
        f"[screen]\ntheme = {text}\n[recording]\ndirectory = {text}\n[groups]\n{text} = ['a']\n",
        encoding="utf-8",
    )
    result = call(config.show, *options)
    assert result.exit_code == 0
    assert active(result.output) == set()
    assert "cmd()" in result.stdout and "cmd()" in result.stderr


def test_an_unknown_topic_is_explained_inert():
    assert active(call(explain.command, HOSTILE.replace("\0", "")).output) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ("{}",),
        ("--{}",),
        ("export", "{}"),
        ("export", "--filter", "{}", "none"),
        ("help", "{}"),
        ("run", "{}"),
        ("serve", "--macro", "{}"),
        ("serve", "--host", "{}"),
        ("serve", "--port", "{}"),
        ("serve", "--format", "{}"),
        ("serve", "--config", "{}"),
        ("check", "{}"),
        ("simulate", "--url", "{}"),
        ("simulate", "--speed", "{}"),
        ("trust", "{}"),
        ("cert", "--dir", "{}", "--days", "{}"),
        ("--config", "{}"),
    ],
    ids=" ".join,
)
def test_an_error_repeats_what_was_given_inert(arguments: tuple[str, ...]):
    hostile = HOSTILE.replace("\0", "").replace("/", "")
    done = subprocess.run(
        [sys.executable, "-m", "mdxdash", *(each.format(hostile) for each in arguments)],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=GUARD,
        env=os.environ | {"COLUMNS": "1000"},
        check=False,
    )
    output = (done.stdout + done.stderr).decode("utf-8")
    assert active(output) == set()
    assert done.returncode != 0
    assert "Traceback" not in output


def test_the_window_has_a_title_of_its_own_and_none_of_others():
    assert MdxdashApp.TITLE == "mdxdash"
    assert not hasattr(MdxdashApp, "SUB_TITLE") or not MdxdashApp.SUB_TITLE
