"""Asks before leaving while agents are connected, and explains what it means for them."""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from mdxdash.events.printable import printable
from mdxdash.language.translation import N_, _
from mdxdash.tui.screens.dialogs.dialog import Dialog

Leaving = Literal["detach", "quit"]
"""`detach`: the hub goes on in the background. `quit`: it ends, and the connections with it."""

_END = N_(
    "{} ends the connection. On Linux and macOS a complete MMDAgent-EX does not survive that: the "
    "program ends, or stays without a connection until it is restarted. On Windows it reconnects "
    "when mdxdash is back, if its .mdf sets Plugin_Remote_RetryCount."
)

_DETACH = N_(
    "Detaching leaves the hub in the background: agents, macros and the recording go on, and "
    "`mdxdash attach` brings the dashboard back."
)


class QuitDialog(Dialog[Leaving | None]):
    """Asks how to leave; the result is None for staying."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,d", "leave('detach')", "Detach", tooltip="Leave; the hub goes on"),
        # Where it cannot be detached the Enter key quits.
        Binding("y,enter", "leave('quit')", "Quit", tooltip="End the hub"),
        Binding("n,escape,q", "stay", "Stay"),
    ]

    def __init__(self, names: list[str], *, detachable: bool) -> None:
        """`names` are the agents that are connected; `detachable` is whether the hub can go on in
        the background."""
        super().__init__()
        self._who = (
            _("Agent {names} is").format(names=names[0])
            if len(names) == 1
            else _("{count} agents are").format(count=len(names))
        )
        self._detachable = detachable

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(
                printable(_("{who} connected").format(who=self._who)),
                classes="dialog-title",
                markup=False,
            )
            if self._detachable:
                yield Static(f"{_(_DETACH)}\n\n{_(_END).format(_('Ending the hub'))}", markup=False)
            else:
                yield Static(_(_END).format(_("Quitting")), markup=False)
            with Horizontal(classes="dialog-buttons"):
                if self._detachable:
                    yield Button(_("Detach (enter)"), variant="primary", id="detach")
                    yield Button(_("End the hub (y)"), variant="error", id="quit")
                else:
                    yield Button(_("Quit (y)"), variant="error", id="quit")
                yield Button(_("Stay (n)"), id="stay")

    def on_mount(self) -> None:
        # The Enter key takes the default, wherever it is pressed.
        self.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if parameters == ("detach",) and not self._detachable:
            return False
        return super().check_action(action, parameters)

    def action_leave(self, how: Leaving) -> None:
        """Leaves that way."""
        self.dismiss(how)

    def action_stay(self) -> None:
        """Stays."""
        self.dismiss(None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "detach":
                self.dismiss("detach")
            case "quit":
                self.dismiss("quit")
            case _:
                self.dismiss(None)
