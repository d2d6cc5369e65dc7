"""The agents pane: who is connected, since when, and how it does."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.message import Message

from mdxdash.alerts.alert import Alert
from mdxdash.alerts.alert_log import AlertLog
from mdxdash.events.printable import printable
from mdxdash.events.rates import RateMeter
from mdxdash.events.text import clock
from mdxdash.hub.interface import AgentHub, AgentView
from mdxdash.hub.refusals import RefusalCount
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.language.translation import N_, _
from mdxdash.settings.redaction import HIDDEN
from mdxdash.tui import signs
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.panes.waiting_notice import path_line
from mdxdash.tui.widgets.agent_signs import AgentSign, AgentSigns
from mdxdash.tui.widgets.bars import progress_bar
from mdxdash.tui.widgets.elapsed import elapsed
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart, whole_parts, with_room

_STATES = {
    "connected": (signs.CONNECTED, "good"),
    "silent": (signs.SILENT, "warning"),
    "gone": (signs.GONE, "dim"),
}

_RATE_SECONDS = 3
"""The newest still runs; the one before it is shown."""

MOST_AGENTS = 300
"""Agents that are listed. Of a broker's thousands the troubled ones come first, and its list of
hubs (v) finds any."""

_SPEECH_CELLS = 8
"""The width of the bar of an agent that speaks."""

_LEVELS = "▁▂▃▄▅▆▇█"

_WRONG_PATH_SECONDS = 60
"""So long it is shown who dialled a wrong path: agents dial again after less."""


class AgentsPane(RowList):
    """Two lines an agent: its sign, its state and for how long, its server; counts, events a
    second, queue and round trip; or what it speaks. Those that were lost, until somebody has seen
    it, come first."""

    BORDER_TITLE = N_("Agents")
    LINES_PER_ROW: ClassVar[int] = 2

    class LossWanted(Message):
        """The user wants to see how an agent was lost."""

        def __init__(self, alert: Alert) -> None:
            super().__init__()
            self.alert = alert

    def __init__(
        self, hub: AgentHub, signs: AgentSigns, now: Callable[[], float], alerts: AlertLog
    ) -> None:
        super().__init__(id="agents")
        self.hub = hub
        self.nobody: Sequence[Sequence[RowPart]] | None = None
        """The two lines that stand there while there is no agent; None: that one is waited for."""
        self.time_goes_on = True
        """Whether it is said for how long an agent is gone; in a recording: since when."""
        self._now = now
        self._alerts = alerts
        self._ordered: list[AgentView] = []
        """The agents as they are shown."""
        self._signs = signs
        self._rates: dict[str, RateMeter] = {}

    @property
    def row_count(self) -> int:
        agents = len(self._ordered)
        return agents + 2 if self._wrong_path else agents or 1

    @property
    def _wrong_path(self) -> RefusalCount | None:
        return wrong_path(self.hub, self._now())

    def _waiting(self) -> Sequence[Sequence[RowPart]]:
        copies = _("  {copy} copies the lines for its .mdf").format(
            copy=shown_key(self.app, "copy_mdf")
        )
        return (
            [RowPart(_("{sign} waiting for an agent").format(sign=signs.GONE), "warning")],
            [RowPart(copies, "dim")],
        )

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        agents = self._ordered
        if row >= len(agents):
            lines: Sequence[Sequence[RowPart]] = () if agents else self.nobody or self._waiting()
            wrong = self._wrong_path
            if wrong is not None:
                lines = _wrong_path_lines(wrong, self.hub.mdf_lines)
            position = (row - len(agents)) * self.LINES_PER_ROW + line
            return lines[position] if position < len(lines) else []
        agent = agents[row]
        if line == 0:
            # A sign is needed only to distinguish several agents.
            sign = self._signs[agent.name]
            lost = any(each.event.agent == agent.name for each in self._alerts.lost_agents)
            now = self._now() if self.time_goes_on else None
            parts = _first_line(agent, sign if len(self._signs) > 1 else None, now, lost)
            return whole_parts(with_room(parts, _name_at(parts), width), width)
        if (speech := agent.speech) is not None:
            return speech_parts(speech)
        rate = self._rates.get(agent.name)
        parts = _second_line(agent, rate.per_second[-2] if rate else 0, self._now())
        return whole_parts(parts, width)

    def advance(self) -> None:
        """Takes over new agents and counts."""
        agents = self.hub.agents[:MOST_AGENTS]
        now = time.monotonic()
        self._rates = {
            agent.name: self._rates.get(agent.name) or RateMeter(_RATE_SECONDS) for agent in agents
        }
        for agent in agents:
            self._signs.give(agent.name)
            self._rates[agent.name].observe(now, agent.counts.received + agent.counts.sent)
        self._order(agents)
        self.resize_rows()

    def _order(self, agents: Sequence[AgentView]) -> None:
        """Puts those that were lost first. The cursor stays with its agent."""
        lost = {each.event.agent for each in self._alerts.lost_agents}
        current = self._ordered[self.cursor].name if self.cursor < len(self._ordered) else None
        self._ordered = sorted(agents, key=lambda agent: agent.name not in lost)
        names = [agent.name for agent in self._ordered]
        if current in names:
            self.cursor = names.index(current)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if event.row >= len(self._ordered):
            return
        name = self._ordered[event.row].name
        losses = (each for each in reversed(self._alerts.alerts) if each.kind == "lost")
        if loss := next((each for each in losses if each.event.agent == name), None):
            self.post_message(self.LossWanted(loss))


def wrong_path(hub: AgentHub, now: float) -> RefusalCount | None:
    """Returns the refusals of who dials a wrong path now, if no agent is connected; `now` is Unix
    time in seconds."""
    if hub.connected:
        return None
    found = (each for each in reversed(hub.refusals) if each.dialled)
    latest = next(found, None)
    return latest if latest and now - latest.last_at < _WRONG_PATH_SECONDS else None


def _wrong_path_lines(wrong: RefusalCount, mdf_lines: Sequence[str]) -> list[list[RowPart]]:
    """The pane is narrow, so the line of the `.mdf` takes two."""
    times = f" ({wrong.count:,} ×)" if wrong.count > 1 else ""
    name, _equals, value = path_line(mdf_lines).partition("=")
    return [
        [RowPart(f"{signs.GONE} {_dialled(wrong)}{times}", "bad")],
        [
            RowPart(
                _("  expected {expected}: change its .mdf").format(
                    expected=printable(wrong.expected)
                ),
                "warning",
            )
        ],
        [RowPart(f"  {name}", "strong")],
        [RowPart(f"  ={value}", "strong")],
    ]


def _dialled(wrong: RefusalCount) -> str:
    if wrong.dialled == HIDDEN:
        return _("refused: dials another path")
    return _("refused: dials {dialled}").format(dialled=printable(wrong.dialled))


def speech_parts(speech: SpeechState) -> list[RowPart]:
    """Returns what an agent speaks: a bar of what was heard, seconds, what is late, its name."""
    seconds = f"{speech.played:.1f}"
    parts = [RowPart("  ♪ ", "accent")]
    if speech.seconds:
        bar = progress_bar(speech.played, speech.seconds, _SPEECH_CELLS)
        parts.append(RowPart(f"{bar} ", "accent"))
        seconds += f"/{speech.seconds:.1f}"
    parts.append(RowPart(f"{seconds} s", ""))
    if speech.late:
        parts.append(RowPart(_("  {late} late").format(late=speech.late), "bad"))
    level = bar_of_level(speech.level)
    parts.append(RowPart(f" {level} {printable(speech.model)}: {printable(speech.what)}", "strong"))
    parts.append(RowPart(_("  {ahead:.1f} s ahead").format(ahead=speech.ahead), "dim"))
    if speech.waiting:
        parts.append(RowPart(_("  {waiting} waiting").format(waiting=speech.waiting), "dim"))
    return parts


def speaking(hub: AgentHub) -> list[tuple[str, SpeechState]]:
    """Returns the names of the agents that speak now, each with what it speaks."""
    return [(agent.name, agent.speech) for agent in hub.agents if agent.speech is not None]


def bar_of_level(level: float) -> str:
    """Returns how loud something is from 0 to 1 as one character."""
    return _LEVELS[min(len(_LEVELS) - 1, int(max(level, 0.0) ** 0.5 * len(_LEVELS)))]


def _first_line(
    agent: AgentView, sign: AgentSign | None, at: float | None, lost: bool
) -> list[RowPart]:
    """`at` is the present as Unix time; None in a recording."""
    now = agent.last_seen_at if at is None else at
    state, style = _STATES[agent.state]
    told = ""
    if agent.gone_at is not None:
        since = clock(agent.gone_at)[:8] if at is None else elapsed(now - agent.gone_at)
        what = f"{_('lost') if lost else _('gone')} {since}"
        told = "bad" if lost else ""
    elif agent.state == "silent":
        what = _("silent {now}").format(now=elapsed(now - agent.last_seen_at))
    else:
        what = elapsed(now - agent.connected_at)
        if lost:
            what, told = _("was lost, back {what}").format(what=what), "warning"
    parts = [RowPart(f"{state} ", style)]
    if sign is not None:
        parts.append(RowPart(f"{sign.letter} ", sign.style))
    parts += [RowPart(printable(agent.name), "strong"), RowPart(f"  {what}", told)]
    if (upstream := agent.upstream) is not None:
        waiting = (
            _(", {waiting:,} waiting").format(waiting=upstream.waiting) if upstream.waiting else ""
        )
        parts.append(
            RowPart(_("  {sign} server").format(sign=signs.UPSTREAM), "good")
            if upstream.connected
            else RowPart(
                _("  {sign} server down{waiting}").format(sign=signs.UPSTREAM, waiting=waiting),
                "bad",
            )
        )
    parts.append(RowPart(f"  {agent.handshake.address}", "dim"))
    return parts


def _name_at(parts: Sequence[RowPart]) -> int:
    """Where the name stands in the parts of a first line: behind one or two signs."""
    return next(index for index, part in enumerate(parts) if part.style == "strong")


def _second_line(agent: AgentView, rate: int, now: float) -> list[RowPart]:
    counts = agent.counts
    parts = [RowPart(f"  ← {counts.received:,}", ""), RowPart(f"  → {counts.sent:,}", "sent")]
    if rate:
        parts.append(RowPart(f"  {rate:,}/s", "accent"))
    if counts.last_round_trip is not None:
        parts.append(
            RowPart(
                _("  {milliseconds:.0f} ms").format(milliseconds=counts.last_round_trip * 1000),
                "good",
            )
        )
    if agent.queue:
        parts.append(RowPart(_("  {count:,} queued").format(count=len(agent.queue)), "warning"))
    if counts.lost:
        parts.append(RowPart(_("  {lost:,} no echo").format(lost=counts.lost), "bad"))
    if agent.connected:
        parts.append(
            RowPart(_("  seen {now} ago").format(now=elapsed(now - agent.last_seen_at)), "dim")
        )
    return parts
