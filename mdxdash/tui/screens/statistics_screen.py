"""The statistics screen: what each agent and each message type comes to, with bars."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mdxdash.events.printable import printable
from mdxdash.events.statistics import LogStatistics, Traffic, TypeCount
from mdxdash.events.text import clock
from mdxdash.hub.interface import AgentHub
from mdxdash.language.translation import N_, _, ngettext
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.bars import bar, sparkline
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.row_parts import RowPart
from mdxdash.tui.widgets.live_text import LiveText

REFRESH_INTERVAL: Final = 0.5
"""Seconds between two drawings."""

COUNT_INTERVAL: Final = 0.1
COUNT_BUDGET: Final = 0.03
"""Seconds of counting, at every interval: a third of the time while there is much to catch up."""


class StatisticsScreen(Dialog[None]):
    """Drawn anew twice a second."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,z", "dismiss", "Close")]

    DEFAULT_CSS: ClassVar[str] = """
    StatisticsScreen Vertical {
        width: 96%; max-width: 140; height: 90%;
        border: round $accent; background: $surface; padding: 0 1;
    }
    StatisticsScreen .heads { height: 1; color: $text-muted; }
    StatisticsScreen #stats-agents { height: auto; max-height: 12; background: $surface; }
    StatisticsScreen #stats-types { height: 1fr; background: $surface; scrollbar-size-vertical: 1; }
    StatisticsScreen #stats-title { height: 2; }
    StatisticsScreen .types { margin-top: 1; }
    """

    def __init__(self, numbers: LogStatistics, hub: AgentHub, now: Callable[[], float]) -> None:
        super().__init__()
        self._numbers = numbers
        self._now = now
        self._title = LiveText(id="stats-title")
        self._agents = AgentRows(numbers, hub, now)
        self._types = TypeRows(numbers)
        self._agent_heads = Static(classes="heads", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self._title
            yield self._agent_heads
            yield self._agents
            yield Static(_heads(_TYPE_HEADS), classes="heads types", markup=False)
            yield self._types

    def on_mount(self) -> None:
        self._types.focus()
        self._count()
        self._refresh()
        self.set_interval(COUNT_INTERVAL, self._count)
        self.set_interval(REFRESH_INTERVAL, self._refresh)

    def on_resize(self) -> None:
        """Names the line of the last minute only where it has room."""
        heads, minute = _heads(_AGENT_HEADS), _("  last minute")
        fits = cell_len(heads + minute) <= self._agents.size.width
        self._agent_heads.update(heads + minute if fits else heads)

    def _count(self) -> None:
        self._numbers.advance(COUNT_BUDGET)

    def _refresh(self) -> None:
        numbers, summary = self._numbers, self._numbers.summary
        events = summary.total().events
        parts = [
            ngettext("{count:,} event", "{count:,} events", events).format(count=events),
            _("at most {peak:,} in one second").format(peak=summary.peak),
        ]
        if numbers.behind:
            parts.append(_("{behind:,} not counted yet").format(behind=numbers.behind))
        if numbers.first_seq > 1:
            parts.append(_("counted from #{first:,} on").format(first=numbers.first_seq))
        if numbers.missed:
            parts.append(
                _("{missed:,} left memory before they were counted").format(missed=numbers.missed)
            )
        self._title.show_text(Content.styled(" · ".join(parts), "bold"), layout=True)
        self._agents.advance()
        self._types.advance()


_AGENT_HEADS: Final = (
    (N_("agent"), -14),
    (N_("ev/s"), 8),
    (N_("events"), 11),
    (N_("sent"), 8),
    (N_(" no echo"), 9),
    (N_("median"), 10),
    ("p95", 10),
)
_TYPE_HEADS: Final = (
    (N_("type"), -28),
    (N_("count"), 11),
    (N_("per s"), 9),
    (N_("last seen"), 11),
    (N_("share"), 8),
)
"""Heads of columns with the cells they take; negative: on the left."""


def _heads(heads: Sequence[tuple[str, int]]) -> str:
    texts = [(_(head), cells) for head, cells in heads]
    return "".join(
        pad(text, -cells) if cells < 0 else " " * (cells - cell_len(text)) + text
        for text, cells in texts
    )


class AgentRows(RowList):
    """All agents together, then each."""

    can_focus = False

    def __init__(self, numbers: LogStatistics, hub: AgentHub, now: Callable[[], float]) -> None:
        super().__init__(id="stats-agents")
        self._numbers = numbers
        self._hub = hub
        self._now = now
        self._rows: Sequence[tuple[str | None, Traffic]] = ()

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def advance(self) -> None:
        """Takes over the numbers as they are now."""
        summary = self._numbers.summary
        rows: list[tuple[str | None, Traffic]] = list(summary.agents.items())
        self._rows = rows if len(rows) == 1 else [(None, summary.total()), *rows]
        self.resize_rows()

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        name, traffic = self._rows[row]
        rates = self._numbers.rates(name, self._now())
        lost = self._lost(name, traffic)
        title = _("all") if name is None else printable(name) or _("no agent")
        parts = [
            RowPart(pad(title, 14), "accent" if name is None else "strong"),
            RowPart(f"{rates[-2]:>8,}{traffic.events:>11,}"),
            RowPart(f"{traffic.sent:>8,}", "sent"),
            RowPart(f"{lost:>9,}", "bad" if lost else "dim"),
            RowPart(f"{_milliseconds(traffic.round_trips.quantile(0.5)):>10}", "good"),
            RowPart(f"{_milliseconds(traffic.round_trips.quantile(0.95)):>10}", "good"),
        ]
        room = min(len(rates) - 1, width - sum(len(part.text) for part in parts) - 2)
        if room > 3:
            parts.append(RowPart(f"  {sparkline(rates[-1 - room : -1])}", "accent"))
        return parts

    def _lost(self, name: str | None, traffic: Traffic) -> int:
        """That nothing came in time is known to the agent alone, while it lives."""
        alive = [agent.counts.lost for agent in self._hub.agents if name in (None, agent.name)]
        return max(sum(alive), traffic.lost)


class TypeRows(RowList):
    """A row a message type, the most frequent first."""

    def __init__(self, numbers: LogStatistics) -> None:
        super().__init__(id="stats-types")
        self._numbers = numbers
        self._types: Sequence[tuple[str, TypeCount]] = ()

    @property
    def row_count(self) -> int:
        return len(self._types)

    def advance(self) -> None:
        """Takes over the numbers as they are now."""
        self._types = self._numbers.summary.by_count()
        self.resize_rows()

    def row_parts(self, row: int, line: int, width: int) -> Iterable[RowPart]:
        name, counted = self._types[row]
        summary = self._numbers.summary
        rate = summary.rate(counted.count)
        share = summary.share(name)
        parts = [
            RowPart(pad(printable(name), 28), "strong"),
            RowPart(f"{counted.count:>11,}{'-' if rate is None else f'{rate:,.1f}':>9}"),
            RowPart(f"{clock(counted.last_seen)[:8]:>11}", "dim"),
            RowPart(f"{share:>8.1%}  "),
        ]
        room = width - sum(cell_len(part.text) for part in parts)
        return [
            *parts,
            RowPart(bar(share / (summary.share(self._types[0][0]) or 1), room), "accent"),
        ]


def _milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000:,.1f} ms"
