"""The composer: a line to send, or several in order; what was sent before; to whom.

It shows what the catalog knows of the line while it is typed, and asks to send it; whether that
can be is decided below.
"""

import asyncio
from functools import partial
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static, TextArea

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.check import check
from mdxdash.catalog.completion import Completion, complete, signature
from mdxdash.events.printable import printable
from mdxdash.hub.interface import Delivery
from mdxdash.hub.targets import EXACTLY, next_target
from mdxdash.language.translation import _, localized
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.key_actions import named
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.leaving_screen import EDITOR_KEY, can_leave_screen, leave_screen
from mdxdash.tui.panes.composing.composer_input import ComposeInput
from mdxdash.tui.panes.composing.line_findings import LineFindings, about_the_line, corrected_text
from mdxdash.tui.panes.composing.sent_lines import SentLines
from mdxdash.tui.panes.composing.suggestions import Suggestions, describe_signature
from mdxdash.tui.panes.composing.written_text import WrittenText, holds_several
from mdxdash.tui.widgets.focus_pane import FocusPane
from mdxdash.tui.widgets.text_fields import PrintableArea
from mdxdash.wire.message import parse_message

LINES_AT_A_TIME = 50
"""Lines that are checked and queued before the screen has its turn again."""

SENT_SECONDS: Final = 4.0
"""How long it is said what was sent."""

_SEVERITY_CLASSES = {"refused": "-bad", "ask": "-warning", "hint": "-hint"}


class Composer(FocusPane):
    """Where commands are written."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding(
                "escape", "leave", "Back", tooltip="Close the suggestions, or go back to the view"
            ),
            Binding("ctrl+s", "save", "Save as macro", tooltip="Save what is written as a macro"),
            Binding(
                "ctrl+t", "screen.next_target", "Target", tooltip="Send to the next agent or group"
            ),
            # With priority, since a text field takes this key for the end of the line.
            Binding(
                "ctrl+e",
                "several",
                "Several lines",
                priority=True,
                tooltip="Write several messages in order, or one again",
            ),
            Binding(
                "ctrl+g",
                "correct",
                "Correct",
                show=False,
                tooltip="Write heads typed in full width as they were meant",
            ),
            Binding(
                EDITOR_KEY, "editor", "Editor", show=False, tooltip="Write it in your own editor"
            ),
            Binding("f9", "send", "Send", show=False, tooltip="Send what is written"),
            Binding(
                "ctrl+o",
                "explain",
                "Explain",
                tooltip="Explain the message that is written",
                id="explain_line",
            ),
        ]
    )

    class SaveWanted(Message):
        """The user wants these lines as a macro."""

        def __init__(self, lines: list[str]) -> None:
            super().__init__()
            self.lines = lines

    class ExplainWanted(Message):
        """The user wants a message explained."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    def __init__(self, context: AppContext) -> None:
        super().__init__(id="composer")
        self.target: str | None = None
        """To whom it goes, as `hub.targets` has it; None: all."""
        self.input = ComposeInput(offers=lambda: self.suggestions.display)
        self.area = PrintableArea(id="compose-area", compact=True)
        self.suggestions = Suggestions()
        self._signature = Static("", id="compose-signature")
        self._note = Label("", id="compose-note", markup=False)
        self._app_context = context
        self._sent = SentLines(context.history)
        self._written = WrittenText(self.input, self.area)
        self._passing_note = ""
        """The note that goes away by itself, while it is shown."""
        self._asked: tuple[str | None, list[str]] | None = None
        """The target and the lines that a second Enter confirms, if neither has changed."""

    def compose(self) -> ComposeResult:
        yield self.suggestions
        yield self.input
        yield self.area
        yield self._signature
        yield self._note

    def on_mount(self) -> None:
        self.area.display = False
        self.suggestions.display = False
        self._show_target()

    @property
    def lines(self) -> list[str]:
        """What is written, a line a message. In several lines blank ones are left out."""
        return self._written.lines

    def next_target(self) -> None:
        """Goes on from all agents to the first, from each to the next, from the last to the named
        groups, and to all again."""
        hub = self._app_context.hub
        names = [agent.name for agent in hub.connected]
        self.target = next_target(self.target, names, hub.groups)
        self._show_target()

    def set_target(self, target: str) -> None:
        """Sets to whom it goes, as `hub.targets` has it."""
        self.target = target
        self._show_target()

    def _show_target(self) -> None:
        self.border_title = Content(_("Compose → {target}").format(target=self._target_words()))

    def _target_words(self) -> str:
        """To whom it goes, in words."""
        if self.target is None:
            return _("all agents")
        members = self._app_context.hub.groups.get(self.target)
        if members is None:
            return printable(self.target.removeprefix(EXACTLY))
        return _("group {target} ({members})").format(
            target=printable(self.target), members=printable(", ".join(members)) or _("nobody")
        )

    def _known(self) -> AnnouncedState | None:
        """What the agent that is written to has announced; of several, the first."""
        agents = self._app_context.hub.targets(self.target)
        return agents[0].known if agents else None

    def show_note(self, text: str, severity: str = "") -> None:
        """Shows a text below the line: what became of it, or why it was not sent."""
        self._passing_note = ""
        self._note.update("\n".join(printable(localized(line)) for line in text.split("\n")))
        for each, class_ in _SEVERITY_CLASSES.items():
            self._note.set_class(each == severity, class_)

    def write(self, lines: list[str]) -> None:
        """Puts lines into the composer, with nothing offered for them."""
        self._show_several(len(lines) > 1)
        with self.prevent(Input.Changed, TextArea.Changed):
            self._written.put("\n".join(lines))
        self._signature.update("")

    def _key(self, action: str) -> str:
        """The key of one of its own actions, for its texts."""
        return shown_key(self.app, action, self.BINDINGS)

    def focus_text(self) -> None:
        """Puts the cursor where the text goes."""
        self.screen.set_focus(self._written.field)

    def _show_several(self, several: bool) -> None:
        had_focus = self._written.has_focus
        self._written.show(several=several)
        text = _("{send} sends · {several} one line").format(
            send=self._key("send"), several=self._key("several_lines")
        )
        self.border_subtitle = Content(text) if several else ""
        self.suggestions.show(())
        if had_focus:
            self.focus_text()

    def _offer(self, line: str) -> None:
        """Shows what the catalog knows of the line as it stands."""
        self._asked = None
        cursor = self.input.cursor_position
        known = self._known()
        at_end = cursor == len(line) and bool(line)
        offered = self._complete(line, cursor).candidates if at_end else ()
        # One candidate that is what stands there already offers nothing.
        settled = len(offered) == 1 and line.endswith(offered[0].text)
        self.suggestions.show(() if settled else offered)
        self._show_signature()
        found = about_the_line(check(parse_message(line), known)) if line else ()
        if self.suggestions.display and found and found[0].severity == "hint":
            found = ()  # the line is not finished: of course something is missing
        self.show_note(str(found[0]) if found else "", found[0].severity if found else "")

    def _show_signature(self) -> None:
        """Shows the arguments of the message; while its type is half typed, those of the type that
        is marked."""
        line, marked = self.input.value, self.suggestions.current
        shown = signature(line, self.input.cursor_position) if line else None
        if shown is None and self.suggestions.display and marked is not None:
            shown = signature(marked.text, len(marked.text))
        self._signature.update(describe_signature(shown) if shown else "")

    def _complete(self, line: str, cursor: int) -> Completion:
        return complete(line, cursor, self._known(), self._sent.types, self._app_context.language)

    def action_leave(self) -> None:
        """Closes the suggestions; without any, goes to the stream."""
        if self.suggestions.display:
            self.suggestions.show(())
        else:
            self.app.call_later(self.run_action, "screen.show_stream")

    def action_several(self) -> None:
        lines = self.lines
        if self._written.is_several and len(lines) > 1:
            self.show_note(
                _("there are several lines: send them, or delete all but one"), "refused"
            )
            return
        several = not self._written.is_several
        if several:
            self.area.text = self.input.value
        else:
            self.input.value = lines[0] if lines else ""
        self._show_several(several)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "editor":
            return can_leave_screen(self.app)
        return super().check_action(action, parameters)

    def action_editor(self) -> None:
        """Lets what is written be changed in the user's editor. Nothing is sent by that."""
        leave_screen(self.app, self._edit_outside())

    async def _edit_outside(self) -> None:
        # It loads what a start need not wait for.
        from mdxdash.tui.outside_programs import OutsidePrograms  # noqa: PLC0415

        text = await OutsidePrograms(self.app).edit_text(self._written.text, ".txt")
        if text is None:
            return
        self._show_several(holds_several(text))
        self._written.put(text)
        self.focus_text()

    def action_correct(self) -> None:
        """Writes heads that were typed in full width as they were meant."""
        text = corrected_text(self._written.text)
        if text == self._written.text:
            self.show_note(_("no head is written in full width"), "hint")
        else:
            self._written.put(text)

    async def action_send(self) -> None:
        """Sends line by line; what was not sent stays, with the reason."""
        lines = self.lines
        if not any(lines):
            return
        sure, self._asked = (self.target, lines) == self._asked, None
        hub = self._app_context.hub
        if not (sure or hub.unsafe) and hub.targets(self.target):
            found = (await LineFindings.of(self._written.text, self._known())).asked
            if found:
                self._ask(lines, found.words(self._key("correct")))
                return
        sent = 0
        delivery = Delivery()
        for line in lines:
            if sent % LINES_AT_A_TIME == LINES_AT_A_TIME - 1:
                await asyncio.sleep(0)
            delivery = hub.send(parse_message(line), self.target, sure=sure)
            if not delivery.agents:
                break  # what comes after it may depend on it
            sent += 1
        self._remember(lines[:sent])
        left = lines[sent:]
        if lines == self.lines:
            self.write(left)
        self._show_outcome(sent, left, delivery)

    def _show_outcome(self, sent: int, left: list[str], delivery: Delivery) -> None:
        """Shows what became of the lines; `left` are those that were not sent."""
        before = _("{sent:,} sent; ").format(sent=sent) if sent else ""
        if not left:
            what = _("{sent:,} lines").format(sent=sent)
            if sent == 1:
                what = self._sent.newest
            self._show_for_a_while(_("sent {lines}").format(lines=what))
        elif delivery.asked and not delivery.refused:
            self._ask(left, delivery.asked[0], before)
        else:
            self.show_note(f"{before}{localized(delivery.reasons[0])}", "refused")

    def _show_for_a_while(self, text: str) -> None:
        self.show_note(text)
        self._passing_note = text
        self.set_timer(SENT_SECONDS, partial(self._end_note, text))

    def _end_note(self, text: str) -> None:
        """Takes a note away, unless another one has come in its place."""
        if self._passing_note == text:
            self.show_note("")

    def _ask(self, lines: list[str], why: str, before: str = "") -> None:
        """Asks whether to send the lines anyway: the same key, pressed again, does."""
        self._asked = (self.target, lines)
        again = (
            _("{send} again sends all").format(send=self._key("send"))
            if len(lines) > 1
            else _("Enter again sends it")
        )
        self.show_note(
            _("{before}{again} anyway: {why}").format(
                before=before, again=again, why=localized(why)
            ),
            "ask",
        )

    def _remember(self, lines: list[str]) -> None:
        self._save(self._sent.add(lines))

    @work(thread=True, group="history")
    def _save(self, lines: list[str]) -> None:
        self._sent.save(lines)

    def action_save(self) -> None:
        self.post_message(self.SaveWanted([line for line in self.lines if line]))

    def action_explain(self) -> None:
        self.post_message(self.ExplainWanted(next(iter(self.lines), "")))

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        await self.action_send()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._offer(event.value)

    def on_row_list_chosen(self, event: Suggestions.Chosen) -> None:
        event.stop()
        self.on_compose_input_accept()

    def on_compose_input_accept(self) -> None:
        candidate = self.suggestions.current
        if candidate is None:
            return
        line, cursor = self.input.value, self.input.cursor_position
        span = self._complete(line, cursor)
        text = candidate.text + candidate.then
        self.input.value = line[: span.start] + text + line[span.end :]
        self.input.cursor_position = span.start + len(text)
        self.input.focus()

    def on_compose_input_pasted_lines(self, event: ComposeInput.PastedLines) -> None:
        event.stop()
        self._show_several(True)
        self.area.text = event.text
        self.area.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._check_lines()

    @work(group="checks", exclusive=True)
    async def _check_lines(self) -> None:
        """Shows what the catalog finds in several lines, and how they are sent."""
        text = self._written.text
        found = await LineFindings.of(text, self._known())
        if self._written.is_several and text == self._written.text:
            count = len(self.lines)
            sends = (
                _("{count:,} lines; {send} sends them in this order\n").format(
                    count=count, send=self._key("send")
                )
                if count > 1
                else ""
            )
            words = found.words(self._key("correct"))
            self.show_note(f"{sends}{words}", found.severity or "")

    def on_compose_input_step(self, event: ComposeInput.Step) -> None:
        """Through the suggestions while they are offered, else through what was sent."""
        event.stop()
        if self.suggestions.display:
            self.suggestions.move_cursor(self.suggestions.cursor + event.by)
            self._show_signature()
            return
        self.write(self._sent.step(event.by))

    def on_compose_input_search(self, event: ComposeInput.Search) -> None:
        event.stop()
        found = self._sent.search(self.input.value)
        if found is None:
            self.show_note(_("no earlier line contains that"), "hint")
        else:
            self.write(found)
