"""The macros pane: firing, asking for parameters, editing, stopping."""

from pathlib import Path

import pytest
from textual.widgets import Button, Input, TextArea

from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.macro_dialogs.macro_editor import MacroEditor
from mdxdash.tui.screens.macro_dialogs.macro_form import MacroForm
from mdxdash.tui.screens.macro_dialogs.params_form import ParamsForm
from tests.support.dashboards import Dashboard, running_dashboard

ANSWER = """\
[[macro]]
name = "Answer"
on = "type:RECOG_EVENT_STOP"
cooldown = "2s"
overlap = "queue"
params = { voice = "mei" }
send = "SYNTH_START|0|{voice}|You said {args}"
"""

SLOW = """\
[[macro]]
name = "Slow"
key = "1"
steps = [
  { send = "BEGIN" },
  { wait = "type:NEVER_COMES", timeout = "60s" },
]
"""

GREET = """\
[[macro]]
name = "Greet"
key = "1"
params = { who = "ミク", voice = "mei" }
send = "SYNTH_START|0|{voice}|{who}"
"""


def written(tmp_path: Path) -> str:
    return (tmp_path / "mdxdash.toml").read_text(encoding="utf-8")


def notices(dashboard: Dashboard) -> list[str]:
    return [notice.message for notice in dashboard.app._notifications]


async def test_the_form_leaves_what_it_has_no_field_for(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=ANSWER) as dashboard:
        await dashboard.press("m", "E")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroForm))
        await dashboard.press("end", "2", "ctrl+s")
        await dashboard.until(lambda: 'name = "Answer2"' in written(tmp_path))
        assert written(tmp_path) == ANSWER.replace('"Answer"', '"Answer2"')


async def test_the_form_says_that_a_name_is_taken_before_it_closes(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=ANSWER) as dashboard:
        await dashboard.press("m", "plus")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroForm))
        await dashboard.type("Answer")
        dashboard.app.screen.query_one("#send", TextArea).text = "A"
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: "expected a name of its own" in dashboard.screen())


async def test_the_form_shows_its_buttons_in_the_smallest_usual_terminal(tmp_path: Path):
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        await dashboard.press("m", "plus")
        await dashboard.until(lambda: "Save (ctrl+s)" in dashboard.screen())
        for button in dashboard.app.screen.query(Button):
            assert button.region.bottom < 24


async def test_what_is_saved_from_the_composer_keeps_its_target_and_its_braces(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c", "ctrl+t")
        await dashboard.type("JSON|{a}")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroForm))
        await dashboard.type("New")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: len(dashboard.panes.runner.macros) == 2)
        macro = dashboard.panes.runner.macros[1]
        assert macro.target == "=chat"  # this agent, whatever the groups
        dashboard.panes.runner.fire(macro)
        await dashboard.until(lambda: any(event.kind == "sent" for event in dashboard.log))
        assert [event.args for event in dashboard.log if event.kind == "sent"] == ["{a}"]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_cursor_goes_to_the_macro_that_was_added(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size, macros=ANSWER + SLOW) as dashboard:
        await dashboard.press("m", "plus")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroForm))
        await dashboard.type("New")
        dashboard.app.screen.query_one("#send", TextArea).text = "A"
        await dashboard.press("ctrl+s")
        pane = dashboard.panes.macros_pane
        await dashboard.until(lambda: pane.selected_macro and pane.selected_macro.name == "New")
        await dashboard.press("up")
        assert pane.selected_macro is not None and pane.selected_macro.name == "Slow"


@pytest.mark.parametrize(("answer", "left"), [("n", 1), ("y", 0)])
async def test_deleting_asks_first(tmp_path: Path, answer: str, left: int):
    async with running_dashboard(tmp_path, macros=ANSWER) as dashboard:
        await dashboard.press("m", "delete")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ConfirmDialog))
        assert len(dashboard.panes.runner.macros) == 1
        await dashboard.press(answer)
        await dashboard.until(lambda: not isinstance(dashboard.app.screen, ConfirmDialog))
        await dashboard.until(lambda: len(dashboard.panes.runner.macros) == left)


async def test_that_nobody_is_there_is_said_of_a_macro_that_fires(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=SLOW) as dashboard:
        await dashboard.press("1")
        assert notices(dashboard) == ["Slow: no agent is connected"]


async def test_that_nobody_is_there_is_not_said_of_one_that_is_switched(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=ANSWER) as dashboard:
        macro = dashboard.panes.runner.macros[0]
        dashboard.panes.runner.tally(macro).missed = 1
        await dashboard.press("m", "enter", "enter")
        assert dashboard.panes.runner.is_on(macro)
        assert notices(dashboard) == []


async def test_parameters_are_asked_for_with_their_defaults(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=GREET) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ParamsForm))
        assert [field.value for field in dashboard.app.screen.query(Input)] == ["ミク", "mei"]
        dashboard.app.screen.query(Input).first().value = "Gene"
        await dashboard.press("enter")
        await dashboard.until(lambda: any(event.kind == "sent" for event in dashboard.log))
        assert [e.args for e in dashboard.log if e.kind == "sent"] == ["0|mei|Gene"]


async def test_leaving_the_parameters_fires_nothing(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=GREET) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, ParamsForm))
        await dashboard.press("escape")
        await dashboard.until(lambda: not isinstance(dashboard.app.screen, ParamsForm))
        assert dashboard.panes.runner.tally(dashboard.panes.runner.macros[0]).fired == 0


async def test_a_run_shows_what_it_waits_for_and_is_stopped_in_its_row(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=SLOW) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        await dashboard.until(lambda: "2 wait type:NEVER_COMES" in dashboard.screen())
        await dashboard.press("m", "down", "x")
        record = dashboard.panes.runner.runs.records[0]
        assert record.state == "stopped"
        await dashboard.until(lambda: "2 wait type:NEVER_COMES" not in dashboard.screen())


async def test_one_key_stops_all_that_runs(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=SLOW) as dashboard:
        await dashboard.agent()
        await dashboard.press("1", "0")
        assert [run.state for run in dashboard.panes.runner.runs.records] == ["stopped"]


async def test_a_macro_with_steps_is_edited_as_toml(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=SLOW) as dashboard:
        await dashboard.press("m", "E")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroEditor))
        assert dashboard.app.screen.query_one(TextArea).text == SLOW


async def test_a_ready_made_macro_is_copied_into_the_file(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=SLOW) as dashboard:
        await dashboard.press("m", "l")
        await dashboard.until(lambda: "Timer round trip" in dashboard.screen())
        await dashboard.press("down", "down", "enter")
        await dashboard.until(lambda: len(dashboard.panes.runner.macros) == 2)
        assert dashboard.panes.runner.macros[1].name == "Timer round trip"
        assert written(tmp_path).startswith(SLOW)


async def test_that_a_run_failed_is_said_to_who_set_it_off(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=SLOW.replace("60s", "100ms")) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        await dashboard.until(lambda: notices(dashboard))
        assert notices(dashboard)[0].startswith("Slow: step 2: wait type:NEVER_COMES")


async def test_that_a_line_was_asked_about_is_said_and_not_that_nobody_is_there(tmp_path: Path):
    risky = '[[macro]]\nname = "Risky"\nkey = "1"\nsend = "OPEN_CONTENT|other.mdf"\n'
    async with running_dashboard(tmp_path, macros=risky) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        await dashboard.until(lambda: any("not sent" in each for each in notices(dashboard)))
        assert not any("no agent is there" in each for each in notices(dashboard))


async def test_a_macro_that_still_runs_is_not_fired_again(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=SLOW) as dashboard:
        await dashboard.agent()
        await dashboard.press("1", "1")
        assert notices(dashboard) == ["Slow still runs (x in the macros pane stops it)."]


async def test_the_test_message_macro_starts_and_its_rows_are_acknowledged(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        await dashboard.until(lambda: any(e.round_trip for e in dashboard.log if e.kind == "sent"))
        await dashboard.until(lambda: "✓" in dashboard.screen())
        assert dashboard.panes.runner.is_running(dashboard.panes.runner.macros[0])
        await dashboard.press("1")
        assert not dashboard.panes.runner.is_running(dashboard.panes.runner.macros[0])


async def test_a_macro_is_added_by_the_form_and_the_file_keeps_its_comments(tmp_path: Path):
    text = '# mine\n[[macro]]\nname = "Old"  # kept\nsend = "OLD"\n'
    async with running_dashboard(tmp_path, macros=text) as dashboard:
        await dashboard.press("c")
        await dashboard.type("NEW_ONE|a")
        await dashboard.press("ctrl+s")
        await dashboard.type("New")
        await dashboard.press("tab")
        await dashboard.type("2")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: len(dashboard.panes.runner.macros) == 2)
        written = (tmp_path / "mdxdash.toml").read_text(encoding="utf-8")
        assert written.startswith(text)
        assert 'send = "NEW_ONE|a"' in written
        await dashboard.agent()
        await dashboard.press("escape", "2")
        await dashboard.until(lambda: any(e.type == "NEW_ONE" for e in dashboard.log))


async def test_a_change_of_the_macro_file_on_disk_is_taken_over(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        file = tmp_path / "mdxdash.toml"
        file.write_text('[[macro]]\nname = "Fresh"\nsend = "A"\n', encoding="utf-8")
        await dashboard.until(lambda: dashboard.panes.runner.macros[0].name == "Fresh")
        file.write_text('[[macro]]\nname = "Fresh"\nsned = "A"\n', encoding="utf-8")
        await dashboard.until(lambda: "mdxdash.toml:3" in dashboard.screen())
        assert dashboard.panes.runner.macros[0].name == "Fresh"


async def test_the_form_stays_with_what_was_written_when_it_cannot_be_saved(tmp_path: Path):
    async with running_dashboard(tmp_path, macros=GREET) as dashboard:
        await dashboard.press("m", "E")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroForm))
        await dashboard.press("end", "2")
        (tmp_path / "mdxdash.toml").write_text("[[macro", encoding="utf-8")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: "Not saved: " in dashboard.screen())
        assert dashboard.app.screen.query_one("#name", Input).value == "Greet2"
        (tmp_path / "mdxdash.toml").write_text(GREET, encoding="utf-8")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: '"Greet2"' in written(tmp_path))
