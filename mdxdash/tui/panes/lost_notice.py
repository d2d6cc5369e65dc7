"""The line across the full width for agents that were lost, until somebody has seen it."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from mdxdash.alerts.alert import Alert, loss_text
from mdxdash.language.translation import _
from mdxdash.tui import signs
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.widgets.cells import pad


class LostNotice(Static):
    """Shows the latest lost agent; a click opens its last events, as `L` does."""

    def __init__(self) -> None:
        super().__init__(id="lost", markup=False)
        self._shown: object = None

    def show(self, lost: Sequence[Alert]) -> None:
        """Draws the losses that nobody has seen, oldest first: the latest in words."""
        drawn = (lost, self.size.width)
        if drawn == self._shown:
            return
        self._shown = drawn
        self.display = bool(lost)
        if not lost:
            return
        others = _("  (and {count:,} more)").format(count=len(lost) - 1) if len(lost) > 1 else ""
        width = max(10, self.app.size.width - 2)
        # In two lines where one is too short; what does not fit stands in the screen of `L`.
        text = f"{signs.FAILED} {loss_text(lost[-1])}{others}"
        lost_agent, alerts = (shown_key(self.app, name) for name in ("lost_agent", "alerts"))
        keys = _("{lost_agent} last events  {alerts} go to it").format(
            lost_agent=lost_agent, alerts=alerts
        )
        room = width * 2 - cell_len(keys) - 3
        text = pad(text, room).rstrip() if cell_len(text) > room else text
        gap = "\n" if width - cell_len(keys) - 2 < cell_len(text) <= width else "  "
        self.update(Content.assemble((text, "bold"), f"{gap}{keys}"))

    async def on_click(self) -> None:
        await self.run_action("screen.lost_agent")
