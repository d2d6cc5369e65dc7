"""What every dialog does: it can be left at any time."""

import asyncio

import pytest
from textual.app import App

from mdxdash.tui.screens.dialogs.confirm import ConfirmDialog
from mdxdash.tui.screens.macro_dialogs.macro_form import MacroForm


@pytest.mark.parametrize("turns", range(2, 24))
async def test_a_dialog_that_is_left_while_it_is_mounted_is_left_and_no_more(turns: int) -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        form = MacroForm("New", {}, (), None, lambda macro: None)
        app.push_screen(form)
        for _ in range(turns):  # how far it gets, turn by turn of the event loop
            await asyncio.sleep(0)
        form.dismiss(None)
        while len(app.screen_stack) > 1:
            await pilot.pause(0.01)


@pytest.mark.parametrize("turns", [0, 5, 100])
async def test_a_dialog_is_left_once_with_the_first_result(turns: int) -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        results: list[bool | None] = []
        app.push_screen(ConfirmDialog("below", "", yes="Yes", no="No"))
        await pilot.pause()
        below = app.screen
        dialog = ConfirmDialog("above", "", yes="Yes", no="No")
        app.push_screen(dialog, results.append)
        for _ in range(turns):
            await asyncio.sleep(0)
        dialog.dismiss(False)
        dialog.dismiss(True)
        while dialog.is_attached:
            await pilot.pause(0.01)
        assert results == [False]
        assert app.screen is below
