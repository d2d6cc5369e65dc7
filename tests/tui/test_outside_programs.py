"""The editor and the pager from the dashboard's panes; the screen is one that can be left."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from mdxdash.tui.key_actions import usable_keys
from mdxdash.tui.outside_programs import OutsidePrograms
from mdxdash.tui.screens.macro_dialogs.macro_editor import MacroEditor
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]
MACROS = '# mine\n[[macro]]\nname = "One"\nsend = "ONE"\n\n[[macro]]\nname = "Two"\nsend = "TWO"\n'


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file: what the editor puts in the place of what it is given. What that was is beside it."""
    wanted = tmp_path / "wanted"
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        f"given, wanted = pathlib.Path({str(tmp_path)!r}, 'given'), pathlib.Path({str(wanted)!r})\n"
        "file = pathlib.Path(sys.argv[-1])\n"
        "given.write_bytes(file.read_bytes())\n"
        "file.write_bytes(wanted.read_bytes())\n",
        encoding="utf-8",
    )
    for name in ("EDITOR", "PAGER"):
        monkeypatch.setenv(name, f'"{sys.executable}" "{script}"')
    monkeypatch.delenv("VISUAL", raising=False)
    yield wanted


def offers(dashboard: Dashboard, what: str) -> bool:
    return any(each.binding.description == what for each in usable_keys(dashboard.app.screen))


@pytest.mark.parametrize("size", SIZES)
async def test_several_lines_come_into_the_composer_checked_and_one_line_too(
    tmp_path: Path, editor: Path, size: tuple[int, int]
):
    editor.write_text("TEST_MESSAGE\n\nSYNTH_START|0\n", encoding="utf-8")
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await dashboard.agent()
        composer = dashboard.panes.composer
        await dashboard.press("c", *"ABC")
        assert offers(dashboard, "Editor")
        await dashboard.press("f12")
        await dashboard.until(lambda: composer.area.display)
        assert (tmp_path / "given").read_text() == "ABC\n"
        assert composer.lines == ["TEST_MESSAGE", "SYNTH_START|0"]
        await dashboard.until(lambda: "line 3" in dashboard.screen())
        assert dashboard.app.focused is composer.area
        editor.write_text("TEST_MESSAGE\n", encoding="utf-8")
        await dashboard.press("f12")
        await dashboard.until(lambda: composer.input.display)
        assert composer.lines == ["TEST_MESSAGE"]


@pytest.mark.parametrize("size", SIZES)
async def test_the_file_of_a_macro_is_opened_and_an_error_in_it_is_told(
    tmp_path: Path, editor: Path, size: tuple[int, int]
):
    editor.write_text(MACROS.replace("One", "Eins"), encoding="utf-8")
    async with running_dashboard(tmp_path, size=size, macros=MACROS) as dashboard:
        names = lambda: [macro.name for macro in dashboard.panes.runner.macros]  # noqa: E731
        await dashboard.press("m", "down", "f12")
        await dashboard.until(lambda: names() == ["Eins", "Two"])
        editor.write_text('[[macro]]\nname = "Eins"\n', encoding="utf-8")
        await dashboard.press("f12")
        await dashboard.until(lambda: dashboard.notified("The last good macros stay."))
        assert names() == ["Eins", "Two"]


async def test_a_macro_that_is_edited_as_toml_comes_back_into_the_dialog(
    tmp_path: Path, editor: Path
):
    editor.write_text('[[macro]]\nname = "One"\nsend = "CHANGED"\n', encoding="utf-8")
    async with running_dashboard(tmp_path, macros=MACROS) as dashboard:
        await dashboard.press("m", "ctrl+e")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, MacroEditor))
        dialog = dashboard.app.screen
        assert isinstance(dialog, MacroEditor)
        await dashboard.press("f12")
        await dashboard.until(lambda: "CHANGED" in dialog.area.text)
        assert "CHANGED" not in (tmp_path / "mdxdash.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", SIZES)
async def test_an_event_is_in_the_pager_as_it_is_opened(
    tmp_path: Path, editor: Path, size: tuple[int, int]
):
    editor.write_text("", encoding="utf-8")
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, f"RECOG_EVENT_STOP|{'long ' * 100}")
        await dashboard.press("up", "down", "enter")
        await dashboard.until(lambda: offers(dashboard, "Pager"))
        await dashboard.press("f12")
        await dashboard.until((tmp_path / "given").exists)
        await dashboard.until(lambda: "long " * 100 in (tmp_path / "given").read_text("utf-8"))


async def test_what_the_screen_cannot_be_left_for_is_not_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(HeadlessDriver, "can_suspend", False)  # as in a browser
    async with running_dashboard(tmp_path, macros=MACROS) as dashboard:
        await dashboard.press("m")
        assert not offers(dashboard, "Editor")
        await dashboard.press("c")
        assert not offers(dashboard, "Editor")


async def test_an_editor_that_is_not_there_is_told_and_the_text_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VISUAL", "nosuch-editor")
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("c", *"ABC")
        await dashboard.press("f12")
        await dashboard.until(lambda: dashboard.notified("nosuch-editor: there is no such program"))
        assert dashboard.panes.composer.lines == ["ABC"]


async def test_one_program_has_the_terminal_at_a_time(tmp_path: Path, editor: Path):
    editor.write_text("TEST_MESSAGE\n", encoding="utf-8")
    async with running_dashboard(tmp_path) as dashboard:
        composer = dashboard.panes.composer
        await dashboard.press("c")
        composer.action_editor()
        assert not offers(dashboard, "Editor")
        await dashboard.until(lambda: composer.lines == ["TEST_MESSAGE"])
        await dashboard.until(lambda: offers(dashboard, "Editor"))


async def test_a_pager_that_puts_a_folder_in_the_files_place_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    script = tmp_path / "pager.py"
    script.write_text(
        "import os, sys\nos.remove(sys.argv[-1])\nos.mkdir(sys.argv[-1])\n", encoding="utf-8"
    )
    monkeypatch.setenv("PAGER", f'"{sys.executable}" "{script}"')
    async with running_dashboard(tmp_path) as dashboard:
        dashboard.app.run_worker(OutsidePrograms(dashboard.app).page("text"))
        await dashboard.until(lambda: dashboard.app._notifications)
        assert dashboard.app.is_running
