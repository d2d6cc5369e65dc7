"""The status bar: where the hub listens, who is there, how much happens, and the time."""

import time
from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from mdxdash.tui import signs
from mdxdash.tui.widgets.bars import sparkline


class StatusBar(Static):
    """One line over the panes."""

    def show(
        self,
        url: str,
        agents: int,
        rates: list[int],
        recording: str,
        *,
        name: str = "",
        lost: str = "",
    ) -> None:
        """Draws what is given.

        * `rates`: the events in each of the last seconds, newest last; the newest second still
          runs, so the number shown is the one before.
        * `name`: of the hub in another process that is shown.
        * `lost`: what stands there instead of the number of agents while it is not reached.
        """
        sign, style = (signs.CONNECTED, "$success") if agents else (signs.GONE, "$warning")
        who = f"{agents} agent{'s' if agents != 1 else ''}" if agents else "waiting"
        if lost:
            sign, style, who = signs.FAILED, "$error", lost
        left = Content.assemble(
            (f" {self._title(name)} ", "bold $text on $primary"),
            "  ",
            (sign, style),
            f" {url}   {who}   ",
        )
        right = Content(f"{recording}   {datetime.fromtimestamp(time.time()):%H:%M:%S} ")
        per_second = f" {rates[-2]:,}/s"
        room = self.size.width - left.cell_length - right.cell_length - 12
        if room > 4:
            bars = sparkline(rates[-1 - min(room, 30) : -1])
            left = Content.assemble(left, (bars, "$accent"), per_second)
        self._draw(left, right)

    def _title(self, name: str) -> str:
        if not name:
            return "mdxdash"
        return f"{'mdxdash ' if self.size.width >= 100 else ''}attached to {name}"

    def show_recording(self, name: str, state: str) -> None:
        """Draws which file is shown, and how far it was read."""
        title = (" mdxdash ", "bold $text on $primary")
        left = Content.assemble(title, "  ■ ", (name, "bold"), "   read-only")
        self._draw(left, Content(f"{state} "))

    def _draw(self, left: Content, right: Content) -> None:
        gap = max(1, self.size.width - left.cell_length - right.cell_length)
        self.update(Content.assemble(left, " " * gap, right), layout=False)
