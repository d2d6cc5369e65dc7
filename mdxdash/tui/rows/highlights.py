"""The user's own highlights: rows that match a filter stand out in a colour, with a sign."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from mdxdash.events.event import Event
from mdxdash.filters.context import Context
from mdxdash.filters.error import FilterError
from mdxdash.filters.filter import parse


class _Highlight(NamedTuple):
    matches: Callable[[Event], bool]
    style: str


class Highlights:
    """Decides for each drawn row whether it stands out; the first filter that matches counts."""

    def __init__(self, colours: Mapping[str, str], context: Context) -> None:
        """`colours` is the colour by the text of its filter, as the settings have it. A text that
        is no filter is left out: whoever starts the dashboard reports it. A filter whose regular
        expression takes too long matches nothing from then on."""
        self._highlights: list[_Highlight] = []
        for text, colour in colours.items():
            with suppress(FilterError):
                matches = parse(text).compile(context, lambda reason: None)
                self._highlights.append(_Highlight(matches, f"highlight-{colour}"))

    def __bool__(self) -> bool:
        return bool(self._highlights)

    def style_of(self, event: Event) -> str:
        """Returns the name of the style of an event's row; empty where no highlight matches."""
        for highlight in self._highlights:
            if highlight.matches(event):
                return highlight.style
        return ""
