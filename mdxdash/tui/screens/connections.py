"""Each connection in detail: its handshake, its counts, its round trips, its events.

Below the agents are the refused connections. All text from the network is shown printable.
"""

import time
from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mdxdash.events.connection_history import ConnectionHistory
from mdxdash.events.event import Event
from mdxdash.events.histogram import bucket_counts
from mdxdash.events.printable import printable
from mdxdash.events.text import clock, sign
from mdxdash.hub.interface import AgentHub, AgentView
from mdxdash.language.translation import _
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.widgets.elapsed import elapsed
from mdxdash.tui.widgets.events.event_row import pad
from mdxdash.tui.widgets.events.event_text import event_text

_INTERVAL = 1.0
_BAR_WIDTH = 40
_LABEL_WIDTH = 13
_STYLES = {
    "connected": "$text-success",
    "disconnected": "$text-warning",
    "fault": "$text-error",
    "refused": "$text-error",
}


class ConnectionsScreen(Dialog[None]):
    """Shows the connections of a hub as they are, and as they were."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,v", "dismiss", "Close")]

    def __init__(self, hub: AgentHub, history: ConnectionHistory) -> None:
        super().__init__()
        self._hub = hub
        self._history = history
        self._body = Static()

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", id="connections"):
            yield self._body

    def on_mount(self) -> None:
        self.query_one("#connections").focus()
        self._draw()
        self.set_interval(_INTERVAL, self._draw)

    def _draw(self) -> None:
        self._body.update(Content("\n").join(_page(self._hub, self._history)))


def _page(hub: AgentHub, history: ConnectionHistory) -> Iterable[Content]:
    if not hub.agents:
        yield Content(_("No agent has connected to {url} yet.").format(url=hub.url))
        yield Content("")
    for agent in hub.agents:
        yield from _agent(agent, history.of(agent.name))
        yield Content("")
    yield Content.styled(_("Refused"), "bold $accent")
    yield from _refused(hub, history) or [Content.styled(_("  none"), "$text-muted")]
    if others := history.of(""):
        yield Content("")
        yield Content.styled(_("Others"), "bold $accent")
        yield from _happened(others)


def _refused(hub: AgentHub, history: ConnectionHistory) -> list[Content]:
    """The refusals with their exact numbers; of a recording, the events."""
    if not hub.refusals:
        return _happened(history.refused)
    return [
        Content.assemble(
            (f"  {clock(each.last_at)}  ", "$text-muted"),
            (f"{each.count:>7,} ×", _STYLES["refused"]),
            f"  {printable(each.host)}: {printable(each.reason)}",
        )
        for each in hub.refusals
    ]


def _agent(agent: AgentView, happened: Sequence[Event]) -> Iterable[Content]:
    now = time.time()
    if agent.gone_at is not None:
        state = _("gone for {now}").format(now=elapsed(now - agent.gone_at))
    else:
        state = _("{state} for {now}").format(
            state=_(agent.state), now=elapsed(now - agent.connected_at)
        )
        state += _(", seen {now} ago").format(now=elapsed(now - agent.last_seen_at))
    yield Content.assemble((printable(agent.name), "bold $accent"), f"  {state}")
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
            _(", {waiting:,} messages wait for it").format(waiting=upstream.waiting)
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


def _round_trips(agent: AgentView) -> Iterable[Content]:
    trips = agent.counts.round_trips
    lost = (
        _(", {lost:,} lines without echo").format(lost=agent.counts.lost)
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
        yield Content.assemble(_label(label), (bar, "$accent"), f" {count:,}")


def _happened(events: Iterable[Event]) -> list[Content]:
    return [
        Content.assemble(
            (f"  {clock(event.time)}  ", "$text-muted"),
            (f"{sign(event)} {pad(_(event.kind), 12)}", _STYLES[event.kind]),
            f"  {printable(event_text(event))}",
        )
        for event in events
    ]


def _line(label: str, text: str) -> Content:
    return Content.assemble(_label(label), text)


def _label(label: str) -> tuple[str, str]:
    return (" " * (_LABEL_WIDTH - cell_len(label)) + f"{label}  ", "$text-muted")
