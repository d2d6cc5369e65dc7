"""Every screen of the dashboard is drawn soon after a change."""

from pathlib import Path

from mdxdash.tui.drawing_delay import DRAWING_DELAY
from tests.support.dashboards import running_dashboard


async def test_the_main_screen_and_dialogs_are_drawn_soon(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        assert dashboard.app.screen._update_timer._interval == DRAWING_DELAY
        await dashboard.press("question_mark")
        assert len(dashboard.app.screen_stack) == 2
        assert dashboard.app.screen._update_timer._interval == DRAWING_DELAY
