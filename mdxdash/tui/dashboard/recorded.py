"""The dashboard on a recording: the same screens, read-only, while the file is being read.

There is nobody to send to, so what sends is not shown: the composer and the macros.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.widget import Widget

from mdxdash.events.printable import printable
from mdxdash.hub.recorded import RecordedHub
from mdxdash.language.translation import _, ngettext
from mdxdash.tui.actions.play_control import PlayControl
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.screen import DashboardScreen
from mdxdash.tui.key_actions import named
from mdxdash.tui.key_settings.keymap import changed
from mdxdash.tui.palette import KeySection
from mdxdash.tui.panes.seek_bar import SeekBar
from mdxdash.tui.views.dialogue_views import DialogueViews
from mdxdash.tui.widgets.lists.row_parts import RowPart

READING_FRAME: Final = 8
"""While the file is read every eighth frame is drawn: the rows that are looked at stay the same,
and the time is better spent on reading."""

_SENDING: Final = frozenset(
    {
        "composer",
        "macros",
        "compose_line",
        "macro",
        "stop_macros",
        "copy_mdf",
        "reuse",
        "next_target",
        "replay",
        "record_macro",
        "connections",
        "runs",
        "speak",
        "say",
        "stop_speech",
        "watches",
        "hold",
    }
)
"""Panes and actions that send, or need a hub: a recording has none of them."""


class RecordedScreen(DashboardScreen):
    """Shows a recording. Its events come while one reads."""

    CSS: ClassVar[str] = """
    #macros, #composer { display: none; }
    #seek-bar { height: 1; background: $panel; }
    """

    hidden = _SENDING

    def why_hidden(self, action: str) -> str:
        return _("{what} needs a hub that runs; this is a recording.")

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding(
                "escape",
                "stop_reading",
                "Stop reading",
                show=False,
                tooltip="Stop reading the file",
            ),
            Binding(
                "space,f8",
                "play",
                "Play",
                key_display="space",
                tooltip="Play the recording from the row on, or pause",
            ),
            Binding(
                "ctrl+up", "play_speed(1)", "Faster", show=False, tooltip="Play faster, up to 16×"
            ),
            Binding("ctrl+down", "play_speed(-1)", "Slower", show=False, tooltip="Play slower"),
            Binding("ctrl+right", "seek(10)", "Forward", show=False, tooltip="Seek 10 s forward"),
            Binding(
                "ctrl+left",
                "seek(-10)",
                "Back",
                show=False,
                tooltip="Seek 10 s back",
                id="backward",
            ),
        ]
    )

    def __init__(
        self,
        app: App[Any],
        context: AppContext,
        hub: RecordedHub,
        *,
        compared_with: Path | None = None,
        at: int | None = None,
    ) -> None:
        """`compared_with` is an older session that is shown beside it when it has been read; `at`
        the number of the event that is gone to."""
        super().__init__(app, context)
        self._hub = hub
        self._compared_with = compared_with
        self._at = at
        self.play_control = PlayControl(context.log, self.stream)
        self._at_first = False
        self._ticks = 0
        self.agents_pane.time_goes_on = False
        self.agents_pane.nobody = ([RowPart(_("no agent is named in it"), "dim")], [])

    def _make_views(self) -> DialogueViews:
        context = self.context
        return DialogueViews(
            self.stream,
            context.hub,
            now=None,
            target=lambda: None,
            speaks=False,
            limit=context.answer_within,
        )

    def key_sections(self) -> list[KeySection]:
        own = changed(self.BINDINGS, self.context.keys)
        return [KeySection(_("Recording"), self, own), *super().key_sections()]

    def action_stop_reading(self) -> None:
        """Goes to the events; if the focus is there already, stops reading the file."""
        if self.views.main.has_focus:
            self._hub.stop()
        self.action_show_stream()

    def below_body(self) -> Iterator[Widget]:
        yield self.play_control.bar

    def action_play(self) -> None:
        """Plays from the selected event on, or pauses."""
        self.play_control.switch()

    def action_play_speed(self, by: int) -> None:
        """Plays faster (1) or slower (-1)."""
        self.play_control.change_speed(by)

    def action_seek(self, seconds: int) -> None:
        """Goes some seconds forward, or back."""
        self.play_control.seek(seconds)

    @on(SeekBar.Sought)
    def _sought(self, event: SeekBar.Sought) -> None:
        control = self.play_control
        control.go_to(control.begin + event.part * (control.end - control.begin))

    def _draw(self) -> None:
        if self.play_control.bar.is_attached:
            self.play_control.advance()
        self._ticks += 1
        if self._at_first and self._hub.reading == "reading" and self._ticks % READING_FRAME:
            return
        super()._draw()

    def _draw_head(self) -> None:
        self._begin_at_first()
        name = printable(Path(self._hub.recording.name).name)
        self.status.show_recording(name, self._reading(), self.context.alerts.unseen)
        self.waiting.display = not len(self.context.log) and self.views.shown == "events"
        if self.waiting.display:
            is_read = self._hub.reading != "reading"
            text = (
                f"{name}: {self._reading()}" if is_read else _("{name}: reading").format(name=name)
            )
            self.waiting.show_text(text, layout=True)
        if self.stream.is_attached:
            self._begin_comparing()

    def _begin_comparing(self) -> None:
        if self._compared_with is not None and self._hub.reading in ("complete", "following"):
            self.comparison_control.compare_with(self._compared_with)
            self._compared_with = None

    def _begin_at_first(self) -> None:
        """A recording is read from its beginning: the first rows stay while the others come."""
        stream = self.stream
        # When the stream has a row for it: before, it could not scroll there.
        if (at := self._at) is not None and stream.virtual_size.height > stream.row_of(at):
            self._at, self._at_first = None, True
            if at in self.context.log:
                self.alert_control.go_to(self.context.log[at])
        if not self._at_first and self.stream.row_count and self._at is None:
            self._at_first = True
            if self.stream.following and not self._hub.recording.follows:
                self.stream.move_cursor(0)

    def _reading(self) -> str:
        hub = self._hub
        damaged = hub.recording.damaged
        damages = (
            _(" · {damaged:,} line{s} damaged").format(
                damaged=damaged, s="s" if damaged != 1 else ""
            )
            if damaged
            else ""
        )
        if hub.reading == "reading":
            return _("reading {progress:.0%} · escape stops{damages}").format(
                progress=hub.progress, damages=damages
            )
        count = hub.log.next_seq - 1
        events = ngettext("{count:,} event", "{count:,} events", count).format(count=count)
        if hub.reading == "following":
            return _("{events} · following the file{damages}").format(
                events=events, damages=damages
            )
        if hub.reading == "complete":
            return f"{events}{damages}"
        return _("read as far as {progress:.0%}{damages}").format(
            progress=hub.progress, damages=damages
        )

    def _stream_state(self) -> str:
        stream = self.stream
        if stream.following:
            return _("the end") + self._memory_state()
        event = stream.current
        if event is None:
            return ""
        return _("#{seq:,} of {count:,}{state}").format(
            seq=event.seq, count=self.context.log.next_seq - 1, state=self._memory_state()
        )
