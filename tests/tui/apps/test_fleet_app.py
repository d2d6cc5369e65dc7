"""The dashboard on all hubs of a broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from mdxdash.macros.running.runner import MacroRunner
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.apps.fleet_app import FleetApp
from mdxdash.tui.screens.hubs import HubsScreen
from tests.support.fleet_scene import say_events, say_presence, watch

SIZES = ((80, 24), (160, 45))


@asynccontextmanager
async def fleet_app(
    here: FleetWatch, size: tuple[int, int] = (160, 45)
) -> AsyncIterator[tuple[FleetApp, Pilot[None]]]:
    """The app, whose watch is fed by the test."""
    runner = MacroRunner(here.hub, here.log, ())
    app = FleetApp(AppContext(here.log, here.hub, None, runner), here)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        while not app.stream.is_attached:
            await pilot.pause(0.01)
        yield app, pilot


def screen_text(app: FleetApp) -> str:
    """What stands on the screen."""
    widths = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in widths)


async def until(pilot: Pilot[None], wanted: str, text: "object") -> None:
    for _ in range(1000):
        if wanted in text():  # type: ignore[operator]
            return
        await pilot.pause(0.01)
    raise AssertionError(f"{wanted}: {text()}")  # type: ignore[operator]


@pytest.mark.parametrize("size", SIZES)
async def test_hubs_are_listed_with_their_agents(size: tuple[int, int]):
    here = watch()
    say_presence(here, "room-1", "chat")
    say_presence(here, "room-2", "chat")
    say_events(here, "room-1", "chat", 1, "こんにちは")
    say_presence(here, "room-2", "chat", state="lost")
    async with fleet_app(here, size) as (app, pilot):
        await until(pilot, "1 hub, 1 gone", lambda: str(app.status.content))
        assert "broker not reached" in str(app.status.content)
        await pilot.press("v")
        await pilot.pause()
        assert isinstance(app.screen, HubsScreen)
        body = app.screen.query(Static).last()
        await until(pilot, "room-2", lambda: str(body.content))
        app.screen.query_one(Input).value = "room-1"
        await pilot.pause()
        assert "room-1/chat" in str(body.content)
        assert "room-2" not in str(body.content)
        await pilot.press("escape")
        assert not isinstance(app.screen, HubsScreen)


async def test_many_agents_are_asked_about_before_something_is_sent():
    here = watch()
    for number in range(6):
        say_presence(here, f"room-{number}", "chat")
    async with fleet_app(here) as (app, pilot):
        await pilot.press("c")
        app.composer.write(["HELLO|1"])
        await pilot.press("enter")
        await until(pilot, "it goes to 6 agents of 6 hubs", lambda: screen_text(app))
        assert not len(here.log)


async def test_who_only_reads_has_no_line_to_write():
    here = watch(read_only=True)
    say_presence(here, "room-1", "chat")
    async with fleet_app(here) as (app, pilot):
        await until(pilot, "read-only", lambda: str(app.status.content))
        await pilot.press("c")
        assert not app.composer.display
        assert not app.macros_pane.display
