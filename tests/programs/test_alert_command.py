"""The user's command for alerts: what it gets, how often it is started, and how it ends."""

import json
import os
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

from mdxdash.alerts.alert_log import AlertLog
from mdxdash.events.log import EventLog
from mdxdash.programs import alert_command
from mdxdash.programs.alert_command import AlertCommand
from tests.support.waiting import GUARD, eventually, logged

SCRIPT = """\
import json, os, sys
names = ("KIND", "TEXT", "AGENT", "SEQ")
told = {name: os.environ["MDXDASH_ALERT_" + name] for name in names}
with open(sys.argv[1], "a", encoding="utf-8") as file:
    file.write(json.dumps([json.loads(sys.stdin.readline()), told, sys.argv[2:]]) + "\\n")
"""


@pytest.fixture
def log() -> EventLog:
    return EventLog()


def command_of(tmp_path: Path, script: str) -> str:
    file = tmp_path / "notify.py"
    file.write_text(script, encoding="utf-8")
    return shlex.join([sys.executable, str(file), str(tmp_path / "told.txt"), "as it stands"])


def told(tmp_path: Path) -> list[list[object]]:
    file = tmp_path / "told.txt"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


async def test_the_alert_is_on_its_input_and_in_variables_but_in_no_argument(
    tmp_path: Path, log: EventLog
) -> None:
    text = "$(touch x); `id` \"'\x1b[31m \0 日本語"
    command = AlertCommand(command_of(tmp_path, SCRIPT), AlertLog(log), log, lambda: "ws://h/p")
    async with command.running():
        seq = log.append("fault", "chat", text=text).seq
        await eventually(lambda: told(tmp_path))
    [(notice, variables, arguments)] = told(tmp_path)
    assert isinstance(notice, dict) and isinstance(variables, dict)
    assert arguments == ["as it stands"]
    assert (notice["kind"], notice["agent"], notice["seq"]) == ("fault", "chat", seq)
    assert (notice["hub"], notice["left_out"]) == ("ws://h/p", 0)
    assert variables["TEXT"] == notice["text"]
    assert "日本語" in variables["TEXT"] and "\x1b" not in variables["TEXT"]
    assert variables["SEQ"] == str(seq)


async def test_many_alerts_start_it_one_after_the_other_and_are_left_out(
    tmp_path: Path, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_command, "WAITING", 2)
    monkeypatch.setattr(alert_command, "INTERVAL", 0.01)
    command = AlertCommand(command_of(tmp_path, SCRIPT), AlertLog(log), log, lambda: "")
    async with command.running():
        for number in range(7):
            log.append("fault", text=f"number {number}")
        await eventually(lambda: len(told(tmp_path)) == 2)
    notices = [each[0] for each in told(tmp_path)]
    assert [(each["text"], each["left_out"]) for each in notices] == [  # type: ignore[index]
        ("number 5", 5),
        ("number 6", 0),
    ]


async def test_a_command_that_fails_is_reported_once_and_not_to_itself(
    tmp_path: Path, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_command, "INTERVAL", 0.01)
    script = f"{SCRIPT}\nsys.exit('no network')\n"
    command = AlertCommand(command_of(tmp_path, script), AlertLog(log), log, lambda: "")
    async with command.running():
        log.append("fault", text="a")
        log.append("fault", text="b")
        await eventually(lambda: len(told(tmp_path)) == 2)
        await logged(log, lambda event: event.by == "program")
    found = [event.text for event in log if event.by == "program"]
    assert found == ["the command of [alerts] run ended with code 1: no network"]


@pytest.mark.parametrize("command", ["/no/such/program", '"'])
async def test_a_command_that_cannot_be_started_is_reported(command: str, log: EventLog) -> None:
    runs = AlertCommand(command, AlertLog(log), log, lambda: "")
    async with runs.running():
        log.append("fault", text="a")
        event = await logged(log, lambda event: event.by == "program")
    assert "is not started" in event.text


async def test_it_ends_with_its_owner(tmp_path: Path, log: EventLog) -> None:
    script = f"{SCRIPT}\nimport time\ntime.sleep(600)\n"
    command = AlertCommand(command_of(tmp_path, script), AlertLog(log), log, lambda: "")
    async with command.running():
        log.append("fault", text="a")
        await eventually(lambda: told(tmp_path))
        began = time.monotonic()
    assert time.monotonic() - began < GUARD


@pytest.mark.skipif(sys.platform == "win32", reason="its job ends all children there")
async def test_a_child_that_holds_its_standard_error_holds_up_no_alert(
    tmp_path: Path, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_command, "INTERVAL", 0.01)
    pid = tmp_path / "pid.txt"
    script = f"""{SCRIPT}
import subprocess
if not os.path.exists({str(pid)!r}):
    sleeps = [sys.executable, "-c", "import time; time.sleep(600)"]
    child = subprocess.Popen(sleeps, start_new_session=True)
    with open({str(pid)!r}, "w") as file:
        file.write(str(child.pid))
"""
    command = AlertCommand(command_of(tmp_path, script), AlertLog(log), log, lambda: "")
    try:
        async with command.running():
            log.append("fault", text="a")
            log.append("fault", text="b")
            await eventually(lambda: len(told(tmp_path)) == 2)
            os.kill(int(pid.read_text(encoding="utf-8")), 0)
    finally:
        os.kill(int(pid.read_text(encoding="utf-8")), signal.SIGKILL)
