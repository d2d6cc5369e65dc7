"""How soon a screen is drawn when something on it has changed."""

from typing import Final

from textual import screen

DRAWING_DELAY: Final = 0.002
"""Seconds from a change to the drawing of it, at most twice so many. In Textual it is a sixtieth of
a second: in a flood a key waits up to 33 ms for it, since the frame before was just drawn. What
changes together is still drawn together, and the frames of a flood come no faster."""


def draw_soon() -> None:
    """Lets every screen that is shown first from now on be drawn within `DRAWING_DELAY`."""
    # Textual has no setting for it but a variable of the environment, which it reads when it is
    # imported, and which programs that are started here would inherit (`TEXTUAL_FPS`).
    vars(screen)["UPDATE_PERIOD"] = DRAWING_DELAY
