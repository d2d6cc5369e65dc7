"""Measures the contrast of every text and of the borders that carry meaning, in every theme.

`python -m tests.contrast` prints the table: the lowest contrasts of each theme, and where they are.
Of the ANSI themes, whose colours are the terminal's, it counts what is not the default pair.
"""

import asyncio
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from rich.color import Color as RichColor
from rich.style import Style as RichStyle
from textual.color import Color
from textual.widget import Widget

from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.contrast import contrast_ratio
from mdxdash.tui.themes import BARS, BORDER_CONTRAST, BORDERS, TEXT_CONTRAST
from mdxdash.tui.views.dialogue_views import VIEWS
from mdxdash.tui.widgets.lists.row_list import RowList
from tests.support.apps import loaded, press
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
        await loaded(app, pilot)
        for place, keys in SCREENS.items():
            if place not in places:
                continue
            await app.dashboard.action_view("events")
            app.dashboard.stream.follow()
            await press(pilot, *keys)
            for name in names:
                app.theme = name
                await pilot.pause()
                found[name][place] = list(contrasts(app))
            while len(app.screen_stack) > 1:
                await app.pop_screen()
            app.dashboard.filter_bar.text = ""
            app.dashboard.composer.write([])
    return found


def fixed_themes(app: MdxdashApp) -> list[str]:
    """The themes whose colours do not depend on the terminal."""
    return [name for name, theme in app.available_themes.items() if not theme.ansi]


def ansi_themes(app: MdxdashApp) -> list[str]:
    """The themes whose colours are the terminal's."""
    return [name for name, theme in app.available_themes.items() if theme.ansi]


def strange_colours(app: MdxdashApp) -> Iterator[str]:
    """What stands on the screen now in another colour than the terminal's own pair, or dim."""
    for strip in app.screen._compositor.render_strips(app.size):
        for segment in strip:
            style = segment.style
            if style is None:
                continue
            colours = (style.color, style.bgcolor)
            if style.dim or any(each and not each.is_default for each in colours):
                yield f"{segment.text.strip()!r} {style}"


def unmarked(app: MdxdashApp) -> Iterator[str]:
    """What carries meaning now and is told from the rest by neither bold nor reverse."""
    strips = app.screen._compositor.render_strips(app.size)

    def styles(x: int, y: int) -> RichStyle:
        return next(iter(strips[y].crop(x, x + 1))).style or RichStyle()

    focused = app.focused
    if isinstance(focused, RowList) and 0 <= focused.cursor < focused.row_count:
        region = focused.scrollable_content_region
        y = region.y + focused.cursor * focused.LINES_PER_ROW - focused.scroll_offset.y
        if region.y <= y < region.bottom and not styles(region.x, y).reverse:
            yield f"the row under the cursor in {focused.id}"
    for pane in app.screen.query("#agents, #types, #macros, #stream-pane, #composer"):
        has_title = pane.display and pane.has_focus_within and pane.border_title
        if has_title and not styles(pane.region.x + 3, pane.region.y).reverse:
            yield f"the title of {pane.id}, which has the focus"
    pane = app.dashboard.stream_pane
    if pane.has_focus_within and len(app.screen_stack) == 1:
        title = strips[pane.region.y].crop(pane.region.x, pane.region.right)
        names = {name for _view, name in VIEWS}
        bold = [text for text, style, _ in title if style and style.bold and text in names]
        if len(bold) != 1:
            yield f"the view that is shown, among {names}"
    is_shown = len(app.screen_stack) == 1 and app.dashboard.lost.display
    if (
        is_shown
        and not styles(app.dashboard.lost.region.x + 1, app.dashboard.lost.region.y).reverse
    ):
        yield "the lost agent"


async def measure_ansi(
    app: MdxdashApp, names: list[str], places: Collection[str] = SCREENS
) -> dict[str, list[str]]:
    """What is wrong in each theme: `strange_colours` and `unmarked`, with the place."""
    wrong: dict[str, list[str]] = {name: [] for name in names}
    async with app.run_test(size=(160, 45)) as pilot:
        await loaded(app, pilot)
        for place in places:
            await app.dashboard.action_view("events")
            app.dashboard.stream.follow()
            await press(pilot, *SCREENS[place])
            for name in names:
                app.theme = name
                await pilot.pause()
                found = (*strange_colours(app), *unmarked(app))
                wrong[name] += [f"{place}: {each}" for each in found]
            while len(app.screen_stack) > 1:
                await app.pop_screen()
            app.dashboard.filter_bar.text = ""
            app.dashboard.composer.write([])
    return wrong


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        app = scene(Path(folder), monkeypatch)
        found = asyncio.run(measure(app, fixed_themes(app)))
        app = scene(Path(folder), monkeypatch)
        ansi = asyncio.run(measure_ansi(app, ansi_themes(app)))
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

    print(f"{'theme of the terminal':24}  not its own pair, or unmarked")
    for name, wrong in ansi.items():
        print(f"{name:24}{len(wrong):8}")
        for each in wrong[:12]:
            print(f"    {each}")


if __name__ == "__main__":
    main()
