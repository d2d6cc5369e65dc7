"""The hubs of a broker and their agents: who is there, what is missing, whose clock differs.

Those in trouble come first. What is typed is looked for in the names of hubs and agents.
"""

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from mdxdash.events.printable import printable
from mdxdash.hub.interface import AgentView
from mdxdash.language.translation import _
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from mdxdash.tui import signs
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.elapsed import elapsed

_INTERVAL = 1.0

_LINES = 300
"""Lines that are shown; what is behind them is found by its name."""

_SIGNS = {
    "connected": (signs.CONNECTED, "$text-success"),
    "silent": (signs.SILENT, "$text-warning"),
    "gone": (signs.GONE, "$text-error"),
}


class HubsScreen(Dialog[None]):
    """Lists the hubs, each with its agents."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close")]

    def __init__(self, watch: FleetWatch) -> None:
        super().__init__()
        self._watch = watch
        self._body = Static()
        self._search = Input(placeholder=_("find a hub or an agent"), compact=True)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="hubs"):
            yield self._search
            with VerticalScroll(can_focus=False):
                yield self._body

    def on_mount(self) -> None:
        self._search.focus()
        self._draw()
        self.set_interval(_INTERVAL, self._draw)

    def on_input_changed(self) -> None:
        self._draw()

    def _draw(self) -> None:
        found = hub_lines(list(self._watch.hub.hubs.values()), self._search.value)
        lines = list(islice(found, _LINES + 1))
        if len(lines) > _LINES:
            lines[_LINES:] = [Content(_("… and more, which a part of their name finds"))]
        nobody = [
            Content(_("No hub has said anything at {url} yet.").format(url=self._watch.hub.url))
        ]
        self._body.update(Content("\n").join(lines or nobody))


def hub_lines(hubs: Sequence[WatchedHub], search: str = "") -> Iterable[Content]:
    """Returns a line for each hub and one for each of its agents, those in trouble first; with a
    text to search, only those whose name holds it."""
    wanted = search.strip().casefold()
    for hub in sorted(hubs, key=_trouble):
        of_hub = wanted in hub.name.casefold()
        agents = [
            agent for agent in hub.agents.values() if of_hub or wanted in agent.name.casefold()
        ]
        agents.sort(key=lambda each: each.state == "connected")
        if of_hub or agents:
            yield _hub_line(hub)
            yield from map(_agent_line, agents)


def _trouble(hub: WatchedHub) -> tuple[bool, bool, bool, str]:
    calm = all(agent.state == "connected" for agent in hub.agents.values())
    return (not hub.gone, not hub.missing, calm, hub.name)


def _hub_line(hub: WatchedHub) -> Content:
    there = sum(agent.connected for agent in hub.agents.values())
    sign, style = _SIGNS["gone" if hub.gone else "connected"]
    parts: list[Content | tuple[str, str]] = [
        (f"{sign} ", style),
        (printable(hub.name), "bold $accent"),
        (
            _("  {there} of {count} agents  {seen:,} events").format(
                there=there, count=len(hub.agents), seen=hub.seen
            ),
            "",
        ),
    ]
    if hub.gone:
        since = elapsed(time.time() - hub.gone_at)
        parts.append(
            (_("  gone for {since}: {gone}").format(since=since, gone=hub.gone), "$text-error")
        )
    if hub.missing:
        parts.append((_("  {missing:,} missing").format(missing=hub.missing), "$text-error"))
    if hub.dropped:
        parts.append(
            (
                _("  {dropped:,} of them dropped by the hub").format(dropped=hub.dropped),
                "$text-error",
            )
        )
    if hub.clock.text:
        parts.append((f"  {hub.clock.text}", "$text-warning"))
    if hub.presence is not None:
        parts.append((f"  {printable(hub.presence.url)}", "$text-muted"))
    return Content.assemble(*parts)


def _agent_line(agent: AgentView) -> Content:
    sign, style = _SIGNS[agent.state]
    counts = agent.counts
    parts: list[Content | tuple[str, str]] = [
        (f"   {sign} ", style),
        (printable(agent.name), ""),
        (f"  ← {counts.received:,}  → {counts.sent:,}", "$text-muted"),
    ]
    if counts.lost:
        parts.append((_("  {lost:,} no echo").format(lost=counts.lost), "$text-error"))
    if agent.queue:
        parts.append((_("  {count:,} queued").format(count=len(agent.queue)), "$text-warning"))
    return Content.assemble(*parts)
