"""The types pane: its switches edit the filter."""

from pathlib import Path

import pytest

from tests.support.dashboards import running_dashboard

SIZES = [(80, 24), (160, 45)]


async def test_switching_a_type_edits_the_filter(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "A_TYPE", "B_TYPE", "A_TYPE")
        await dashboard.until(lambda: "A_TYPE" in dashboard.screen())
        await dashboard.press("t", "home", "enter")
        assert dashboard.panes.filter_bar.text == "-type:A_TYPE"
        await dashboard.until(lambda: "A_TYPE" not in dashboard.rows())
        await dashboard.press("enter")
        assert dashboard.panes.filter_bar.text == ""
        await dashboard.press("down", "o")
        assert dashboard.panes.filter_bar.text == "type:B_TYPE"


@pytest.mark.parametrize("size", SIZES)
async def test_the_cursor_begins_in_the_first_row_and_then_stays_with_its_type(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        pane = dashboard.panes.types_pane
        agent = await dashboard.agent()
        await dashboard.issue(agent, "M_TYPE", "N_TYPE")
        await dashboard.until(lambda: pane.row_count == 2)
        await dashboard.issue(agent, "A_TYPE")
        await dashboard.until(lambda: pane.row_count == 3)
        assert pane.cursor == 0
        await dashboard.press("t", "down")
        await dashboard.issue(agent, "B_TYPE")
        await dashboard.until(lambda: pane.row_count == 4)
        assert pane.cursor == 2


@pytest.mark.parametrize("size", SIZES)
async def test_o_again_shows_all_types_from_the_stream_too(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "A_TYPE", "B_TYPE")
        await dashboard.until(lambda: dashboard.panes.types_pane.row_count == 2)
        for keys in (("o",), ("t", "home", "o")):
            await dashboard.press(*keys)
            assert dashboard.panes.filter_bar.text.startswith("type:")
            await dashboard.press("o")
            assert dashboard.panes.filter_bar.text == ""


async def test_a_click_switches_a_type_too(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "A_TYPE")
        await dashboard.until(lambda: dashboard.panes.types_pane.row_count == 1)
        await dashboard.pilot.click("#types", offset=(5, 1), times=2)
        await dashboard.pilot.pause()
        assert dashboard.panes.filter_bar.text == "-type:A_TYPE"
