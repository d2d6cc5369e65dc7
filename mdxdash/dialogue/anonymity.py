"""Replaces what users said by its length, in every event that contains it."""

import re
from typing import Final

import msgspec

from mdxdash.events.event import Event

WORDS_TYPE: Final = "RECOG_EVENT_STOP"
"""The message with the words of the user."""

RECOGNISERS: Final = ("Julius", "Plugin_Julius")
"""Modules whose log lines may hold what was heard."""

REMDIS_HEARS: Final = ("asr", "turn")
"""Rows of Remdis with what was heard."""

_IN_TEXT: Final = re.compile(rf"{WORDS_TYPE}\|(.*)", re.DOTALL)


def length_of(words: str) -> str:
    """Returns what stands for words: `(5 characters)`."""
    return f"({len(words)} character{'' if len(words) == 1 else 's'})"


def anonymous(event: Event) -> Event:
    """Returns the event without what the user said; the same one if there is nothing of it.

    In a log line all that follows the message is replaced: where the words end in it is not known.
    """
    if event.type == WORDS_TYPE and event.args:
        words = length_of(event.args)
        text = f"{WORDS_TYPE}|{words}" if event.kind == "log" else event.text
        return msgspec.structs.replace(event, args=words, text=text, undecoded="")
    if not event.text:
        return event
    is_heard = event.module.startswith(RECOGNISERS) or _is_of_remdis(event)
    if event.kind == "log" and not event.type and is_heard:
        return msgspec.structs.replace(event, text=length_of(event.text), undecoded="")
    if WORDS_TYPE not in event.text:
        return event
    text = _IN_TEXT.sub(lambda found: f"{WORDS_TYPE}|{length_of(found[1])}", event.text)
    return msgspec.structs.replace(event, text=text, undecoded="")


def _is_of_remdis(event: Event) -> bool:
    return event.by == "remdis" and event.module in REMDIS_HEARS
