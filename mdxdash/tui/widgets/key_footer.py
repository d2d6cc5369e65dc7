"""The footer: the keys that do something where the focus is, as many as there is room for."""

from typing import Any, ClassVar, Final

from textual.app import RenderResult
from textual.content import Content
from textual.events import Click, MouseMove
from textual.screen import Screen
from textual.widget import Widget

from mdxdash.tui.key_actions import KeyAction, footer_keys, footer_width, usable_keys

_GAP: Final = 2

_LOOK_INTERVAL: Final = 0.25
"""Seconds between two looks at what works now: it changes also without a key."""


class KeyFooter(Widget):
    """The last line of a screen. A click on a key is a press of it."""

    ALLOW_SELECT: ClassVar[bool] = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-footer--key"}
    DEFAULT_CSS: ClassVar[str] = """
    KeyFooter {
        dock: bottom; height: 1; width: 1fr;
        color: $footer-foreground; background: $footer-background;
    }
    KeyFooter > .key-footer--key { color: $footer-key-foreground; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[KeyAction] = []

    @property
    def shown(self) -> list[KeyAction]:
        """The actions that stand there."""
        return self._shown

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)
        self.set_interval(_LOOK_INTERVAL, self.look)
        self.call_after_refresh(self.look)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_resize(self) -> None:
        self.look()

    def _bindings_updated(self, screen: Screen[Any]) -> None:
        self.look()

    def look(self) -> None:
        """Takes over which keys do something now."""
        if not self.is_attached or self.app.screen is not self.screen:
            return
        shown = footer_keys(usable_keys(self.screen), self.size.width, _GAP)
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render(self) -> RenderResult:
        style = self.get_visual_style("key-footer--key")
        parts: list[tuple[str, Any] | str] = []
        for each in self._shown:
            parts += [(each.key, style), f" {each.label}{' ' * _GAP}"]
        return Content.assemble(*parts)

    def _action_at(self, x: int) -> KeyAction | None:
        left = 0
        for each in self._shown:
            right = left + footer_width(each)
            if left <= x < right:
                return each
            left = right + _GAP
        return None

    def on_mouse_move(self, event: MouseMove) -> None:
        action = self._action_at(event.x)
        self.tooltip = action.help if action else None

    def on_click(self, event: Click) -> None:
        if action := self._action_at(event.x):
            self.app.simulate_key(action.keys[0])
