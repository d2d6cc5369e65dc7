"""The runs screen: what each run did, and why it failed."""

import sys
from pathlib import Path

import pytest

from mdxdash.events.event import Event
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.simulator import Content
from mdxdash.tui.screens.runs import Runs, RunsScreen
from tests.support.apps import dashboard_app
from tests.support.dashboard_scene import NOW, scene_context
from tests.support.dashboards import Dashboard, running_dashboard
from tests.tui.test_snapshots import press

MACROS = """\
[[macro]]
name = "Passes"
key = "1"
steps = [
  { send = "VALUE_SET|score|10" },
  { wait = "type:VALUE_EVENT_SET args:score" },
]

[[macro]]
name = "Fails"
key = "2"
steps = [
  { send = "VALUE_SET|score|10" },
  { wait = "type:NEVER_COMES", timeout = "300ms" },
]

[[macro]]
name = "Waits"
key = "3"
steps = [ { wait = "type:NEVER_COMES", timeout = "60s" } ]

[[macro]]
name = "Grows"
key = "4"
steps = [ { wait = "type:GO_ON", timeout = "60s" }, { sleep = "1s" } ]
"""


async def open_runs(dashboard: Dashboard) -> None:
    await dashboard.press("u")
    await dashboard.until(lambda: isinstance(dashboard.app.screen, RunsScreen))


async def test_a_step_shows_the_event_that_satisfied_it(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=MACROS) as dashboard:
        await dashboard.agent(behavior=Content())
        await dashboard.press("1")
        await open_runs(dashboard)
        await dashboard.until(lambda: "✓ passed  Passes" in dashboard.screen())
        lines = dashboard.screen().splitlines()
        wait = next(
            n for n, line in enumerate(lines) if "2       wait type:VALUE_EVENT_SET" in line
        )
        assert "VALUE_EVENT_SET" in lines[wait + 1]


async def test_a_failure_shows_its_step_and_what_came_instead(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=MACROS) as dashboard:
        await dashboard.agent(behavior=Content())
        await dashboard.press("2")
        await open_runs(dashboard)
        await dashboard.until(lambda: "the last events" in dashboard.screen())
        screen = dashboard.screen()
        assert "✕ failed  Fails" in screen
        assert "nothing that passes came within 300ms" in screen
        assert "VALUE_EVENT_SET" in screen[screen.index("the last events") :]


async def test_enter_folds_a_block_and_opens_it(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=MACROS) as dashboard:
        await dashboard.agent()
        await dashboard.press("3")
        await open_runs(dashboard)
        await dashboard.until(lambda: "wait type:NEVER_COMES" in dashboard.screen())
        await dashboard.press("enter")
        await dashboard.until(lambda: "▸" in dashboard.screen())
        assert dashboard.app.screen.query_one(Runs).row_count == 1
        await dashboard.press("enter")
        assert dashboard.app.screen.query_one(Runs).row_count == 2


async def test_a_run_is_stopped_there(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=MACROS) as dashboard:
        await dashboard.agent()
        await dashboard.press("3")
        await open_runs(dashboard)
        await dashboard.press("x")
        await dashboard.until(lambda: "■ stopped  Waits" in dashboard.screen())


async def test_the_cursor_stays_on_its_run_while_one_above_grows(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=MACROS) as dashboard:
        agent = await dashboard.agent()
        await dashboard.press("4", "3")
        await open_runs(dashboard)
        runs = dashboard.app.screen.query_one(Runs)
        await dashboard.press("up", "enter", "end", "up")
        before, count = runs.cursor, runs.row_count
        await dashboard.issue(agent, "GO_ON")
        await dashboard.until(lambda: runs.row_count > count)
        assert runs.cursor == before + runs.row_count - count


async def test_a_run_in_the_macros_pane_leads_to_its_block(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=MACROS) as dashboard:
        await dashboard.agent()
        await dashboard.press("4", "m", "end", "enter")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, RunsScreen))
        await dashboard.until(lambda: "▾" in dashboard.screen())
        opened = next(line for line in dashboard.screen().splitlines() if "▾" in line)
        assert "Grows" in opened


@pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")
def test_the_runs_screen(snap_compare, tmp_path: Path, monkeypatch):
    context = scene_context(tmp_path, monkeypatch)
    for record in records():
        context.runner.runs.records.append(record)
    assert snap_compare(dashboard_app(context), terminal_size=(120, 36), run_before=press("u"))


def records() -> list[RunRecord]:
    """A run that passed, and one that failed."""

    def event(seq: int, type_: str, args: str) -> Event:
        return Event(seq, NOW + seq, "received", "chat", type_, args)

    passed = RunRecord("ミクの挨拶", "chat", NOW, 0.0, state="passed", took=2.5)
    failed = RunRecord("Introduce", "chat", NOW + 4, 4.0, state="failed", took=11.25)
    wait = "wait type:SYNTH_EVENT_START args:0 (10s)"
    failed.steps += [
        StepRecord("1", "send MODEL_ADD|0|gene/Gene.pmd", 0.0, ended=0.0),
        StepRecord(
            "2",
            "wait type:MODEL_EVENT_ADD args:0 (10s)",
            0.0,
            ended=1.25,
            event=event(5, "MODEL_EVENT_ADD", "0"),
        ),
        StepRecord("3", "repeat 2", 1.25, holds_steps=True, ended=11.25),
        StepRecord("3(1).1", "send SYNTH_START|0|mei|こんにちは", 1.25, ended=1.25),
        StepRecord("3(1).2", wait, 1.25, ended=11.25, note="nothing that passes came within 10s"),
    ]
    failed.failure = f"step 3(1).2: {wait}: nothing that passes came within 10s"
    failed.recent = (event(6, "CURRENT_TIME", "12|30"), event(7, "RECOG_EVENT_STOP", "こんにちは"))
    return [passed, failed]


SEVERAL = """\
[[macro]]
name = "Beat"
key = "1"
every = "60ms"
steps = [ { send = "VALUE_SET|beat|1" } ]

[[macro]]
name = "Breaks"
key = "2"
steps = [ { send = "VALUE_SET|score|10" }, { wait = "type:NEVER_COMES", timeout = "100ms" } ]
"""


def lines_with(dashboard: Dashboard, text: str) -> list[str]:
    return [line for line in dashboard.screen().splitlines() if text in line]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_beats_of_a_macro_are_one_row_with_failures_first(tmp_path: Path, size):
    async with running_dashboard(tmp_path, macros=SEVERAL, size=size) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        runs = dashboard.panes.runner.runs
        await dashboard.until(lambda: len(runs.records) > 3)
        await dashboard.press("1", "2")
        await dashboard.until(lambda: any(run.state == "failed" for run in runs.records))
        await open_runs(dashboard)
        await dashboard.press("home", "enter")
        await dashboard.until(lambda: lines_with(dashboard, "passed  Beat"))
        (beats,) = lines_with(dashboard, "passed  Beat")
        assert f"✓ {len([r for r in runs.records if r.macro == 'Beat'])} passed" in beats
        (failed,) = lines_with(dashboard, "failed  Breaks")
        assert dashboard.screen().index(failed) < dashboard.screen().index(beats)
        await dashboard.press("end", "enter")
        await dashboard.until(lambda: len(lines_with(dashboard, "passed  Beat")) > 3)
        await dashboard.press("enter")
        await dashboard.until(lambda: len(lines_with(dashboard, "passed  Beat")) == 1)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_from_the_alert_of_a_failed_macro_its_run_is_one_key_away(tmp_path: Path, size):
    async with running_dashboard(tmp_path, macros=SEVERAL, size=size) as dashboard:
        await dashboard.agent()
        runs = dashboard.panes.runner.runs
        await dashboard.press("2")
        await dashboard.until(lambda: any(run.state == "failed" for run in runs.records))
        await dashboard.press("1")
        await dashboard.until(lambda: len(runs.records) > 3)
        await dashboard.press("1", "exclamation_mark")
        assert dashboard.notified("u shows the run")
        await open_runs(dashboard)
        await dashboard.until(lambda: "the last events, oldest first" in dashboard.screen())
        assert "wait type:NEVER_COMES" in dashboard.screen()
