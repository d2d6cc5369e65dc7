"""The event in full: opened, gone through and copied at every size of terminal."""

import pytest

from mdxdash.tui.screens.event_screen import EventScreen
from tests.support.apps import press
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 45)])

LONG = "こんにちは。" * 60


async def three_events(dashboard: Dashboard) -> None:
    dashboard.log.append("received", "chat", "RECOG_EVENT_STOP", "お元気ですか", time=1e9)
    dashboard.log.append("sent", "chat", "SYNTH_START", f"0|mei_voice|{LONG}終わり", time=1e9 + 1)
    dashboard.log.append("received", "chat", "SYNTH_EVENT_START", "0", time=1e9 + 1.25)
    await dashboard.until(lambda: len(dashboard.rows()) == 3)


def opened(dashboard: Dashboard) -> str:
    assert isinstance(dashboard.app.screen, EventScreen)
    return dashboard.screen()


@SIZES
async def test_enter_opens_all_of_it_and_arrows_go_through_the_stream(tmp_path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await three_events(dashboard)
        await dashboard.press("up", "enter")
        shown = opened(dashboard)
        assert "Event #2 · 2 of 3" in shown
        assert "0  " in shown and "mei_voice" in shown
        assert "SYNTH_EVENT_START  #3, 250 ms later" in shown or size == (80, 24)
        await dashboard.press("down")
        shown = opened(dashboard)
        assert "Event #3 · 3 of 3" in shown
        assert "reply to" in shown and "SYNTH_START  #2, 250 ms before" in shown
        await dashboard.press("up", "up")
        assert "Event #1 · 1 of 3" in opened(dashboard) and "お元気ですか" in dashboard.screen()
        await dashboard.press("escape")
        assert len(dashboard.app.screen_stack) == 1
        assert dashboard.panes.stream.cursor == 0 and not dashboard.panes.stream.following


@SIZES
async def test_links_are_followed_and_the_text_scrolled_to_its_end(tmp_path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await three_events(dashboard)
        await dashboard.press("enter", "left_square_bracket")
        assert "Event #2" in opened(dashboard)
        for _ in range(4):
            await dashboard.press("pagedown")
        assert "終わり" in opened(dashboard)
        await dashboard.press("right_square_bracket")
        assert "Event #3" in opened(dashboard)


@SIZES
async def test_row_message_and_arguments_are_copied(tmp_path, size):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await three_events(dashboard)
        await dashboard.press("home", "enter", "Y")
        assert dashboard.app.clipboard == "RECOG_EVENT_STOP|お元気ですか"
        await dashboard.press("ctrl+y")
        assert dashboard.app.clipboard == "お元気ですか"
        await dashboard.press("y")
        assert dashboard.app.clipboard.endswith("← chat RECOG_EVENT_STOP|お元気ですか")
        for key in ("↑", "↓", "y", "Y", "^y", "esc"):
            assert key in dashboard.screen().splitlines()[-1]


async def test_bytes_that_are_no_utf8_are_shown(tmp_path):
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        data = b"RECOG_EVENT_STOP|" + "終".encode()[:2] + b"\xff"
        undecoded, text = data.hex(" "), data.decode("utf-8", "replace")
        dashboard.log.append(
            "received", "chat", *text.split("|"), cut=True, size=len(data), undecoded=undecoded
        )
        await dashboard.until(lambda: len(dashboard.rows()) == 1)
        await dashboard.press("enter")
        assert "0010  7c e7 b5 ff" in opened(dashboard)


async def test_a_stream_that_followed_follows_again(tmp_path):
    async with running_dashboard(tmp_path) as dashboard:
        await three_events(dashboard)
        assert dashboard.panes.stream.following
        await dashboard.press("enter")
        dashboard.log.append("received", "chat", "LATER", time=1e9 + 2)
        await dashboard.until(lambda: len(dashboard.rows()) == 4)
        await dashboard.until(lambda: "Event #3 · 3 of 4" in opened(dashboard))
        await dashboard.press("enter")
        assert dashboard.panes.stream.following
        await dashboard.until(lambda: dashboard.panes.stream.cursor == 3)


async def test_a_click_selects_and_a_double_click_opens(tmp_path):
    async with running_dashboard(tmp_path) as dashboard:
        await three_events(dashboard)
        await dashboard.pilot.click("#stream", offset=(20, 1))
        assert dashboard.panes.stream.cursor == 1 and len(dashboard.app.screen_stack) == 1
        await dashboard.pilot.click("#stream", offset=(20, 0), times=2)
        await dashboard.pilot.pause()
        assert "Event #1" in opened(dashboard)


async def test_an_acknowledgement_that_comes_meanwhile_is_shown(tmp_path):
    async with running_dashboard(tmp_path) as dashboard:
        await three_events(dashboard)
        await dashboard.press("up", "enter")
        dashboard.log.acknowledge(2, 0.007)
        await dashboard.until(lambda: "✓ 7 ms" in opened(dashboard))


async def test_the_detail_pane_agrees_with_the_row_at_once(tmp_path):
    async with running_dashboard(tmp_path) as dashboard:
        await three_events(dashboard)
        await press(dashboard.pilot, "home")
        assert "RECOG_EVENT_STOP" in str(dashboard.panes.detail.query_one("#detail-body").visual)
