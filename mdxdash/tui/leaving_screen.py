"""Where the screen can make way for the user's own programs, and the key that lets it."""

from typing import Any, Final

from textual.app import App

EDITOR_KEY: Final = "f12"
"""The key of the user's own programs: the editor, and the pager where nothing can be changed."""


def can_leave_screen(app: App[Any]) -> bool:
    """Returns whether the app runs in a terminal that it can leave to others; a browser is none."""
    driver = app._driver
    return driver is not None and driver.can_suspend
