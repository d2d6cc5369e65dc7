"""What the keys do that concern agents: sending, macros, speech, alerts and watches."""

from textual import on, work

from mdxdash.events.event import Event
from mdxdash.language.translation import _
from mdxdash.macros.model import Macro
from mdxdash.tui.dashboard.frames import DashboardFrames
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.panes.agents import AgentsPane
from mdxdash.tui.panes.composing.composer import Composer
from mdxdash.tui.panes.macros import MacrosPane
from mdxdash.wire.message import Message


class AgentActions(DashboardFrames):
    """Sends, and shows what became of agents."""

    def action_copy_mdf(self) -> None:
        lines = self.context.hub.full_mdf_lines
        if not lines:
            self.notify(_("The hub keeps its secret, so there is nothing to copy here."), timeout=5)
            return
        self.app.copy_to_clipboard("\n".join(lines) + "\n")
        self.notify(_("Copied four lines for the agent's .mdf."), timeout=3)

    def action_next_alert(self) -> None:
        self.alert_control.go_to_next()
        self._draw_slow_panes()

    async def action_watches(self) -> None:
        await self.watch_control.open()

    async def action_lost_agent(self) -> None:
        await self.alert_control.show_lost_agent()
        self._draw_slow_panes()

    @on(AgentsPane.LossWanted)
    async def _loss_wanted(self, event: AgentsPane.LossWanted) -> None:
        await self.alert_control.show_loss(event.alert)
        self._draw_slow_panes()

    def action_next_target(self) -> None:
        self.composer.next_target()

    def action_reuse(self) -> None:
        if (event := self.stream.current) and event.type:
            self.composer.write([str(Message(event.type, event.args))])
            self.composer.focus_text()

    @on(Composer.SaveWanted)
    def _save_wanted(self, event: Composer.SaveWanted) -> None:
        self.macros_pane.add(event.lines, self.composer.target)

    def action_macro(self, key: str) -> None:
        macro = self.runner.for_key(key)
        if macro is None:
            text = _("No macro has the key {key}; {macros}, then {add} adds one.").format(
                key=key,
                macros=shown_key(self.app, "macros"),
                add=shown_key(self.app, "add", MacrosPane.BINDINGS),
            )
            self.notify(text, timeout=3)
        else:
            self.trigger(macro)

    def trigger(self, macro: Macro) -> None:
        """Fires a macro, or starts or stops a periodic one."""
        self.macros_pane.trigger(macro)

    def action_record_macro(self) -> None:
        self.macros_pane.switch_recording()

    @work(exclusive=True, group="dialogue-macro")
    async def action_make_macro(self) -> None:
        """Makes a macro of the dialogue in the selection, as a test."""
        if self.context.macro_file is None:
            self.notify(_("Macros cannot be edited from here."), timeout=3)
            return
        turns = await self.views.selected_turns()
        log = self.context.log

        def event_of(seq: int) -> Event | None:
            return log[seq] if seq in log else None  # noqa: SIM401  a log is no dict

        self.macros_pane.add_dialogue(turns, event_of)

    async def action_say(self) -> None:
        await self.speech_control.ask()

    async def action_compare(self) -> None:
        await self.comparison_control.ask()

    def action_replay(self) -> None:
        self.replay_control.switch(self.stream.selected_events, self.composer.target)

    def action_stop_speech(self) -> None:
        count = self.context.hub.stop_speech()
        who = _("{count} agent{s}").format(count=count, s="s" if count != 1 else "")
        text = _("Stopped the speech of {who}.").format(who=who) if count else _("No agent speaks.")
        self.notify(text, timeout=2)

    def action_stop_macros(self) -> None:
        count = self.runner.stop_all()
        self.notify(
            _("Stopped {count} macro{s}.").format(count=count, s="s" if count != 1 else ""),
            timeout=2,
        )
