"""What is shown until the dashboard is loaded, which takes longer than this picture: where the hub
is, in the places where the dashboard shows it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.tui.panes.status_bar import StatusBar
from mdxdash.tui.panes.waiting_notice import WaitingNotice

Draw = Callable[[StatusBar, WaitingNotice], None]
"""Draws what is known before anything is loaded."""


class FirstPicture(Screen[None]):
    """The status bar and the notice of what is waited for. It takes no key."""

    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw
        self._status = StatusBar(id="status")
        self._notice = WaitingNotice(id="waiting")

    def compose(self) -> ComposeResult:
        yield self._status
        yield Static(_("mdxdash needs a terminal of 60 × 14 at least."), id="too-small")
        with Horizontal(id="body"), Vertical(id="main"), Vertical(id="stream-pane"):
            yield self._notice

    def on_mount(self) -> None:
        self._draw(self._status, self._notice)

    def on_resize(self) -> None:
        """The status bar shows what it has room for."""
        self.call_after_refresh(self._draw, self._status, self._notice)


def waiting_at(url: str, mdf_lines: Sequence[str]) -> Draw:
    """Returns what draws a hub that listens at `url`; `mdf_lines` are those for an agent."""

    def draw(status: StatusBar, notice: WaitingNotice) -> None:
        status.show(url, 0, [0, 0], "", {})
        notice.show(url, mdf_lines)

    return draw


def looking_at(name: str, url: str) -> Draw:
    """Returns what draws a hub in another process, of which nothing is known yet but its name."""

    def draw(status: StatusBar, notice: WaitingNotice) -> None:
        status.show(url, 0, [0, 0], "", {}, name=name)
        notice.display = False

    return draw


def reading(name: str) -> Draw:
    """Returns what draws a recording that is about to be read."""

    def draw(status: StatusBar, notice: WaitingNotice) -> None:
        text = _("{name}: reading").format(name=printable(name))
        status.show_recording(printable(name), "", {})
        notice.show_text(text, layout=True)

    return draw
