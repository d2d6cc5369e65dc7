"""How macros are added, edited and deleted from the screen: what is asked, and then written."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from textual.widget import Widget

from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import Event
from mdxdash.events.text import clock
from mdxdash.language.translation import _, ngettext
from mdxdash.macros.files.ready_made import library
from mdxdash.macros.files.text_editing import read_macro_text, text_of
from mdxdash.macros.files.toml_form import table_from_macro
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.from_events import commands_by_agent, macro_from_events
from mdxdash.macros.from_turns import macro_from_turns
from mdxdash.macros.model import Macro, describe
from mdxdash.macros.running.control import MacroControl
from mdxdash.macros.template import escape_braces
from mdxdash.settings.toml_source import SettingsError
from mdxdash.settings.validation import ValidationError
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.outside_programs import OutsidePrograms
from mdxdash.tui.screens.dialogs.choice import Choice, ChoiceDialog
from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.macro_dialogs.macro_editor import MacroEditor
from mdxdash.tui.screens.macro_dialogs.macro_form import MacroForm
from mdxdash.tui.widgets.error_text import error_text


class MacroEditing:
    """Changes the macro file on behalf of a pane. Its methods wait for dialogs, and so must run in
    a worker."""

    def __init__(self, pane: Widget, runner: MacroControl, file: MacroFile) -> None:
        self._pane = pane
        self._runner = runner
        self._file = file

    async def add(self, lines: Sequence[str], target: str | None) -> None:
        """Asks for a macro that sends these lines to a target; None: to every agent."""
        table: dict[str, Any] = {"send": [*map(escape_braces, lines)]}
        if target is not None:
            table["target"] = target
        await self._form(_("Add a macro"), table, None, self._file.add)

    async def edit(self, macro: Macro) -> None:
        """Lets a macro be edited: in the form if it only sends, else as TOML."""
        if macro.steps:
            await self.edit_text(macro)
            return
        title, table = _("Edit {name}").format(name=macro.name), table_from_macro(macro)
        await self._form(title, table, macro.name, partial(self._file.change, macro.name))

    async def edit_text(self, macro: Macro) -> None:
        """Lets a macro's own lines in the file be edited."""
        try:
            before = await asyncio.to_thread(self._file.text_of, macro.name)
        except SettingsError as error:
            self._not_saved(error)
            return
        save = partial(self._file.change_text, macro.name, before)
        await self._editor(_("Edit {name}").format(name=macro.name), before, macro.name, save)

    async def open_file(self, macro: Macro | None) -> None:
        """Opens the file in the user's editor, at the place of a macro if one is given. What is in
        force changes when the editor has ended."""
        try:
            before, line = await asyncio.to_thread(
                self._file.to_edit, macro.name if macro else None
            )
        except SettingsError as error:
            self._not_saved(error)
            return
        await OutsidePrograms(self._pane.app).edit_file(self._file.path, line)
        await asyncio.to_thread(self._file.take_edited, before)
        if self._file.error is not None:
            text = _("{error}\nThe last good macros stay.").format(
                error=error_text(self._file.error)
            )
            self._pane.notify(text, severity="error", timeout=10)
        else:
            self._runner.replace(self._file.macros, trusted=self._file.trusted)

    async def delete(self, macro: Macro) -> None:
        """Asks, and removes a macro from the file."""
        title, text = (
            _('Delete "{name}"?').format(name=macro.name),
            _("It is removed from {path}.").format(path=self._file.path),
        )
        dialog = ConfirmDialog(title, text, yes=_("Delete"), no=_("Keep"))
        if await self._pane.app.push_screen_wait(dialog):
            await self._write(partial(self._file.delete, macro.name))

    async def copy_ready_made(self) -> None:
        """Lets one of the ready-made macros be chosen, and copies it into the file."""
        there = {macro.name for macro in self._runner.macros}
        choices = [
            Choice(
                macro.name + (_("  (in the file already)") if macro.name in there else ""),
                " · ".join(
                    ([_("on {text}").format(text=macro.on.text)] if macro.on else [])
                    + [*map(describe, macro.body)]
                ),
            )
            for macro in library()
        ]
        dialog = ChoiceDialog(_("Ready-made macros"), choices, _("Enter copies one into your file"))
        index = await self._pane.app.push_screen_wait(dialog)
        if index is not None:
            await self._write(partial(self._file.add, library()[index]))

    async def add_recorded(self, events: Sequence[Event]) -> None:
        """Makes a macro of commands and replies, to be named and saved."""
        counts = commands_by_agent(events)
        if not counts:
            self._pane.notify(_("Nothing was sent during the recording."), severity="warning")
            return
        agent = next(iter(counts)) if len(counts) == 1 else await self._which(counts)
        if agent is None:
            return
        own = [event for event in events if event.agent == agent]
        macro = macro_from_events(_("Recorded {time}").format(time=clock(own[0].time)[:8]), own)
        await self._editor(_("Save what was recorded"), text_of(macro), None, self._file.add_text)

    async def add_dialogue(
        self, turns: Sequence[Turn], event_of: Callable[[int], Event | None]
    ) -> None:
        """Makes a macro of turns, to be named and saved: it says the same to the agent, and expects
        the same answers."""
        try:
            macro = macro_from_turns(
                _("Dialogue {begin}").format(begin=clock(turns[0].begin)[:8]), turns, event_of
            )
        except (ValueError, IndexError):
            self._pane.notify(_("Nothing is said in what is selected."), severity="warning")
            return
        await self._editor(
            _("Save the dialogue as a macro"), text_of(macro), None, self._file.add_text
        )

    async def _which(self, counts: Mapping[str, int]) -> str | None:
        choices = [
            Choice(
                agent,
                ngettext("{count:,} command", "{count:,} commands", count).format(count=count),
            )
            for agent, count in counts.items()
        ]
        title = _("Commands were sent to several agents")
        dialog = ChoiceDialog(title, choices, _("Enter uses those of the selected agent"))
        index = await self._pane.app.push_screen_wait(dialog)
        return None if index is None else list(counts)[index]

    async def _form(
        self, title: str, table: dict[str, Any], name: str | None, save: Callable[[Macro], None]
    ) -> None:
        edit, examples = (
            shown_key(self._pane.app, action, self._pane.BINDINGS)
            for action in ("edit_as_toml", "ready_made")
        )
        hint = _(
            "Steps that wait: save it, then {edit} in the list edits it as TOML; "
            "{examples} there has examples."
        ).format(edit=edit, examples=examples)
        form = MacroForm(title, table, self._file.macros, name, save, hint)
        if await self._pane.app.push_screen_wait(form):
            self._saved()

    async def _editor(
        self, title: str, text: str, name: str | None, save: Callable[[str], None]
    ) -> None:
        def check(text: str) -> None:
            read_macro_text(text, self._file.macros, name)

        if await self._pane.app.push_screen_wait(MacroEditor(title, text, check, save)):
            self._saved()

    async def _write(self, change: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(change)
        except (ValidationError, SettingsError) as error:
            self._not_saved(error)
        else:
            self._saved()

    def _saved(self) -> None:
        self._runner.replace(self._file.macros, trusted=self._file.trusted)
        self._pane.notify(_("Saved in {path}").format(path=self._file.path), timeout=3)

    def _not_saved(self, error: Exception) -> None:
        self._pane.notify(error_text(error), title=_("Not saved"), severity="error", timeout=10)
