"""Texts that are given again and again: drawn when they change, and only then."""

from textual.app import App, ComposeResult
from textual.content import Content
from textual.visual import Visual

from mdxdash.tui.widgets.live_text import LiveText
from tests.support.apps import screen_text


class Counted(LiveText):
    """Counts how often it is drawn."""

    drawn = 0

    def render(self) -> Visual:
        self.drawn += 1
        return super().render()


class OneText(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.text = Counted()

    def compose(self) -> ComposeResult:
        yield self.text


async def test_the_same_text_is_not_drawn_again():
    async with OneText().run_test() as pilot:
        text = pilot.app.text
        text.show_text("接続 1")
        await pilot.pause()
        before = text.drawn
        for _ in range(5):
            text.show_text("接続 1")
            await pilot.pause()
        assert text.drawn == before


async def test_another_text_is_drawn():
    async with OneText().run_test() as pilot:
        pilot.app.text.show_text("接続 1")
        await pilot.pause()
        pilot.app.text.show_text("接続 2")
        await pilot.pause()
        assert "接続 2" in screen_text(pilot.app)


async def test_the_same_text_in_another_style_is_drawn():
    async with OneText().run_test() as pilot:
        text = pilot.app.text
        text.show_text(Content.styled("late", "dim"))
        await pilot.pause()
        before = text.drawn
        text.show_text(Content.styled("late", "bold"))
        await pilot.pause()
        assert text.drawn > before


async def test_a_text_is_no_markup():
    async with OneText().run_test() as pilot:
        pilot.app.text.show_text("ws://[::1]:9001/[bold]")
        await pilot.pause()
        assert "ws://[::1]:9001/[bold]" in screen_text(pilot.app)


async def test_a_text_gets_more_room_where_it_may_need_it():
    async with OneText().run_test() as pilot:
        text = pilot.app.text
        text.show_text("一")
        await pilot.pause()
        text.show_text("一\n二")
        await pilot.pause()
        assert text.size.height == 1
        text.show_text("一\n二\n三", layout=True)
        await pilot.pause()
        assert text.size.height == 3
