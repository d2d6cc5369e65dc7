"""Each connection in detail: its handshake, its counts, its round trips, its events.

Below the agents are the refused connections. All text from the network is shown printable.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from mdxdash.events.connection_history import ConnectionHistory
from mdxdash.events.event import Event
from mdxdash.events.histogram import bucket_counts
from mdxdash.events.printable import printable
from mdxdash.events.text import clock, sign
from mdxdash.hub.interface import AgentHub, AgentView
from mdxdash.language.translation import _, ngettext
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.elapsed import elapsed
from mdxdash.tui.widgets.events.event_text import event_text
from mdxdash.tui.widgets.line_breaking import break_lines
from mdxdash.tui.widgets.live_text import LiveText

_INTERVAL = 1.0
_BAR_WIDTH = 40
_LABEL_WIDTH = 13
_NARROWEST = 40
_STYLES = {
    "connected": "$text-success",
    "disconnected": "$text-warning",
    "fault": "$text-error",
    "refused": "$text-error",
}


class ConnectionsScreen(Dialog[None]):
    """Shows the connections of a hub as they are, and as they were."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,v", "dismiss", "Close")]

    def __init__(self, hub: AgentHub, history: ConnectionHistory, now: Callable[[], float]) -> None:
        """`now` returns Unix time."""
        super().__init__()
        self._now = now
        self._hub = hub
        self._history = history
        self._body = LiveText()

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", id="connections"):
            yield self._body

    def on_mount(self) -> None:
        self.query_one("#connections").focus()
        self.call_after_refresh(self._draw)
        self.set_interval(_INTERVAL, self._draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        scroll = self.query_one("#connections", VerticalScroll)
        width = max(_NARROWEST, scroll.scrollable_content_region.width)
        rows = _page(self._hub, self._history, self._now())
        lines = [line for row in rows for line in row.lines(width)]
        self._body.show_text(Content("\n").join(lines), layout=True)


class _Row(NamedTuple):
    """A row: what it is about, and a text that goes on below its beginning where it is long."""

    head: Content
    text: str = ""

    def lines(self, width: int) -> Iterable[Content]:
        """Yields the row in lines of `width` cells."""
        if not self.text:
            yield self.head
            return
        indent = self.head.cell_length
        for number, line in enumerate(break_lines(self.text, max(10, width - indent))):
            yield Content.assemble(" " * indent if number else self.head, line)


_EMPTY = _Row(Content(""))


def _page(hub: AgentHub, history: ConnectionHistory, now: float) -> Iterable[_Row]:
    if not hub.agents:
        yield _Row(Content(""), _("No agent has connected to {url} yet.").format(url=hub.url))
        yield _EMPTY
    for agent in hub.agents:
        yield from _agent(agent, history.of(agent.name), now)
        yield _EMPTY
    yield _Row(Content.styled(_("Refused"), "bold $accent"))
    yield from _refused(hub, history) or [_Row(Content.styled(_("  none"), "$text-muted"))]
    if others := history.of(""):
        yield _EMPTY
        yield _Row(Content.styled(_("Others"), "bold $accent"))
        yield from _happened(others)


def _refused(hub: AgentHub, history: ConnectionHistory) -> list[_Row]:
    """The refusals with their exact numbers; of a recording, the events."""
    if not hub.refusals:
        return _happened(history.refused)
    return [
        _Row(
            Content.assemble(
                (f"  {clock(each.last_at)}  ", "$text-muted"),
                (f"{each.count:>7,} ×", _STYLES["refused"]),
                "  ",
            ),
            f"{printable(each.host)}: {printable(each.reason)}",
        )
        for each in hub.refusals
    ]


def _agent(agent: AgentView, happened: Sequence[Event], now: float) -> Iterable[_Row]:
    if agent.gone_at is not None:
        state = _("gone for {now}").format(now=elapsed(now - agent.gone_at))
    else:
        state = _("{state} for {now}").format(
            state=_(agent.state), now=elapsed(now - agent.connected_at)
        )
        state += _(", seen {now} ago").format(now=elapsed(now - agent.last_seen_at))
    yield _Row(Content.assemble((printable(agent.name), "bold $accent"), f"  {state}"))
    handshake = agent.handshake
    yield _line(_("handshake"), f"{handshake.address}  {printable(handshake.path)}")
    for name, value in handshake.headers:
        yield _line("", f"{printable(name)}: {printable(value)}")
    counts = agent.counts
    yield _line(_("in"), _amount(counts.received, counts.frames_in, counts.bytes_in))
    yield _line(_("out"), _amount(counts.sent, counts.frames_out, counts.bytes_out))
    paused = _(", paused: the agent does not read") if agent.paused else ""
    yield _line(
        _("queue"),
        _("{count:,} of {limit:,} lines{paused}").format(
            count=len(agent.queue), limit=agent.queue.limit, paused=paused
        ),
    )
    if (upstream := agent.upstream) is not None:
        there = _("connected") if upstream.connected else _("disconnected")
        kept = (
            ngettext(
                ", {waiting:,} message waits for it",
                ", {waiting:,} messages wait for it",
                upstream.waiting,
            ).format(waiting=upstream.waiting)
            if upstream.waiting
            else ""
        )
        yield _line(_("server"), f"{printable(upstream.url)}  {there}{kept}")
    yield from _round_trips(agent)
    yield from _happened(happened)


def _amount(lines: int, frames: int, size: int) -> str:
    return _("lines {lines:,}   frames {frames:,}   bytes {size:,}").format(
        lines=lines, frames=frames, size=size
    )


def _round_trips(agent: AgentView) -> Iterable[_Row]:
    trips = agent.counts.round_trips
    lost = (
        ngettext(
            ", {lost:,} line without echo", ", {lost:,} lines without echo", agent.counts.lost
        ).format(lost=agent.counts.lost)
        if agent.counts.lost
        else ""
    )
    if not trips:
        yield _line(_("round trips"), _("none yet{lost}").format(lost=lost))
        return
    yield _line(_("round trips"), _("the last {count:,}{lost}").format(count=len(trips), lost=lost))
    bars = bucket_counts(trips)
    top = max(count for _limit, count in bars)
    for limit, count in bars:
        label = _("longer") if limit is None else f"< {limit * 1000:,.0f} ms"
        bar = "█" * (count * _BAR_WIDTH // top) or ("▏" if count else "")
        yield _Row(Content.assemble(_label(label), (bar, "$accent"), f" {count:,}"))


def _happened(events: Iterable[Event]) -> list[_Row]:
    return [
        _Row(
            Content.assemble(
                (f"  {clock(event.time)}  ", "$text-muted"),
                (f"{sign(event)} {pad(_(event.kind), 12)}", _STYLES[event.kind]),
                "  ",
            ),
            printable(event_text(event)),
        )
        for event in events
    ]


def _line(label: str, text: str) -> _Row:
    return _Row(Content.assemble(_label(label)), text)


def _label(label: str) -> tuple[str, str]:
    return (" " * (_LABEL_WIDTH - cell_len(label)) + f"{label}  ", "$text-muted")
