"""The status bar: where the hub listens, who is there, how much happens, and the time."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from mdxdash.alerts.alert import ALERT_KINDS, AlertKind
from mdxdash.events.printable import printable
from mdxdash.language.translation import N_, _, ngettext
from mdxdash.tui import signs
from mdxdash.tui.widgets.bars import sparkline
from mdxdash.tui.widgets.cells import pad
from mdxdash.tui.widgets.live_text import LiveText

if TYPE_CHECKING:  # the first picture does not wait for them
    from mdxdash.alerts.watch import WatchState
    from mdxdash.hub.traffic.speech_state import SpeechState

_ALERT_WORDS: Final[dict[AlertKind, tuple[str, str]]] = {
    "lost": (N_("lost"), N_("lost")),
    "macro": (N_("macro failed"), N_("macros failed")),
    "watch": (N_("alarm"), N_("alarms")),
    "fault": (N_("fault"), N_("faults")),
    "late": (N_("late answer"), N_("late answers")),
    "no echo": (N_("no echo"), N_("no echo")),
    "refused": (N_("refused"), N_("refused")),
}
"""For one, and for several."""

_NAME_CELLS: Final = 16
"""Cells of a watch's name; a longer one is cut."""


class StatusBar(LiveText):
    """One line over the panes. A click goes to the newest alert."""

    def show(
        self,
        url: str,
        agents: int,
        rates: list[int],
        recording: str,
        alerts: Mapping[AlertKind, int],
        *,
        watches: "Sequence[WatchState]" = (),
        name: str = "",
        lost: str = "",
        speaking: "Sequence[tuple[str, SpeechState]]" = (),
    ) -> None:
        """Draws what is given.

        * `rates`: the events in each of the last seconds, newest last; the newest second still
          runs, so the number shown is the one before.
        * `alerts`: the numbers of those that nobody has seen.
        * `watches`: the counters, as many as there is room for.
        * `name`: of the hub in another process that is shown.
        * `lost`: what stands there instead of the number of agents while it is not reached.
        * `speaking`: the agents that speak what mdxdash sends them, each with what it speaks.
        """
        sign, style = (signs.CONNECTED, "$success") if agents else (signs.GONE, "$warning")
        who = (
            ngettext("{agents} agent", "{agents} agents", agents).format(agents=agents)
            if agents
            else _("waiting")
        )
        if lost:
            sign, style, who = signs.FAILED, "$error", lost
        title = (f" {self._title(name)} ", "bold $text on $primary")
        left = Content.assemble(
            title,
            "  ",
            (sign, style),
            f" {url}   {who}   ",
        )
        right = Content(f"{recording}   {datetime.fromtimestamp(time.time()):%H:%M:%S} ")
        shortest = Content.assemble(title, "  ", (sign, style), f" {who}   ")
        found = _alerts(alerts, self._cells - shortest.cell_length - cell_len(recording) - 2)
        taken = shortest.cell_length + found.cell_length + len(recording) + 2
        found = Content.assemble(found, _counters(watches, self._cells - taken))
        if left.cell_length + found.cell_length + right.cell_length > self._cells:
            right = Content(f"{recording} ")  # alerts and watches matter more than the time
        if left.cell_length + found.cell_length + right.cell_length > self._cells:
            left = shortest
        taken = left.cell_length + found.cell_length + right.cell_length
        found += _speaking(speaking, self._cells - taken)
        per_second = f" {rates[-2]:,}/s"
        taken = left.cell_length + found.cell_length + right.cell_length
        room = self._cells - taken - 12
        if room > 4:
            bars = sparkline(rates[-1 - min(room, 30) : -1])
            left = Content.assemble(left, (bars, "$accent"), per_second, "   ")
        left = Content.assemble(left, found)
        self._draw(left, right)

    @property
    def _cells(self) -> int:
        """The width, also before the bar has its place: it takes a whole line."""
        return self.size.width or self.app.size.width

    def _title(self, name: str) -> str:
        if not name:
            return "mdxdash"
        return _("{value}attached to {name}").format(
            value="mdxdash " if self._cells >= 100 else "", name=name
        )

    async def on_click(self) -> None:
        await self.run_action("screen.next_alert")

    def show_recording(self, name: str, state: str, alerts: Mapping[AlertKind, int]) -> None:
        """Draws which file is shown, how far it was read, and the numbers of alerts in it that
        nobody has seen."""
        title = (" mdxdash ", "bold $text on $primary")
        left = Content.assemble(
            title, "  ■ ", (name, "bold"), _("   read-only   "), _alerts(alerts, self._cells)
        )
        self._draw(left, Content(f"{state} "))

    def _draw(self, left: Content, right: Content) -> None:
        gap = max(1, self._cells - left.cell_length - right.cell_length)
        self.show_text(Content.assemble(left, " " * gap, right))


def _speaking(speaking: "Sequence[tuple[str, SpeechState]]", room: int) -> Content:
    """Who speaks now and how long, or as much of it as there is room for, in cells."""
    if not speaking:
        return Content("")
    agent, speech = speaking[0]
    who = printable(f"{agent}|{speech.model}")
    length = f"/{speech.seconds:.1f}" if speech.seconds else ""
    more = _(" and {count} more").format(count=len(speaking) - 1) if len(speaking) > 1 else ""
    for text in (
        _("{who} speaks {played:.1f}{length} s{more}").format(
            who=who, played=speech.played, length=length, more=more
        ),
        f"{who}{more}",
        "",
    ):
        shown = Content.assemble((f"♪ {text}".rstrip(), "bold $text-accent"), "   ")
        if shown.cell_length <= room:
            return shown
    return Content("")


def alert_counts(alerts: Mapping[AlertKind, int]) -> str:
    """Returns the numbers of alerts in words, the worst first: `1 lost  2 no echo`."""
    return "  ".join(
        f"{alerts[kind]:,} {_(_ALERT_WORDS[kind][alerts[kind] != 1])}"
        for kind in ALERT_KINDS
        if alerts.get(kind)
    )


def _alerts(alerts: Mapping[AlertKind, int], room: int) -> Content:
    """The numbers of alerts with a sign and words, as far as there is room for in cells, the worst
    first; of the others the number."""
    kinds = [kind for kind in ALERT_KINDS if alerts.get(kind)]
    drawn = Content("")
    for count in range(len(kinds), 0, -1):
        left = sum(alerts[kind] for kind in kinds[count:])
        words = alert_counts({kind: alerts[kind] for kind in kinds[:count]})
        text = f" {signs.FAULT} {words}{f'  +{left:,}' if left else ''} "
        drawn = Content.assemble((text, "bold $text on $error"), "   ")
        if drawn.cell_length <= room:
            break
    return drawn


def _counters(watches: "Sequence[WatchState]", room: int) -> Content:
    """The counters of watches as far as they fit: `RECOG 12 · No answer 3!`, where the `!` says
    that an alarm was raised; of those without room, the number."""
    drawn = Content("")
    for index, watch in enumerate(watches):
        name = printable(watch.name)
        name = pad(name, _NAME_CELLS).rstrip() if cell_len(name) > _NAME_CELLS else name
        style = "$warning" if watch.alarms or watch.problem else "$accent"
        separator = " · " if index else ""
        count = _("stopped") if watch.problem else f"{watch.count:,}"
        raised = "!" if watch.alarms else ""
        more = Content.assemble(drawn, separator, f"{name} ", (f"{count}{raised}", f"bold {style}"))
        left = len(watches) - index - 1
        if more.cell_length + (len(f" +{left}") if left else 0) + 3 > room:
            drawn = Content.assemble(drawn, f" +{left + 1}")
            break
        drawn = more
    return Content.assemble(drawn, "   ") if watches else drawn
