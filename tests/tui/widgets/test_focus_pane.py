"""The frame of a pane shows whether the focus is within it; the styles of what is in the pane are
not worked out again for that."""

from collections.abc import Iterable

import pytest
from textual.app import App, ComposeResult
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widgets import Input, Label

from mdxdash.tui.widgets.focus_pane import FocusPane


class TwoPanes(App[None]):
    CSS = """
    FocusPane { border: round white; height: 5; }
    FocusPane.-focus-within { border: round red; }
    """

    def compose(self) -> ComposeResult:
        with FocusPane(id="left"):
            yield Input(id="first")
            yield Input(id="second")
            yield Label("静か", id="quiet")
        with FocusPane(id="right"):
            yield Input(id="third")


def framed(app: App[None]) -> list[str | None]:
    """The panes whose frame is red."""
    frames = app.query(FocusPane)
    return [frame.id for frame in frames if frame.styles.border_top[1].css == "rgb(255,0,0)"]


@pytest.mark.parametrize(
    ("focused", "expected"),
    [("#first", ["left"]), ("#second", ["left"]), ("#third", ["right"]), (None, [])],
)
async def test_the_frame_shows_where_the_focus_is(focused: str | None, expected: list[str]):
    async with TwoPanes().run_test() as pilot:
        for first in ("#first", "#third"):
            pilot.app.query_one(first).focus()
            await pilot.pause()
            pilot.app.set_focus(pilot.app.query_one(focused) if focused else None)
            await pilot.pause()
            assert framed(pilot.app) == expected


async def test_the_styles_of_what_is_in_it_stay(monkeypatch: pytest.MonkeyPatch):
    async with TwoPanes().run_test() as pilot:
        pilot.app.query_one("#third").focus()
        await pilot.pause()
        restyled: set[str | None] = set()
        update = Stylesheet.update_nodes

        def noted(sheet: Stylesheet, nodes: Iterable[DOMNode], animate: bool = False) -> None:
            nodes = list(nodes)
            restyled.update(node.id for node in nodes)
            update(sheet, nodes, animate)

        monkeypatch.setattr(Stylesheet, "update_nodes", noted)
        pilot.app.query_one("#first").focus()
        await pilot.pause()
        assert framed(pilot.app) == ["left"]
        assert not restyled & {"second", "quiet"}
