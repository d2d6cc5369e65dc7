"""The hubs of a broker and their agents: who is there, what is missing, whose clock differs.

What is typed is looked for in their names; the arrow keys go through them. One of them, or a
pattern that is typed, can be made the target of what is sent.
"""

from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from mdxdash.filters.values import quoted
from mdxdash.hub.targets import exactly
from mdxdash.language.translation import _
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.lists.hub_rows import HubRows, summary_parts
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.live_text import LiveText

_INTERVAL: Final = 1.0

_PATTERN: Final = frozenset("*?[")
"""What makes a pattern of a text."""

_STYLES: Final = {"bad": "$text-error", "warning": "$text-warning", "good": "$text-success"}


class _Search(Input):
    """The text to search; Enter is for the row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "screen.choose",
            "Open",
            tooltip="Unfold the hub, or show the agent's events",
        ),
    ]


class HubChoice(NamedTuple):
    """What was chosen: a filter for the events of an agent, or a target for what is sent."""

    filter: str = ""
    target: str = ""


class HubsScreen(Dialog[HubChoice | None]):
    """Lists the hubs. Gives what was chosen; None when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close"),
        Binding(
            "ctrl+t",
            "target",
            "Target",
            tooltip="Send to the hub or the agent here, or to the pattern that was typed",
        ),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]

    def __init__(self, watch: FleetWatch) -> None:
        super().__init__()
        self._watch = watch
        self._summary = LiveText(id="hubs-summary")
        self._search = _Search(placeholder=_("find a hub or an agent"), compact=True)
        self.rows = HubRows()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="hubs"):
            yield self._search
            yield self._summary
            yield self.rows

    def on_mount(self) -> None:
        self._search.focus()
        self._draw()
        self.set_interval(_INTERVAL, self._draw)

    def on_input_changed(self) -> None:
        self._draw()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Unfolds a hub, or folds it; leaves with the filter for an agent."""
        row = self.rows.current
        if row is None:
            return
        if row.agent is not None:
            self.dismiss(HubChoice(filter=f"agent:{quoted((row.agent.name,))}"))
        else:
            self.rows.switch(row.hub)
            self._draw()
            self.rows.show_agents()

    def action_target(self) -> None:
        """Leaves with a target: what was typed if that is a pattern, else what the cursor is on."""
        typed, row = self._search.value.strip(), self.rows.current
        if _PATTERN & set(typed):
            self.dismiss(HubChoice(target=typed))
        elif row is not None:
            # A hub stands for all of its agents.
            self.dismiss(HubChoice(target=row.name if row.agent is None else exactly(row.name)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "target" and self._watch.read_only:
            return False
        return super().check_action(action, parameters)

    def action_move(self, by: int) -> None:
        self.rows.action_move(by)

    def action_page(self, direction: int) -> None:
        self.rows.action_page(direction)

    def _draw(self) -> None:
        hubs = list(self._watch.hub.hubs.values())
        self.rows.show(hubs, self._search.value)
        if hubs and not self.rows.row_count:
            self._summary.show_text(_("no hub or agent has that in its name"), layout=True)
        elif hubs:
            parts = summary_parts(hubs, self._watch.reception.unreadable)
            styled = [(part.text, _STYLES.get(part.style, "")) for part in parts]
            self._summary.show_text(Content.assemble(*styled), layout=True)
        else:
            url = self._watch.hub.url
            text = _("No hub has said anything at {url} yet.").format(url=url)
            self._summary.show_text(text, layout=True)
