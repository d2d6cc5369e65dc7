"""The composer's single line: its keys, and a paste that is more than a line."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from mdxdash.language.translation import _
from mdxdash.tui.key_actions import named
from mdxdash.tui.widgets.text_fields import PrintableInput


class ComposeInput(PrintableInput):
    """One line. A paste of several lines opens the multi-line mode instead of losing them."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        [
            Binding("tab", "accept", "Complete", tooltip="Insert the marked suggestion"),
            Binding("tab", "stay", show=False),  # a second Tab must not leave the line
            Binding("up", "step(-1)", "Earlier", show=False, tooltip="Earlier line, or suggestion"),
            Binding("down", "step(1)", "Later", show=False, tooltip="Later line, or suggestion"),
            Binding(
                "ctrl+r", "search", "Search", show=False, tooltip="Search what was sent earlier"
            ),
        ]
    )

    def __init__(self, offers: Callable[[], bool]) -> None:
        """`offers` returns whether there is a suggestion to insert."""
        super().__init__(placeholder=_("TYPE|argument|argument"), compact=True)
        self._offers = offers

    class Step(Message):
        """Up or down."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Accept(Message):
        """The marked suggestion is wanted."""

    class Search(Message):
        """The latest earlier line that contains the typed text is wanted."""

    class PastedLines(Message):
        """Several lines were pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "accept" and not self._offers():
            return False
        return super().check_action(action, parameters)

    def action_stay(self) -> None:
        """Does nothing."""

    def action_step(self, by: int) -> None:
        self.post_message(self.Step(by))

    def action_accept(self) -> None:
        self.post_message(self.Accept())

    def action_search(self) -> None:
        self.post_message(self.Search())

    def on_paste(self, event: events.Paste) -> None:
        if len(event.text.splitlines()) > 1:
            event.prevent_default()
            event.stop()
            # Terminals paste newlines as carriage returns.
            self.post_message(self.PastedLines("\n".join(event.text.splitlines())))
