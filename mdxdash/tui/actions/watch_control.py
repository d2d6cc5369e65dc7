"""What the key for watches does: it opens their dialog on the filter in force."""

from typing import Any

from textual.app import App

from mdxdash.tui.app_context import AppContext
from mdxdash.tui.panes.filter_bar import FilterBar


class WatchControl:
    """Opens the dialog of the watches."""

    def __init__(self, app: App[Any], context: AppContext, filter_bar: FilterBar) -> None:
        self._app = app
        self._app_context = context
        self._filter_bar = filter_bar

    async def open(self) -> None:
        """Shows the watches, with the filter in force to be pinned. Where one of them is chosen,
        its filter is put in force."""
        from mdxdash.tui.screens.watches import (  # noqa: PLC0415  not what a start needs
            WatchesScreen,
        )

        context = self._app_context

        def show(filter_text: str | None) -> None:
            if filter_text is not None:
                self._filter_bar.take_away()
                self._filter_bar.text = filter_text

        text = self._filter_bar.filter.text
        await self._app.push_screen(WatchesScreen(context.watches, context.watch_file, text), show)
