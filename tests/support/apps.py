"""The app on what a test has built."""

import time
from functools import partial
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.screen import DashboardScreen
from mdxdash.tui.first_picture import waiting_at
from mdxdash.tui.type_ahead import TypeAheadApp
from tests.support.waiting import GUARD


def dashboard_app(
    context: AppContext, kind: type[DashboardScreen] = DashboardScreen, **options: Any
) -> MdxdashApp:
    """An app with a dashboard of some kind, which gets the options."""
    make_screen = partial(kind, context=context, **options)
    picture = waiting_at(context.hub.url, context.hub.mdf_lines)
    return MdxdashApp(
        lambda: make_screen,
        picture,
        theme=context.theme,
        keys=context.keys,
        ascii_signs=context.screen.ascii,
    )


async def loaded(app: MdxdashApp, pilot: Pilot[None]) -> None:
    """Waits until the panes are there and take keys."""
    deadline = time.monotonic() + GUARD
    while not app.loaded.is_set() or app._held is not None:
        assert time.monotonic() < deadline, "it was never loaded"
        await pilot.pause(0.01)


def screen_text(app: App[Any]) -> str:
    """What stands on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips(app.size))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Presses keys, one after the other has had its effect."""
    for key in keys:
        await pilot.press(key)
        await keys_done(pilot)


async def keys_done(pilot: Pilot[Any]) -> None:
    """Waits until the app is done with the keys that were typed."""
    deadline = time.monotonic() + GUARD
    app = pilot.app
    while isinstance(app, TypeAheadApp) and app.is_running and not app.keys_are_done:
        assert time.monotonic() < deadline, "a key was never done with"
        await pilot.pause(0)
