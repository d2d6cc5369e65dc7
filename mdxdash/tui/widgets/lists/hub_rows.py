"""The hubs of a broker and their agents as rows: those in trouble first, calm agents folded away.

Thousands of agents are sorted here once a second, and only the rows on the screen are drawn.
"""

import time
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from mdxdash.events.printable import printable
from mdxdash.hub.interface import AgentView
from mdxdash.language.translation import _, localized, ngettext
from mdxdash.remote.fleet.addressing import place
from mdxdash.remote.fleet.watching.fleet_hub import trouble
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from mdxdash.tui import signs
from mdxdash.tui.widgets.elapsed import elapsed
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart, whole_parts, with_room

_SIGNS: Final = {
    "connected": RowPart(f"{signs.CONNECTED} ", "good"),
    "silent": RowPart(f"{signs.SILENT} ", "warning"),
    "gone": RowPart(f"{signs.GONE} ", "bad"),
}


_NAME: Final = 2
"""Where the name stands in the parts of a row."""


class HubRow(NamedTuple):
    """A hub, or one of its agents."""

    hub: WatchedHub
    agent: AgentView | None = None

    @property
    def name(self) -> str:
        """The name of the hub, or of the agent: `room-3/chat`."""
        return self.hub.name if self.agent is None else self.agent.name


class HubRows(RowList):
    """A row for each hub, and below it one for each agent in trouble, or for all of its agents
    where it is unfolded. With a text to search, only what has it in its name."""

    shows_cursor_always = True

    def __init__(self) -> None:
        super().__init__(id="hub-rows")
        self.can_focus = False  # what is typed goes into the search
        self._rows: list[HubRow] = []
        self._unfolded: set[str] = set()

    @property
    def row_count(self) -> int:
        return len(self._rows)

    @property
    def current(self) -> HubRow | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def show(self, hubs: Iterable[WatchedHub], search: str) -> None:
        """Takes over what is known now. The cursor stays with its hub or agent."""
        current = self.current
        self._rows = list(rows_of(hubs, search, self._unfolded))
        if current is not None:
            names = [row.name for row in self._rows]
            if current.name in names:
                self.cursor = names.index(current.name)
        self.cursor = max(0, min(self.cursor, len(self._rows) - 1))
        self.resize_rows()

    def switch(self, hub: WatchedHub) -> None:
        """Unfolds a hub, or folds it."""
        self._unfolded ^= {hub.name}

    def show_agents(self) -> None:
        """Scrolls the agents of the hub under the cursor into view, where there is room."""
        row = self.current
        if row is not None:
            count = sum(each.hub is row.hub for each in self._rows)
            self.show_row(min(self.cursor + count, self.row_count) - 1)
            self.show_row(self.cursor)

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        hub, agent = self._rows[row]
        unfolded = hub.name in self._unfolded
        parts = hub_parts(hub, unfolded=unfolded) if agent is None else agent_parts(agent)
        return whole_parts(with_room(parts, _NAME, width, width // 3), width)


def rows_of(
    hubs: Iterable[WatchedHub], search: str = "", unfolded: Iterable[str] = ()
) -> Iterable[HubRow]:
    """Returns the rows: hubs in trouble first, and in a hub agents in trouble first."""
    wanted, open_ = search.strip().casefold(), frozenset(unfolded)
    for hub in sorted(hubs, key=hub_trouble):
        agents = sorted(hub.agents.values(), key=trouble)
        if wanted and not _has(hub.name, wanted):
            agents = [agent for agent in agents if _has(agent.name, wanted)]
            if not agents:
                continue
        elif hub.name not in open_:
            # Of a hub that is gone all are gone, which its own row says.
            agents = [] if hub.gone else [each for each in agents if is_troubled(each)]
        yield HubRow(hub)
        yield from (HubRow(hub, agent) for agent in agents)


def _has(name: str, wanted: str) -> bool:
    """Whether a name has a text in it, or is what a pattern (`room-*/chat`) selects."""
    folded = name.casefold()
    return wanted in folded or fnmatchcase(folded, wanted)


def is_troubled(agent: AgentView) -> bool:
    """Returns whether an agent is gone or silent, or has lost echoes or a queue."""
    return trouble(agent) != (2, 2)


def hub_trouble(hub: WatchedHub) -> tuple[bool, bool, bool, bool, list[tuple[int, str]]]:
    """Returns by what hubs are sorted: gone, something missing, agents in trouble, another time;
    then by name."""
    calm = not any(map(is_troubled, hub.agents.values()))
    return (not hub.gone, not hub.missing, calm, not hub.clock.text, place(hub.name))


def hub_parts(hub: WatchedHub, *, unfolded: bool = False) -> list[RowPart]:
    """Returns the row of a hub, what is wrong first."""
    there = sum(agent.connected for agent in hub.agents.values())
    fold = "▾ " if unfolded else "▸ "
    parts = [
        RowPart(fold if hub.agents else "  ", "dim"),
        _SIGNS["gone" if hub.gone else "connected"],
        RowPart(printable(hub.name), "strong"),
    ]
    if hub.gone:
        since = elapsed(time.time() - hub.gone_at)
        text = _("  gone for {since}: {gone}").format(since=since, gone=localized(hub.gone))
        parts.append(RowPart(text, "bad"))
    if hub.missing:
        parts.append(RowPart(_("  {missing:,} missing").format(missing=hub.missing), "bad"))
    if hub.dropped:
        text = _("  {dropped:,} of them dropped by the hub").format(dropped=hub.dropped)
        parts.append(RowPart(text, "bad"))
    if hub.clock.text:
        parts.append(RowPart(f"  {localized(hub.clock.text)}", "warning"))
    text = _("  {there} of {count} agents  {seen:,} events")
    text = text.format(there=there, count=len(hub.agents), seen=hub.seen)
    parts.append(RowPart(text, "" if there == len(hub.agents) else "warning"))
    if hub.presence is not None:
        parts.append(RowPart(f"  {printable(hub.presence.url)}", "dim"))
    return parts


def agent_parts(agent: AgentView) -> list[RowPart]:
    """Returns the row of an agent, what is wrong first."""
    counts = agent.counts
    parts = [RowPart("     "), _SIGNS[agent.state], RowPart(printable(agent.name))]
    if agent.state == "silent":
        parts.append(RowPart(f"  {_('silent')}", "warning"))
    elif agent.state == "gone":
        parts.append(RowPart(f"  {_('gone')}", "bad"))
    if counts.lost:
        parts.append(RowPart(_("  {lost:,} no echo").format(lost=counts.lost), "bad"))
    if agent.queue:
        text = _("  {count:,} queued").format(count=len(agent.queue))
        parts.append(RowPart(text, "warning"))
    parts.append(RowPart(f"  ← {counts.received:,}  → {counts.sent:,}", "dim"))
    return parts


def summary_parts(hubs: Sequence[WatchedHub], unreadable: int = 0) -> list[RowPart]:
    """Returns one line about all hubs: how many are there, and what is wrong. `unreadable`: the
    messages that were none of a hub."""
    there = sum(not hub.gone for hub in hubs)
    agents = [agent for hub in hubs for agent in hub.agents.values()]
    connected = sum(agent.connected for agent in agents)
    hub_text = _("{there:,} of {count:,} hubs").format(there=there, count=len(hubs))
    agent_text = _("{there:,} of {count:,} agents").format(there=connected, count=len(agents))
    parts = [
        RowPart(hub_text, "bad" if there < len(hubs) else "good"),
        RowPart("  "),
        RowPart(agent_text, "warning" if connected < len(agents) else "good"),
    ]
    if troubled := sum(is_troubled(agent) for agent in agents):
        text = _("  {count:,} in trouble").format(count=troubled)
        parts.append(RowPart(text, "warning"))
    if missing := sum(hub.missing for hub in hubs):
        parts.append(RowPart(_("  {missing:,} missing").format(missing=missing), "bad"))
    if clocks := sum(bool(hub.clock.text) for hub in hubs):
        text = ngettext("{count:,} other clock", "{count:,} other clocks", clocks)
        parts.append(RowPart(f"  {text.format(count=clocks)}", "warning"))
    if unreadable:
        text = _("  {unreadable:,} unreadable").format(unreadable=unreadable)
        parts.append(RowPart(text, "warning"))
    return parts
