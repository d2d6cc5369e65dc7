"""Replaces what users said by its length, in every event that contains it.

That takes two passes: `Anonymity.learn` takes all events of a session and finds what was said, and
`Anonymity.hide` replaces it wherever it stands.
"""

import re
from operator import add
from typing import Final

import msgspec

from mdxdash.catalog.user_words import WORDS_TYPE
from mdxdash.dialogue.remdis_lanes import row_text
from mdxdash.events.event import Event

SILENT_MODULES: Final = frozenset(
    {
        "Audio",
        "Flite_plus_hts_engine",
        "LookAt",
        "MMDAgent",
        "Open_JTalk",
        "Remote",
        "TextArea",
        "VIManager",
        "Variables",
        "WindowController",
    }
)
"""Modules of MMDAgent-EX that hear nothing. The text of a log line of any other one, as of a
recogniser, is replaced whole: nothing says where in it the words are."""

REMDIS_SAYS: Final = frozenset({"dialogue", "tts"})
"""Rows of Remdis with what the system says; all others may have what was heard."""

_AFTER_TYPE: Final = re.compile(rf"({WORDS_TYPE}[^\w]+)(.+)", re.DOTALL | re.IGNORECASE)
"""The words in a text with their message: all that follows, since where they end is unknown."""

_PLAIN_TYPE: Final = re.compile(r"[A-Z0-9_,]*")

_LONGEST: Final = 200
"""Characters that are compared of what was said. Of more, all that follows is replaced, too."""

_SHORTEST_INSIDE: Final = 5
"""From so many ASCII letters on, a text is also found inside a word."""


def length_of(words: str) -> str:
    """Returns what stands for words: `(5 characters)`."""
    return f"({len(words)} character{'' if len(words) == 1 else 's'})"


class Anonymity:
    """What the users of one session said, and the events of the session without it."""

    def __init__(self) -> None:
        self._lengths: dict[str, set[int]] = {}
        """By the first two characters of what was said: how long it is."""
        self._said: set[str] = set()

    def learn(self, event: Event) -> None:
        """Takes note of what the user says in an event."""
        if _has_words(event.type):
            self._add(event.args)
        if event.by == "remdis" and event.module == "asr":
            self._add(row_text(event))
        for text in (event.type, event.args, event.text):
            # Behind a blank, as in a filter, follows what mdxdash says itself.
            if text and (found := _AFTER_TYPE.search(text)) and found[1][-1] == "|":
                self._add(found[2])

    def hide(self, event: Event) -> Event:
        """Returns the event without what was said; the same one if there is nothing of it.

        Its type stays where it can be one of MMDAgent-EX, and so do its agent and its module. Bytes
        that were no UTF-8 are left out: they may be words.
        """
        type_, args, text = event.type, event.args, event.text
        if _has_words(type_):
            own, args = args, length_of(args) if args else ""
            # Without a bar, the reason of a refusal may repeat the words, and a line may be them.
            if own:
                text = _without_type(text).replace(own, args)
            elif text:
                text = length_of(text)
        elif text and _may_be_heard(event):
            text = length_of(row_text(event) if event.by == "remdis" else text)
            args = self._without(args)
        else:
            args, text = self._without(args), _without_type(text)
        text = self._without_said(text)
        if not _PLAIN_TYPE.fullmatch(type_):
            type_ = self._without(type_)
        if event.by == "remdis" and text != event.text:
            args = "|".join(args.split("|")[:3])  # without the length of what stood there
        if (type_, args, text, "") == (event.type, event.args, event.text, event.undecoded):
            return event
        return msgspec.structs.replace(event, type=type_, args=args, text=text, undecoded="")

    def _add(self, words: str) -> None:
        for each in {words, *words.split("|")}:
            said = _lower(each.strip(" \t\r\n,.;:!?、。！？「」\"'"))[:_LONGEST]
            # A shorter one is in too many texts, and tells nothing about who said it.
            if len(said) >= (3 if said.isascii() else 2):
                self._said.add(said)
                self._lengths.setdefault(said[:2], set()).add(len(said))

    def _without(self, text: str) -> str:
        return self._without_said(_without_type(text)) if text else text

    def _without_said(self, text: str) -> str:
        """Returns a text with what was said in it replaced, the longest first."""
        lower = _lower(text)
        # Few texts get past this: it is one pass without a loop of Python's.
        if self._lengths.keys().isdisjoint(map(add, lower, lower[1:])):
            return text
        pieces, done, position = [], 0, 0
        while position < len(text) - 1:
            end = self._end_of_said(lower, position)
            if not end:
                position += 1
                continue
            pieces += [text[done:position], length_of(text[position:end])]
            done = position = end
        return "".join([*pieces, text[done:]])

    def _end_of_said(self, lower: str, start: int) -> int:
        """Returns where what was said ends that begins at `start`; 0 if nothing begins there."""
        for length in sorted(self._lengths.get(lower[start : start + 2], ()), reverse=True):
            end = start + length
            if lower[start:end] not in self._said:
                continue
            if length >= _LONGEST:
                return len(lower)
            if length >= _SHORTEST_INSIDE or not (
                _in_ascii_word(lower, start) or _in_ascii_word(lower, end)
            ):
                return end
        return 0


def _has_words(type_: str) -> bool:
    """Returns whether it is the type of the words, also in a form that the agent does not read."""
    return WORDS_TYPE in type_.upper()


def _may_be_heard(event: Event) -> bool:
    """Returns whether a text may be words in a form that nobody knows."""
    if event.kind != "log" or event.type:
        return False
    if event.by == "remdis":
        return event.module not in REMDIS_SAYS
    # Recordings of before each program had its name in `by` have `program`.
    if event.by.partition("-")[0] == "program":
        return event.level == "stderr"
    return event.module not in SILENT_MODULES


def _without_type(text: str) -> str:
    """Returns a text without what follows the type of the words in it."""
    return _AFTER_TYPE.sub(lambda found: found[1] + length_of(found[2]), text)


def _lower(text: str) -> str:
    """Returns a text in lower case, of the same length: `İ` would become two characters."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in text)


def _in_ascii_word(text: str, position: int) -> bool:
    """Returns whether an ASCII word goes on over a position."""
    if not 0 < position < len(text):
        return False
    before, behind = text[position - 1], text[position]
    return before.isascii() and behind.isascii() and before.isalnum() and behind.isalnum()
