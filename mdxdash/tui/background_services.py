"""What runs behind the screen as long as it is there: the session's services, the macros, the watch
on their file."""

import asyncio
from contextlib import AsyncExitStack
from itertools import islice
from typing import Any, Final

from textual.app import App

from mdxdash.hub.address import CannotListen
from mdxdash.macros.catalog_checks import check_macros
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.settings.toml_source import SettingsError
from mdxdash.tui.app_context import AppContext

ADVICE_SHOWN: Final = 3
"""Lines about macros that are shown at once; more would cover the screen."""

MACRO_FILE_INTERVAL: Final = 1.0
"""Seconds between two looks at the macro file."""


class BackgroundServices:
    """Runs in workers of the app, which end with it."""

    def __init__(self, app: App[Any], context: AppContext, runner: MacroRunner) -> None:
        self._app = app
        self._app_context = context
        self._runner = runner
        self._leaving = asyncio.Event()
        self._left = asyncio.Event()
        self._ready = asyncio.Event()
        self._entered = AsyncExitStack()
        self.kept: AsyncExitStack | None = None
        """What goes on when the screen has ended, for whoever runs the app to close."""

    def start(self) -> None:
        """Begins with the session's services: the hub, the recording."""
        self._app.run_worker(self._serve(), group="services")

    def start_macros(self) -> None:
        """Begins to run macros, and to look after their file."""
        self._app.run_worker(self._run_macros(), group="macros")
        self._app.run_worker(self._watch_macro_file(), group="macro-file")

    def keep(self) -> None:
        """Lets the services go on when the screen ends: see `kept`."""
        if self.kept is None:
            self.kept = self._entered.pop_all()

    async def end(self) -> None:
        """Ends what may still send, then the services, in the order that suits them."""
        self._runner.stop_all()
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
                self._ready.set()
                await self._leaving.wait()
        except CannotListen as error:
            self._app.exit(return_code=2, message=f"mdxdash: {error}")
        finally:
            self._left.set()

    async def _run_macros(self) -> None:
        await self._ready.wait()
        await self._entered.enter_async_context(self._runner.running())

    async def _watch_macro_file(self) -> None:
        self._advise()
        while True:
            if await asyncio.to_thread(self._app_context.macro_file.refresh):
                file = self._app_context.macro_file
                self._runner.replace(file.macros, trusted=file.trusted)
                self._advise()
            await asyncio.sleep(MACRO_FILE_INTERVAL)

    def _advise(self) -> None:
        """Notifies of what is wrong with the macros before anybody fires one."""
        for line in islice(check_macros(self._runner.macros), ADVICE_SHOWN):
            self._app.notify(line, severity="warning", timeout=10)

    async def _write_theme(self, theme: str) -> None:
        try:
            await asyncio.to_thread(self._app_context.keep_theme, theme)
        except SettingsError as error:
            self._app.notify(str(error), severity="warning")
