"""Two sessions side by side while they are still laid out, and when they are laid out anew."""

from textual.app import App

from mdxdash.dialogue.comparison import Comparison
from mdxdash.dialogue.turn import Turn
from mdxdash.tui.screens.comparing.two_sessions import Compared, TwoSessionsScreen

ALIKE = 3_000


def turns(count: int) -> list[Turn]:
    return [Turn(n, "chat", float(n), words=f"words {n}", complete=True) for n in range(count)]


def screen() -> TwoSessionsScreen:
    """Sessions of which the last turn differs."""
    compared = Compared(Comparison(turns(ALIKE), turns(ALIKE + 1)), "old", "new")
    return TwoSessionsScreen(compared, None)


async def test_a_difference_that_is_not_laid_out_yet_is_gone_to_when_it_is() -> None:
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        shown = screen()
        await app.push_screen(shown)
        shown.pairs.action_difference(1)
        assert not shown.pairs.complete
        while shown.pairs.current is None or shown.pairs.current.difference != "new":
            await pilot.pause(0.02)
        assert not app._notifications


async def test_the_pair_stays_when_the_screen_gets_another_width() -> None:
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        shown = screen()
        await app.push_screen(shown)
        while not shown.pairs.complete:
            await pilot.pause(0.02)
        shown.pairs.action_difference(1)
        await pilot.resize_terminal(120, 24)
        while not shown.pairs.complete or shown.pairs.current is None:
            await pilot.pause(0.02)
        await pilot.pause(0.1)
        assert shown.pairs.current.difference == "new"
