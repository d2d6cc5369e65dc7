"""The text of an event in the language in use. mdxdash writes it in English, for the recording."""

from typing import Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.text import marks, payload
from mdxdash.language.translation import N_, _, localized

_LONGEST: Final = 1_000
"""Characters of a text that is looked up; what mdxdash writes itself is shorter."""

_OTHERS_WORDS: Final = frozenset({"received", "log"})
"""Events whose text an agent has written."""


def event_text(event: Event) -> str:
    """Returns the event's text: in the language in use what mdxdash has written, else as it is."""
    if event.kind in _OTHERS_WORDS or len(event.text) > _LONGEST:
        return event.text
    return localized(event.text)


def event_payload(event: Event) -> str:
    """Returns the event's message, or its text as `event_text` has it."""
    text = event_text(event)
    return payload(event if text == event.text else msgspec.structs.replace(event, text=text))


_MARKS: Final = (N_("no echo"), N_("echo"), N_("cut"))
"""Those in words; the others are signs and numbers."""


def event_marks(event: Event) -> str:
    """Returns the marks of an event, in the language in use."""
    noted = marks(event)
    for mark in _MARKS:
        if noted == mark:
            return _(mark)
    return noted.replace("cut", _("cut")) if event.cut else noted
