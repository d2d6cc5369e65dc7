"""The filter line."""

from pathlib import Path

import pytest
from textual.events import Resize
from textual.message import Message

from mdxdash.tui.panes.filter_bar import FilterInput
from tests.support.dashboards import running_dashboard


async def test_the_filter_leaves_only_what_it_names_and_moves_the_switches(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(
            agent, "RECOG_EVENT_STOP|こんにちは", "SYNTH_START|0|mei|はい", "OTHER"
        )
        await dashboard.press("slash")
        await dashboard.type("type:SYNTH_*")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.rows() == ["SYNTH_START"])
        await dashboard.until(lambda: "■ SYNTH_START" in dashboard.screen())
        assert "□ OTHER" in dashboard.screen()
        assert dashboard.panes.stream.has_focus


async def test_an_error_in_the_filter_is_shown_and_the_last_good_filter_stays(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "A_TYPE", "B_TYPE")
        await dashboard.press("slash")
        await dashboard.type("type:A_TYPE (")
        await dashboard.until(lambda: "^" in dashboard.screen())
        assert dashboard.rows() == ["A_TYPE"]


async def test_changing_an_invalid_filter_changes_the_filter_in_force(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.issue(await dashboard.agent(), "A_TYPE", "B_TYPE")
        await dashboard.press("slash")
        await dashboard.type("-hello (")
        await dashboard.press("escape", "o")
        assert dashboard.panes.filter_bar.text == "-hello type:B_TYPE"


SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 45)])


@SIZES
async def test_tab_completes_terms_types_agents_and_choices(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "RECOG_EVENT_START", "RECOG_EVENT_STOP|hi", "OTHER")
        bar = dashboard.panes.filter_bar
        await dashboard.press("slash")
        await dashboard.type("ty")
        await dashboard.press("tab")
        assert bar.text == "type:"
        await dashboard.type("recog_event_sto")
        await dashboard.until(lambda: " RECOG_EVENT_STOP " in dashboard.screen())
        await dashboard.press("tab")
        assert bar.text == "type:RECOG_EVENT_STOP"
        assert not bar.suggestions.display
        await dashboard.type(" agent:ch")
        await dashboard.press("tab")
        await dashboard.type(" -is:m")
        await dashboard.press("tab")
        assert bar.text == "type:RECOG_EVENT_STOP agent:chat -is:marked"
        await dashboard.until(lambda: dashboard.rows() == ["RECOG_EVENT_STOP"])


@SIZES
async def test_a_type_that_nothing_has_is_said_and_tab_writes_the_pattern(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "RECOG_EVENT_START", "RECOG_EVENT_STOP|hi", "OTHER")
        await dashboard.press("slash")
        await dashboard.type("type:RECOG")
        text = "no type is called RECOG; Tab writes RECOG*"
        await dashboard.until(lambda: text in dashboard.screen())
        await dashboard.press("tab")
        await dashboard.until(lambda: dashboard.rows() == ["RECOG_EVENT_START", "RECOG_EVENT_STOP"])
        assert dashboard.panes.filter_bar.text == "type:RECOG*"
        assert "no type is called" not in dashboard.screen()


async def test_a_type_that_comes_later_is_no_longer_unknown(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.press("slash")
        await dashboard.type("type:NEW")
        await dashboard.until(lambda: "no type is called NEW" in dashboard.screen())
        await dashboard.issue(agent, "NEW")
        await dashboard.until(lambda: "no type is called" not in dashboard.screen())


async def test_the_count_of_what_does_not_pass_goes_on(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        dashboard.panes.filter_bar.text = "zzz"
        await dashboard.until(lambda: "None of 1 events passes" in dashboard.screen())
        await dashboard.issue(agent, "A", "B")
        await dashboard.until(lambda: "None of 3 events passes" in dashboard.screen())


async def test_arrows_go_through_suggestions_and_without_any_through_earlier_filters(
    tmp_path: Path,
) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        bar = dashboard.panes.filter_bar
        await dashboard.press("slash")
        await dashboard.type("hello")
        await dashboard.press("enter", "slash", "ctrl+u", "up")
        assert bar.text == "hello"
        await dashboard.press("ctrl+u")
        await dashboard.type("kind:")
        await dashboard.press("down", "tab")
        assert bar.text == "kind:sent"
        await dashboard.press("escape")
        assert dashboard.panes.stream.has_focus
        assert not bar.suggestions.display


async def test_a_suggestion_is_taken_with_the_mouse(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("slash")
        await dashboard.type("kind:")
        await dashboard.pilot.pause()
        await dashboard.pilot.click("#filter-suggestions", offset=(3, 1))
        await dashboard.until(lambda: dashboard.panes.filter_bar.text == "kind:sent")
        assert dashboard.panes.filter_bar.input.has_focus


async def test_the_example_has_room_though_nobody_tells_of_a_new_width(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        tell = FilterInput.post_message

        def silent(self: FilterInput, message: Message) -> bool:
            return not isinstance(message, Resize) and tell(self, message)

        monkeypatch.setattr(FilterInput, "post_message", silent)
        for key, shown, hidden in (
            ("t", "/ all events ", "e.g. type:RECOG_*"),
            ("s", "/ all events; e.g. type:RECOG_*,SYNTH_* -hello", "all events  "),
        ):
            await dashboard.press(key)
            await dashboard.until(lambda shown=shown: shown in dashboard.screen())
            assert hidden not in dashboard.screen()
