"""The keys that lay the stream's rows out anew."""

from pathlib import Path

import pytest

from mdxdash.settings.saving import SavedValue
from mdxdash.tui.screens.dialogs.columns_dialog import ColumnsDialog
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]
LONG = "0|mei_voice_normal|" + "long words " * 20 + "the end"


def keeping(dashboard: Dashboard) -> dict[str, SavedValue]:
    """What is saved from now on."""
    saved: dict[str, SavedValue] = {}
    dashboard.app.context.keep_screen = saved.__setitem__
    return saved


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_wraps_long_rows_and_the_same_key_cuts_them(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        saved = keeping(dashboard)
        agent = await dashboard.agent()
        await dashboard.issue(agent, "FIRST", f"SYNTH_START|{LONG}", "LAST")
        lines = dashboard.stream_lines
        await dashboard.until(lambda: any("LAST" in line for line in lines()))
        assert not any("the end" in line for line in lines())
        await dashboard.press("B")
        await dashboard.until(lambda: any("the end" in line for line in lines()))
        assert any("LAST" in line for line in lines())
        await dashboard.until(lambda: saved == {"wrap": True})
        await dashboard.press("B")
        assert not any("the end" in line for line in lines())
        await dashboard.until(lambda: saved == {"wrap": False})


@pytest.mark.parametrize("size", SIZES)
async def test_wrapped_rows_follow_and_are_gone_through_row_by_row(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        keeping(dashboard)
        stream = dashboard.panes.stream
        await dashboard.agent()
        for number in range(60):
            dashboard.log.append("received", "chat", f"TYPE_{number}", LONG)
        await dashboard.press("B")
        await dashboard.until(lambda: any("TYPE_59 " in line for line in dashboard.stream_lines()))
        assert stream.following
        for _ in range(30):
            await dashboard.press("up")
        assert stream.current is not None
        at = stream.current.type
        lines = dashboard.stream_lines()
        assert any(f"{at} " in line for line in lines)
        for number in range(60, 70):
            dashboard.log.append("received", "chat", f"TYPE_{number}", LONG)
        await dashboard.until(lambda: stream.row_count >= 71)
        await dashboard.pilot.pause()
        assert dashboard.stream_lines() == lines
        await dashboard.press("down")
        assert stream.current.type == f"TYPE_{int(at[5:]) + 1}"
        await dashboard.press("end")
        await dashboard.until(lambda: any("TYPE_69 " in line for line in dashboard.stream_lines()))


@pytest.mark.parametrize("size", SIZES)
async def test_a_click_on_any_line_of_a_wrapped_row_selects_it(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        keeping(dashboard)
        agent = await dashboard.agent()
        await dashboard.issue(agent, f"WRAPPED|{LONG}", "LAST")
        await dashboard.press("B")
        await dashboard.until(lambda: any("the end" in each for each in dashboard.stream_lines()))
        y = next(i for i, each in enumerate(dashboard.stream_lines()) if "the end" in each)
        await dashboard.pilot.click("#stream", offset=(60, y))
        stream = dashboard.panes.stream
        await dashboard.until(lambda: stream.current and stream.current.type == "WRAPPED")


@pytest.mark.parametrize("size", SIZES)
async def test_columns_are_switched_and_sized_in_a_dialog_and_saved(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        saved = keeping(dashboard)
        agent = await dashboard.agent()
        await dashboard.issue(agent, "MY_OWN_TYPE|some words")
        await dashboard.press("O")
        assert isinstance(dashboard.app.screen, ColumnsDialog)
        await dashboard.press("right", "down", "left", "down", "right", "down", "enter")
        shown = dashboard.panes.stream.columns
        assert (shown.time, shown.agent_width, shown.type_width) == ("session", 11, 27)
        assert "arguments" not in shown.shown
        assert not any("some words" in line for line in dashboard.stream_lines())
        await dashboard.press("escape")
        await dashboard.until(lambda: len(saved) == 4)
        assert saved == {
            "columns": ["time", "agent", "type", "echo"],
            "time": "session",
            "agent_width": 11,
            "type_width": 27,
        }
        assert dashboard.panes.stream.has_focus


async def test_the_time_since_the_row_before_counts_from_the_row_that_is_shown(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        keeping(dashboard)
        for number in range(4):
            dashboard.log.append("received", "chat", f"TYPE_{number % 2}", time=1e9 + number)
        await dashboard.agent()
        dashboard.panes.filter_bar.text = "type:TYPE_1"
        await dashboard.press("O", "right", "right", "escape")
        await dashboard.until(lambda: any("+2.000" in each for each in dashboard.stream_lines()))


async def test_columns_come_from_the_settings(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        stream = dashboard.panes.stream
        stream.show_columns(stream.columns._replace(shown=frozenset({"type"})))
        agent = await dashboard.agent()
        await dashboard.issue(agent, "A_TYPE|x")
        await dashboard.until(lambda: any("← A_TYPE" in each for each in dashboard.stream_lines()))


async def test_the_last_column_stays(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        keeping(dashboard)
        await dashboard.press("O")
        await dashboard.press(*(key for _ in range(5) for key in ("enter", "down")))
        assert len(dashboard.panes.stream.columns.shown) == 1
        assert dashboard.notified("The last column stays")


async def test_a_long_name_of_an_agent_is_shown_whole_and_no_column_moves_when_it_goes(
    tmp_path: Path,
):
    async with running_dashboard(tmp_path) as dashboard:

        def line_of(type_: str) -> str:
            return next((each for each in dashboard.stream_lines() if type_ in each), "")

        agent = await dashboard.agent("/chat-in-a-room-with-a-long-name")
        await dashboard.issue(agent, "HELLO")
        await dashboard.until(lambda: "chat-in-a-room-with-a-long-name HELLO" in line_of("HELLO"))
        await dashboard.end_agents()
        await dashboard.until(lambda: not dashboard.hub.connected)
        await dashboard.issue(await dashboard.agent("/chat-b"), "THERE")
        await dashboard.until(lambda: line_of("THERE"))
        assert line_of("THERE").index("THERE") == line_of("HELLO").index("HELLO")
