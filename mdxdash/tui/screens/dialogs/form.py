"""Dialogs with fields: they ask before what was written is lost."""

from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.events import Mount
from textual.widgets import Input, TextArea

from mdxdash.language.translation import _
from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.dialogs.dialog import Dialog

ResultT = TypeVar("ResultT")


class Form(Dialog[ResultT | None]):
    """Gives None when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", tooltip="Leave; asks first if a field was changed"),
    ]

    _written: tuple[str, ...] = ()

    @on(Mount)
    def _remember_fields(self) -> None:
        self._written = self._fields()

    def _fields(self) -> tuple[str, ...]:
        """What stands in the fields."""
        return (
            *(field.value for field in self.query(Input)),
            *(field.text for field in self.query(TextArea)),
        )

    @property
    def changed(self) -> bool:
        """Whether a field holds something else than at first."""
        return self._fields() != self._written

    @work(exclusive=True)
    async def action_leave(self) -> None:
        """Leaves; asks first if a field was changed."""
        if self.changed:
            title, text = _("Leave without saving?"), _("The changes here are lost then.")
            dialog = ConfirmDialog(title, text, yes=_("Leave"), no=_("Continue editing"))
            if not await self.app.push_screen_wait(dialog):
                return
        self.dismiss(None)
