"""Which actions of the app do something now. The others have no key: footer, help and palette do
not offer them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from textual.app import App
from textual.widget import Widget
from textual.widgets import Input, TextArea

from mdxdash.tui.app_context import AppContext
from mdxdash.tui.panes.composing.composer import Composer
from mdxdash.tui.panes.filter_bar import FilterBar
from mdxdash.tui.views.dialogue_views import DialogueViews
from mdxdash.tui.views.stream import Stream


class ActionChecks:
    """Asks the panes."""

    def __init__(
        self,
        app: App[Any],
        context: AppContext,
        *,
        stream: Stream,
        views: DialogueViews,
        filter_bar: FilterBar,
        composer: Composer,
        side: Sequence[Widget],
    ) -> None:
        """`side` are the panes of the side column, which opens where it is folded away."""
        self._app = app
        self._app_context = context
        self._stream = stream
        self._views = views
        self._filter_bar = filter_bar
        self._composer = composer
        self._side = [pane.id for pane in side]
        self._covered = False
        """Whether the palette stands over what is asked about."""

    @contextmanager
    def behind_palette(self) -> Iterator[None]:
        """Lets be asked what does something on the screen that the palette covers."""
        self._covered = True
        try:
            yield
        finally:
            self._covered = False

    @property
    def _focused(self) -> Widget | None:
        stack = self._app.screen_stack
        return stack[-2 if self._covered and len(stack) > 1 else -1].focused

    def works(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Returns whether an action does something where the focus is."""
        stream = self._stream
        match action:
            case "write":
                # The letters that open a text field are plain letters in one, and on a dialog.
                here = self._on_dashboard and not isinstance(self._focused, Input | TextArea)
                return here and self.works(str(parameters[0]), ())
            case "command_palette" | "find":
                return self._on_dashboard
            case "filter":
                return self._focused is not self._filter_bar.input
            case "compose_line":
                return not self._composer.has_focus_within
            case "pane":
                return self._can_go_to(str(parameters[0]))
            case "view":
                main = self._views.main
                return self._views.shown != parameters[0] or self._focused is not main
            case "show_stream":
                return self._focused is not self._views.main
            case "follow":
                return not stream.following
            case "clear":
                return stream.row_count > 0
            case "uncover":
                return stream.view.cleared
            case "reply" | "command":
                return stream.current is not None
            case "only_type" | "hide_type" | "explain" | "reuse":
                return bool((event := stream.current) and event.type)
        return self._works_in_session(action)

    def _works_in_session(self, action: str) -> bool:
        context = self._app_context
        match action:
            case "next_alert":
                return bool(context.alerts.alerts)
            case "lost_agent":
                return context.alerts.latest_loss() is not None
            case "macro":
                return any(macro.key for macro in context.runner.macros)
            case "record_macro" | "make_macro":
                return context.macro_file is not None
        return True

    @property
    def _on_dashboard(self) -> bool:
        """Whether no dialog covers the dashboard."""
        return len(self._app.screen_stack) == (2 if self._covered else 1)

    def _can_go_to(self, name: str) -> bool:
        pane = self._app.screen_stack[0].query_one(f"#{name}", Widget)
        return not pane.has_focus and (name in self._side or pane.display)
