"""The line at the foot of the conversation: what is typed in it reaches the agent as the words of
its user."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from mdxdash.language.translation import _
from mdxdash.tui.widgets.text_fields import PrintableInput


class _Words(PrintableInput):
    """The text field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", tooltip="Back to the conversation"),
    ]

    async def action_leave(self) -> None:
        await self.run_action("screen.show_stream")


class UserLine(Horizontal):
    """The line, with what it does in front of it."""

    DEFAULT_CSS: ClassVar[str] = """
    UserLine { height: 1; background: $boost; }
    UserLine Label { width: auto; color: $accent; padding: 0 1; }
    UserLine Input { width: 1fr; background: $boost; padding: 0; border: none; }
    """

    class Said(Message):
        """Words are to be sent."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self) -> None:
        super().__init__(id="user-line")
        self.input = _Words(placeholder=_("speak as the user: RECOG_EVENT_STOP|…"), compact=True)

    def compose(self) -> ComposeResult:
        yield Label(_("user ▏"))
        yield self.input

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if words := event.value.strip():
            self.input.value = ""
            self.post_message(self.Said(words))
