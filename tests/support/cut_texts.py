"""Finds what has no room on the screen: texts, labels, titles."""

from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input, Static


def cut_texts(screen: Screen[object]) -> list[str]:
    """Returns what of the widgets of a screen is cut, or outside of what can be scrolled to.
    Rows of events and macros are data, and not looked at."""
    return [
        f"{type(widget).__name__} {widget.id or ''}: {text}"
        for widget in screen.query("*")
        if widget.is_attached and widget.display and widget.region.width
        for text in _cut(widget)
    ]


def _cut(widget: Widget) -> Iterator[str]:
    size = widget.content_region.size
    if isinstance(widget, Input) and cell_len(widget.placeholder) > size.width:
        yield widget.placeholder
    if isinstance(widget, Button) and cell_len(str(widget.label)) > size.width:
        yield str(widget.label)
    if isinstance(widget, Static) and size.height:
        needed = widget.visual.get_height(widget.styles, size.width)
        if needed > size.height:
            yield f"{needed} lines in {size.height}: {widget.visual}"
    if widget.styles.border_top[0] and widget.border_title:
        title = Content.from_markup(str(widget.border_title))
        if title.cell_length > widget.region.width - 4:
            yield title.plain
    if isinstance(widget, Button | Static | Input) and not _is_whole(widget):
        yield f"outside of its screen: {widget}"


def _is_whole(widget: Widget) -> bool:
    """Whether a widget can be seen whole, or scrolled to."""
    around = [each for each in widget.ancestors_with_self if isinstance(each, Widget)]
    if any(each.allow_vertical_scroll for each in around) or widget.styles.overlay == "screen":
        return True
    geometry = widget.screen.find_widget(widget)
    return geometry.clip.contains_region(geometry.region)
