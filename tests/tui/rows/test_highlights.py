"""The user's own highlights."""

import pytest

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.filters.context import Context
from mdxdash.filters.view import View
from mdxdash.settings.model import HIGHLIGHT_COLOURS
from mdxdash.tui.rows.highlights import Highlights
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.widgets.lists.row_list import STYLES

CONTEXT = Context(now=lambda: 0.0, marked=())


def event(type_: str, args: str = "") -> Event:
    return Event(1, 0.0, "received", "chat", type_, args)


def test_the_first_filter_that_matches_gives_the_style() -> None:
    highlights = Highlights({"type:A": "success", "x": "error"}, CONTEXT)
    assert highlights
    assert highlights.style_of(event("A", "x")) == "highlight-success"
    assert highlights.style_of(event("B", "x")) == "highlight-error"
    assert highlights.style_of(event("B")) == ""


def test_without_highlights_nothing_is_asked() -> None:
    assert not Highlights({}, CONTEXT)


def test_a_text_that_is_no_filter_is_left_out() -> None:
    highlights = Highlights({"type:": "error", "type:A": "success"}, CONTEXT)
    assert highlights.style_of(event("A")) == "highlight-success"


@pytest.mark.parametrize("colour", HIGHLIGHT_COLOURS)
def test_each_colour_has_a_style(colour: str) -> None:
    assert f"highlight-{colour}" in STYLES


def test_a_row_that_stands_out_has_a_sign_and_its_colour() -> None:
    log = EventLog()
    stream = Stream(View(log, lambda: 0.0), highlights={"type:A": "success"})
    log.append("received", "chat", "A", "x")
    log.append("received", "chat", "B", "x")
    stream.view.advance(1.0)
    first, other = (list(stream.row_parts(row, 0, 100)) for row in (0, 1))
    assert (first[0].text, first[0].style) == ("»", "highlight-success")
    assert {part.style for part in first if "A" in part.text} == {"highlight-success"}
    assert other[0].text == " "
