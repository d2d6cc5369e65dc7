"""A new title in the border of a pane: what is in the pane is not drawn again for it."""

from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Region

from mdxdash.tui.widgets.titled_pane import TitledPane
from tests.support.apps import screen_text


class OnePane(App[None]):
    CSS = "TitledPane { border: round white; padding: 1 2; margin: 1; height: 9; }"

    def __init__(self) -> None:
        super().__init__()
        self.pane = TitledPane()

    def compose(self) -> ComposeResult:
        yield self.pane


def to_draw(pane: TitledPane) -> set[Region]:
    """What is to be drawn of it, in cells from its left upper corner."""
    return set(pane._repaint_regions)


async def test_only_the_border_is_drawn_for_a_new_title():
    async with OnePane().run_test(size=(40, 12)) as pilot:
        pane = pilot.app.pane
        await pilot.pause()
        pane.show_title(Content("流れ · 3"))
        assert to_draw(pane) == {Region(0, 0, pane.outer_size.width, 1)}
        await pilot.pause()
        assert "流れ · 3" in screen_text(pilot.app)


async def test_the_same_title_in_another_style_is_drawn():
    async with OnePane().run_test(size=(40, 12)) as pilot:
        pilot.app.pane.show_title(Content.styled("held", "dim"))
        await pilot.pause()
        pilot.app.pane.show_title(Content.styled("held", "bold"))
        assert to_draw(pilot.app.pane)


async def test_nothing_is_drawn_for_the_same_title():
    async with OnePane().run_test(size=(40, 12)) as pilot:
        pilot.app.pane.show_title(Content("held"))
        await pilot.pause()
        pilot.app.pane.show_title(Content("held"))
        assert not to_draw(pilot.app.pane)


async def test_all_of_it_is_drawn_when_asked_for():
    async with OnePane().run_test(size=(40, 12)) as pilot:
        pane = pilot.app.pane
        pane.show_title(Content("held"))
        await pilot.pause()
        pane.refresh()
        assert pane.outer_size.region in to_draw(pane)
