"""Runs a dashboard in the terminal; its hub goes on without it where agents are connected."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from types import FrameType
from typing import Any, Final, NoReturn

from mdxdash.cli.options import fail
from mdxdash.cli.output.diagnostics import held_back, in_background, report
from mdxdash.language.translation import _
from mdxdash.settings.model import Settings
from mdxdash.tui.app import MakeScreen, MdxdashApp
from mdxdash.tui.first_picture import Draw
from mdxdash.tui.key_settings.keymap import NO_KEYS
from mdxdash.tui.themes import theme_error

_logger = logging.getLogger(__name__)

_SWITCH_INTERVAL: Final = 0.001
"""Seconds that a thread works on when another one waits. With Python's 5 ms a key waits for that
twice: while the screen is drawn in the thread that reads it, and then in the one that writes."""

_TWICE_WITHIN: Final = 2.0
"""Seconds within which a second ctrl-C ends a hub that agents are connected to."""


def show_dashboard(
    settings: Settings,
    load: Callable[[], MakeScreen],
    picture: Draw,
    *,
    in_browser: bool = False,
) -> int:
    """Checks what the settings say of dashboards, and shows one as `run_dashboard` does; returns
    the exit code. Ends the program with code 2 where something in the settings is wrong.

    * `load`, `picture`: what the app loads, and what it draws until then (see `MdxdashApp`).
    * `in_browser`: whether whoever looks may be another person than the one whose settings these
      are: his keys are not used.
    """
    check_keys(settings)
    app = MdxdashApp(
        load,
        picture,
        theme=settings.screen.theme,
        keys=NO_KEYS if in_browser else settings.keys,
        ascii_signs=settings.screen.ascii,
    )
    check_theme(app, settings)
    check_filters(settings)
    return run_dashboard(app, settings.hub.linger)


def run_dashboard(app: MdxdashApp, linger: float) -> int:
    """Shows the dashboard until its user quits; returns the exit code.

    When its user detaches it, the terminal goes or the screen crashes while agents are connected,
    the hub goes on in a process in the background. Where that is not possible it goes on in this
    one: until SIGTERM, a second ctrl-C, or until no agent was connected for `linger` seconds.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL)
    return asyncio.run(_run(app, linger))


def check_theme(app: MdxdashApp, settings: Settings) -> None:
    """Ends the program with code 2 where the settings name a theme that the dashboard has not."""
    error = theme_error(settings.screen.theme, app.available_themes)
    if error is not None:
        fail(str(settings.origin("screen.theme").error(error)))


def check_filters(settings: Settings) -> None:
    """Ends the program with code 2 where a saved filter of the settings, or that of a highlight, is
    none."""
    named = {f"filters.{name}": (name, text) for name, text in settings.filters.items()}
    named |= {f"highlights.{text}": (text, text) for text in settings.highlights}
    if not named:
        return
    from mdxdash.filters.filter import FilterError, parse  # noqa: PLC0415  most settings have none

    for origin, (name, text) in named.items():
        try:
            parse(text)
        except FilterError as error:
            fail(str(settings.origin(origin).error(f"`{name}`: {error}")))


def check_keys(settings: Settings) -> None:
    """Ends the program with code 2 where the settings give a key to an action that does not exist,
    or one that it cannot have. An app takes only keys that were checked."""
    if not settings.keys:
        return
    # It imports every screen, and few people change keys.
    from mdxdash.tui.key_checks import given_keys  # noqa: PLC0415

    try:
        given_keys.check_keys(settings.keys)
    except given_keys.WrongKeyError as error:
        fail(str(settings.origin(f"keys.{error.name}").error(str(error))))


async def _run(app: MdxdashApp, linger: float) -> int:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def handle(name: str, act: Callable[[], Any]) -> None:
        # SIGHUP is Unix's, SIGBREAK Windows'. `add_signal_handler` does not exist on Windows.
        if number := getattr(signal, name, None):

            def call(number: int, frame: FrameType | None) -> None:
                loop.call_soon_threadsafe(act)

            signal.signal(number, call)

    def end(why: str) -> None:
        if not ended.is_set():
            report(why)  # which is written when the screen is gone
        ended.set()
        # Not `exit`, which cancels the worker of the hub while it ends its connections.
        app.call_later(app.quit_unasked)

    async def follow_hub() -> None:
        await app.loaded.wait()
        async with asyncio.TaskGroup() as tasks:
            stopped = partial(end, _("mdxdash: ended by `mdxdash hub stop`"))
            tasks.create_task(_call_when(app.context.stop_wanted, stopped))
            leave = partial(app.call_later, app.leave_hub)
            tasks.create_task(_call_when(app.context.handed_over, leave))

    for name in ("SIGTERM", "SIGBREAK"):
        handle(name, partial(end, _("mdxdash: ended by {signal}").format(signal=name)))
    handle("SIGHUP", lambda: app.call_later(app.lose_terminal))
    handle("SIGINT", lambda: app.call_later(app.interrupt))
    following = asyncio.ensure_future(follow_hub())
    with held_back():
        await app.run_async()
    following.cancel()
    if not app.loaded.is_set():
        return app.return_code or 0
    if app.context.handed_over.is_set():
        _attach_instead(app)
    kept = app.dashboard.services.kept
    if kept is None:
        return app.return_code or 0
    stopping = asyncio.ensure_future(_call_when(app.context.stop_wanted, ended.set))
    handle("SIGHUP", lambda: None)
    await _detach(app)
    handle("SIGINT", _EndAtSecond(ended).interrupt)
    with in_background():
        code = await _go_on(app, kept, ended, linger)
    stopping.cancel()
    return code


async def _detach(app: MdxdashApp) -> None:
    """Ends this process if another one can go on with the hub."""
    detach, name = app.context.detach, app.context.hub_name()
    if detach is None:
        return
    from mdxdash.hub.adoption import CannotHandOver  # noqa: PLC0415  the first picture needs no hub

    try:
        await detach()
    except CannotHandOver as error:
        _logger.warning("the hub stays in this process: %s", error)
        report(_("mdxdash: the hub goes on in this process: {error}").format(error=error))
        return
    # Without leaving the session, which is the other process's now.
    report(
        _("mdxdash: the hub {name} goes on in the background; `mdxdash attach` shows it").format(
            name=name
        )
    )
    os._exit(app.return_code or 0)


def _attach_instead(app: MdxdashApp) -> NoReturn:
    """Shows the hub that another process has taken over."""
    from mdxdash.remote.handover.giving import own_command  # noqa: PLC0415  seldom needed

    os.execv(sys.executable, [*own_command(), "attach", app.context.hub_name()])


async def _call_when(event: asyncio.Event, act: Callable[[], object]) -> None:
    await event.wait()
    act()


async def _go_on(app: MdxdashApp, kept: AsyncExitStack, ended: asyncio.Event, linger: float) -> int:
    from mdxdash.cli.hosting.unattended import until_abandoned  # noqa: PLC0415  seldom needed
    from mdxdash.remote.beside.first_done import first_done  # noqa: PLC0415  the same

    async with kept:
        if app.return_code:  # it crashed: the terminal is still there
            report(
                _(
                    "mdxdash: the screen ended, the hub goes on without it: agents are connected. "
                    "Ctrl-C twice ends it"
                )
            )
        await first_done(until_abandoned(lambda: app.context.agents_at_stake, linger), ended.wait())
    return app.return_code or 0


class _EndAtSecond:
    """Ctrl-C while no screen can ask: the second one within two seconds ends the hub."""

    def __init__(self, ended: asyncio.Event) -> None:
        self._ended = ended
        self._last = float("-inf")

    def interrupt(self) -> None:
        """Takes one ctrl-C."""
        now = time.monotonic()
        if now - self._last < _TWICE_WITHIN:
            self._ended.set()
        else:
            report(_("mdxdash: agents are connected; ctrl-C once more ends the hub"))
        self._last = now
