"""The connections screen."""

from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from mdxdash.wire.message import Message
from tests.support.dashboards import running_dashboard


async def test_each_connection_is_shown_with_its_handshake_numbers_and_refused_ones(
    tmp_path: Path,
):
    async with running_dashboard(tmp_path, size=(160, 80)) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "SAID|1")
        dashboard.hub.send(Message("TEST"))
        await dashboard.until(lambda: dashboard.hub.agents[0].counts.round_trips)
        with pytest.raises(InvalidStatus):
            async with connect(f"ws://localhost:{dashboard.hub.port}/wrong"):
                pass
        await dashboard.press("v")
        await dashboard.until(lambda: "/wrong, expected /chat" in dashboard.screen())
        for text in (
            "X-App-Type: MMDAgent",
            "in  lines 2   frames 2   bytes 12",
            "out  lines 1   frames 1   bytes 5",
            "the last 1",
            "0 of 10,000 lines",
        ):
            assert text in dashboard.screen()
        dashboard.agents[0].cancel()
        await dashboard.until(lambda: not dashboard.hub.connected)
        await dashboard.until(lambda: "○ disconnected" in dashboard.screen())
        await dashboard.press("escape")
        assert len(dashboard.app.screen_stack) == 1


async def test_no_header_that_holds_a_password_is_shown(tmp_path: Path):
    async with running_dashboard(tmp_path, size=(160, 60)) as dashboard:
        headers = {"Authorization": "Bearer abcdefgh"}
        async with connect(dashboard.hub.url, additional_headers=headers):
            await dashboard.until(lambda: dashboard.hub.connected)
            await dashboard.press("v")
            await dashboard.until(lambda: "Authorization: ***" in dashboard.screen())
            assert "abcdefgh" not in dashboard.screen()


async def test_a_refused_web_page_is_a_row_of_the_stream(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        with pytest.raises(InvalidStatus):
            async with connect(dashboard.hub.url, origin="http://example.com"):  # type: ignore[arg-type]
                pass
        await dashboard.until(lambda: "http://example.com" in dashboard.screen())
