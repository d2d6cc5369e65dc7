"""What runs behind the screen as long as it is there: the session's services, and the check of its
macros."""

import asyncio
from contextlib import AsyncExitStack
from itertools import islice
from typing import Any, Final

from textual.app import App

from mdxdash.hub.address import CannotListen
from mdxdash.macros.catalog_checks import check_macros
from mdxdash.settings.toml_source import SettingsError
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.widgets.error_text import error_text

ADVICE_SHOWN: Final = 3
"""Lines about macros that are shown at once; more would cover the screen."""

ADVICE_INTERVAL: Final = 1.0
"""Seconds between two looks at the macros in force."""


class BackgroundServices:
    """Runs in workers of the app, which end with it."""

    def __init__(self, app: App[Any], context: AppContext) -> None:
        self._app = app
        self._app_context = context
        self._leaving = asyncio.Event()
        self._left = asyncio.Event()
        self._entered = AsyncExitStack()
        self.kept: AsyncExitStack | None = None
        """What goes on when the screen has ended, for whoever runs the app to close."""

    def start(self) -> None:
        """Begins with the session's services: the hub, its recording and its macros."""
        self._app.run_worker(self._serve(), group="services")

    def start_advice(self) -> None:
        """Begins to check the macros in force, whenever they change."""
        self._app.run_worker(self._check_macros(), group="macro-advice")

    def keep(self) -> None:
        """Lets the services go on when the screen ends: see `kept`."""
        if self.kept is None:
            self.kept = self._entered.pop_all()

    async def end(self) -> None:
        """Ends what may still send, then the services, in the order that suits them."""
        self._app_context.runner.stop_all()
        await self.leave()

    async def leave(self) -> None:
        """Ends the services, in the order that suits them."""
        self._leaving.set()
        await self._left.wait()

    def keep_theme(self, theme: str) -> None:
        """Remembers the theme for later runs."""
        if theme != self._app_context.theme:
            self._app_context.theme = theme
            self._app.run_worker(self._write_theme(theme), group="theme", exclusive=True)

    async def _serve(self) -> None:
        """Owns what the session needs: enters it, waits, and leaves it, however it ends."""
        try:
            async with self._entered as services:
                for service in self._app_context.services:
                    await services.enter_async_context(service)
                await self._leaving.wait()
        except CannotListen as error:
            self._app.exit(return_code=2, message=f"mdxdash: {error}")
        finally:
            self._left.set()

    async def _check_macros(self) -> None:
        """Notifies of what is wrong with the macros before anybody fires one."""
        runner = self._app_context.runner
        while True:
            macros = runner.macros
            for line in islice(check_macros(macros), ADVICE_SHOWN):
                self._app.notify(line, severity="warning", timeout=10)
            while runner.macros is macros:
                await asyncio.sleep(ADVICE_INTERVAL)

    async def _write_theme(self, theme: str) -> None:
        try:
            await asyncio.to_thread(self._app_context.keep_theme, theme)
        except SettingsError as error:
            self._app.notify(error_text(error), severity="warning")
