"""The views beside the stream: the conversation and the timeline, one of them shown at a time.

They show the same events under the same filter with the same selection. The history that they show
is followed from the first time that one of them is looked at.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar, Final, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from mdxdash.catalog.user_words import user_says
from mdxdash.dialogue.history import DialogueHistory
from mdxdash.dialogue.turn import Turn
from mdxdash.hub.interface import AgentHub
from mdxdash.language.translation import N_, _, localized
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.panes.user_line import UserLine
from mdxdash.tui.views.conversation import Conversation
from mdxdash.tui.views.lanes import Lanes
from mdxdash.tui.views.selection import Selection
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.views.timeline import Timeline
from mdxdash.tui.widgets.lists.row_list import RowList
from mdxdash.tui.widgets.lists.turn_rows import latency_style, latency_text

ViewName = Literal["events", "conversation", "timeline"]

VIEWS: Final[tuple[tuple[ViewName, str], ...]] = (
    ("events", N_("Events")),
    ("conversation", N_("Conversation")),
    ("timeline", N_("Timeline")),
)
"""The views with their titles, in the order of their tabs."""

_BUDGET: Final = 0.010
"""Seconds of following the log between two paints, at most: while it is behind."""

_BEHIND_FRAME: Final = 8
"""While it is behind, every eighth frame is drawn: the time is better spent on reading."""


class DialogueViews(Vertical):
    """Conversation and timeline; it is hidden while the events are shown."""

    DEFAULT_CSS: ClassVar[str] = """
    DialogueViews { height: 1fr; display: none; }
    DialogueViews Conversation { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    DialogueViews Lanes { scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    def __init__(
        self,
        stream: Stream,
        hub: AgentHub,
        *,
        now: Callable[[], float] | None,
        target: Callable[[], str | None],
        speaks: bool = True,
        limit: float | None = None,
    ) -> None:
        """Makes the views of what the stream shows.

        * `now`: returns Unix time; None for a recording.
        * `target`: returns to which agents typed words are sent.
        * `speaks`: whether there is anybody to send to.
        * `limit`: how soon an answer is wanted, in seconds.
        """
        super().__init__(id="dialogue-views")
        self.shown: ViewName = "events"
        self._stream = stream
        self._hub = hub
        self._now = now
        self._target = target
        self._speaks = speaks
        self._limit = limit
        self._frame = 0
        self.selection = Selection(stream)
        self.history = DialogueHistory(stream.view.log)
        self.conversation = Conversation(
            self.history,
            self.selection,
            signs=stream.drawing.agent_signs,
            now=self.time,
            limit=limit,
        )
        self.user_line = UserLine()
        self.timeline = Timeline(self.history, self.selection, self.time, limit)

    def time(self) -> float:
        """Returns what time it is in what is shown: in a recording, that of its last event."""
        return self.history.last_time if self._now is None else self._now()

    def compose(self) -> ComposeResult:
        yield self.conversation
        if self._speaks:
            yield self.user_line
        yield self.timeline

    def show(self, name: ViewName) -> None:
        """Shows a view in the place of the others. The focus stays where it is."""
        self.shown = name
        self._stream.display = name == "events"
        self.display = name != "events"
        self.conversation.display = self.user_line.display = name == "conversation"
        self.timeline.display = name == "timeline"
        self._frame = -1
        self.advance()
        if name == "conversation":
            self.conversation.show_selection()
        elif name == "events" and (event := self.selection.event) and not self._stream.following:
            self._stream.select_event(event.seq)

    def show_events(self) -> None:
        """Shows the events, if another view is shown."""
        if self.shown != "events":
            self.show(name="events")

    @property
    def main(self) -> Stream | Conversation | Lanes:
        """What has the focus in the view that is shown."""
        if self.shown == "conversation":
            return self.conversation
        return self.timeline.lanes if self.shown == "timeline" else self._stream

    def advance(self) -> None:
        """Takes in what is new, and draws the view that is shown."""
        if self.shown == "events":
            return
        self.history.advance(_BUDGET, None if self._now is None else self._now())
        self._frame = self._frame + 1 if self.history.behind else 0
        if self._frame % _BEHIND_FRAME:
            return
        if self.shown == "conversation":
            self.conversation.advance()
        else:
            self.timeline.advance()

    async def selected_turns(self) -> list[Turn]:
        """Returns the turns of which an event is selected, all of one agent; the log is read so far
        first, if it was not yet."""
        await self._catch_up()
        first, last = self.selection.stretch
        found = [
            turn
            for turn in self.history.turns()
            if turn.events and turn.events[0] <= last and max(turn.events) >= first
        ]
        return [turn for turn in found if turn.agent == found[0].agent]

    async def complete_turns(self) -> list[Turn]:
        """Returns the turns that are complete, in order; the log is read to its end first."""
        await self._catch_up()
        return [turn for turn in self.history.turns() if turn.complete]

    async def _catch_up(self) -> None:
        while self.history.behind:
            self.history.advance(_BUDGET)
            await asyncio.sleep(0)

    def title(self, state: str, width: int) -> Content:
        """Returns the tabs, and what is to be said of the view that is shown: as much of it as
        has room in `width` cells. `state` is that of the stream, its parts divided by ` · `."""
        parts: list[Content] = []
        for name, title in VIEWS:
            style = "bold" if name == self.shown else "not bold"
            tab = Content.from_markup(f"[@click=\"screen.view('{name}')\"]{_(title)}[/]")
            parts.append(Content.styled(tab.plain, style) if name == self.shown else tab)
        tabs = Content(" │ ").join(parts)
        said = state.split(" · ")
        # Without the key that follows, which the help has.
        key = _("{last} follows").format(last=shown_key(self.app, "last", RowList.BINDINGS))
        brief = [each for each in said if each != key]
        numbers = [self._numbers(brevity) for brevity in (0, 1, 2)]
        shorter = [
            (brevity, brief[:count]) for brevity in (1, 2) for count in range(len(brief), -1, -1)
        ]
        for brevity, left in [(0, said), (1, said), *shorter]:
            told = Content.assemble(*numbers[brevity], " · ".join(left)).rstrip(" ·")
            shown = Content.assemble(tabs, " · ", told)
            if told and shown.cell_length <= width:
                return shown
        return tabs

    def _numbers(self, brevity: int) -> list[tuple[str, str] | str]:
        if self.shown == "events":
            return []
        if self.history.behind:
            total = self._stream.view.log.next_seq - 1
            return [_("read {value:.0%} · ").format(value=1 - self.history.behind / max(1, total))]
        if self.shown == "timeline":
            return []
        return self._latencies(brevity)

    def _latencies(self, brevity: int) -> list[tuple[str, str] | str]:
        """Returns the last latency, the median, the 95th percentile and the turns unanswered;
        without the last one from brevity 1 on, and without the percentile at 2."""
        latencies = self.history.latencies
        numbers: list[tuple[str, str] | str] = []
        for name, seconds in (
            (N_("last"), latencies.answer.last),
            (N_("median"), latencies.answer.quantile(0.5)),
            ("p95", latencies.answer.quantile(0.95)),
        ):
            if seconds is not None and name not in _LEFT_OUT[brevity]:
                style = _COLOURS[latency_style(seconds, self._limit)]
                text = latency_text(seconds)
                numbers += [f"{_(name)} ", (text, style), "  "]
        if latencies.unanswered:
            word = "✕" if brevity else _("unanswered")
            numbers += [(f"{latencies.unanswered:,} {word}", "$text-error"), " · "]
        return numbers

    @on(Conversation.Opened)
    async def _turn_opened(self, event: Conversation.Opened) -> None:
        await self.open_events(event.turn.events)

    @on(Lanes.Opened)
    async def _bar_opened(self, event: Lanes.Opened) -> None:
        await self.open_events(event.interval.events)

    async def open_events(self, seqs: Sequence[int]) -> None:
        """Shows events in the stream, with the cursor on the first one that passes."""
        self.selection.select(seqs)
        await self.run_action("screen.view('events')")

    @on(UserLine.Said)
    def _said(self, event: UserLine.Said) -> None:
        delivery = self._hub.send(user_says(event.words), self._target())
        if delivery.reasons:
            reason = "; ".join(map(localized, delivery.reasons))
            self.app.notify(_("Not sent: {reason}").format(reason=reason), severity="warning")
        else:
            self.selection.follow()


_LEFT_OUT: Final = ((), ("last",), ("last", "p95"))
"""Numbers that are left out, by the brevity of the title."""

_COLOURS: Final = {"strong": "bold", "good": "$text-success", "bad": "$text-error"}
