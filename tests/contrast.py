"""Measures the contrast of every text and of the borders that carry meaning, in every theme.

`python -m tests.contrast` prints the table: the lowest contrasts of each theme, and where they are.
"""

import asyncio
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from rich.color import Color as RichColor
from textual.color import Color
from textual.widget import Widget

from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.contrast import contrast_ratio
from mdxdash.tui.themes import BARS, BORDER_CONTRAST, BORDERS, TEXT_CONTRAST
from tests.support.dashboard_scene import scene

SCREENS: Final[dict[str, tuple[str, ...]]] = {
    "stream": ("up", "up", "b", "shift+up"),
    "types": ("t",),
    "an error in the filter": ("slash", "left_parenthesis"),
    "composer": ("c", *"SYNTH_START|"),
    "a refused line": ("c", *"A|", "enter"),
    "conversation": ("C",),
    "timeline": ("T",),
    "help": ("question_mark",),
    "connections": ("v",),
    "statistics": ("z",),
    "quit": ("q",),
    "macro form": ("m", "plus"),
    "runs": ("u",),
    "event": ("up", "enter"),
}


class Contrast(NamedTuple):
    """A text or a border on the screen."""

    ratio: float
    is_border: bool
    text: str
    foreground: str
    background: str

    @property
    def enough(self) -> bool:
        """Whether it can be read."""
        return self.ratio >= (BORDER_CONTRAST if self.is_border else TEXT_CONTRAST) - 0.005


def contrasts(app: MdxdashApp) -> Iterator[Contrast]:
    """What stands on the screen now. Text behind a dialog is not to be read."""
    covered = len(app.screen_stack) > 1
    for y, strip in enumerate(app.screen._compositor.render_strips(app.size)):
        x = 0
        for segment in strip:
            text = segment.text.strip()
            style = segment.style
            widget = app.screen.get_widget_at(x, y)[0]
            x += segment.cell_length
            if not text or style is None or (covered and widget is app.screen):
                continue
            if widget.disabled or widget.has_pseudo_classes({"disabled"}):
                continue
            if set(text) <= BARS:
                continue
            foreground, background = _colour(style.color), _colour(style.bgcolor)
            if style.reverse:
                foreground, background = background, foreground
            is_border = set(text) <= BORDERS
            if is_border and not _is_focused(widget):
                continue  # the border of a pane without the focus means nothing
            ratio = contrast_ratio(foreground, background)
            yield Contrast(ratio, is_border, text, foreground.hex, background.hex)


def _is_focused(widget: Widget) -> bool:
    return widget.has_focus_within and not widget.has_class("-textual-system")


def _colour(colour: RichColor | None) -> Color:
    assert colour is not None
    return Color.from_rich_color(colour)


async def measure(
    app: MdxdashApp, names: list[str], places: Collection[str] = SCREENS
) -> dict[str, dict[str, list[Contrast]]]:
    """The contrasts of each theme, by screen."""
    found: dict[str, dict[str, list[Contrast]]] = {name: {} for name in names}
    async with app.run_test(size=(160, 45)) as pilot:
        while not app.stream.is_attached:
            await pilot.pause()
        for place, keys in SCREENS.items():
            if place not in places:
                continue
            await app.action_view("events")
            app.stream.follow()
            await pilot.press(*keys)
            for name in names:
                app.theme = name
                await pilot.pause()
                found[name][place] = list(contrasts(app))
            while len(app.screen_stack) > 1:
                await app.pop_screen()
            app.filter_bar.text = ""
            app.composer.write([])
    return found


def fixed_themes(app: MdxdashApp) -> list[str]:
    """The themes whose colours do not depend on the terminal."""
    return [name for name, theme in app.available_themes.items() if not theme.ansi]


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        app = scene(Path(folder), monkeypatch)
        found = asyncio.run(measure(app, fixed_themes(app)))
    print(f"{'theme':24}{'texts':>8}{'lowest':>9}{'below':>7}  borders  below")
    for name, places in found.items():
        every = {each for seen in places.values() for each in seen}
        texts = [each for each in every if not each.is_border]
        borders = [each for each in every if each.is_border]
        low = [each for each in texts if not each.enough]
        low_borders = [each for each in borders if not each.enough]
        print(
            f"{name:24}{len(texts):8,}{min(each.ratio for each in texts):9.2f}{len(low):7}"
            f"{min(each.ratio for each in borders):9.2f}{len(low_borders):7}"
        )
        pairs = {(each.foreground, each.background): each for each in (*low, *low_borders)}
        for each in sorted(pairs.values())[:12]:
            where = next(place for place, seen in places.items() if each in seen)
            print(
                f"    {each.ratio:5.2f}  {each.foreground} on {each.background}  {where}: "
                f"{each.text[:40]}"
            )


if __name__ == "__main__":
    main()
