"""Asks before quitting while agents are connected, and explains what it means for them."""

from mdxdash.tui.screens.confirm import ConfirmDialog


class QuitDialog(ConfirmDialog):
    """Asks whether to quit; its result is True for quitting."""

    def __init__(self, names: list[str]) -> None:
        who = f"Agent {names[0]} is" if len(names) == 1 else f"{len(names)} agents are"
        super().__init__(
            f"{who} connected",
            "Quitting ends the connection. On Linux and macOS a complete MMDAgent-EX does not "
            "survive that: the program ends, or stays without a connection until it is "
            "restarted. On Windows it reconnects when mdxdash is back, if its .mdf sets "
            "Plugin_Remote_RetryCount.",
            yes="Quit",
            no="Stay",
        )
