"""Where the screen can make way for the user's own programs, and the key that lets it."""

from collections.abc import Coroutine
from typing import Any, Final

from textual.app import App

EDITOR_KEY: Final = "f12"
"""The key of the user's own programs: the editor, and the pager where nothing can be changed."""


_GROUP: Final = "outside program"
"""The workers of Textual that leave the screen, or are about to."""


def can_leave_screen(app: App[Any]) -> bool:
    """Returns whether the app runs in a terminal that it can leave to a program: a browser is none,
    and only one program can have it."""
    driver = app._driver
    if driver is None or not driver.can_suspend:
        return False
    return all(worker.is_finished for worker in app.workers if worker.group == _GROUP)


def leave_screen(app: App[Any], work: Coroutine[Any, Any, None]) -> None:
    """Runs what leaves the screen to a program, with all that it has to do before and after."""
    app.run_worker(work, group=_GROUP)
