"""The families that messages belong to, and the style of each: what was said stands out, and what
only counts or measures does not.

A style is a colour or a weight of the theme. It always stands at the type's word, so no meaning is
in the colour alone.
"""

from typing import Final, NamedTuple

from mdxdash.catalog.lookup import find
from mdxdash.catalog.user_words import WORDS_TYPE
from mdxdash.language.translation import N_

_FAMILIES: Final = {
    **dict.fromkeys(("speech-recognition",), "user"),
    **dict.fromkeys(("speech-synthesis", "lipsync", "audio-stream"), "speech"),
    **dict.fromkeys(("motion", "move", "model", "capture"), "motion"),
    **dict.fromkeys(("variable", "timer"), "state"),
}
"""The catalog's categories by their family; all others are the system's."""

_REMEMBERED: Final = 4096
"""Types whose family is remembered, at most: an agent may send endless different types."""


class FamilyStyle(NamedTuple):
    """The names of two styles of `RowList`; empty for plain text."""

    type: str
    arguments: str


_PLAIN: Final = FamilyStyle("", "")
_STYLES: Final = {
    "user": FamilyStyle("user", ""),
    "speech": FamilyStyle("speech", ""),
    "motion": FamilyStyle("motion", ""),
    "state": FamilyStyle("quiet", "quiet"),
}

FAMILIES: Final = (
    ("RECOG_EVENT_STOP", N_("what the user said, in bold: the words too"), "user"),
    ("SYNTH_START", N_("what the agent says, in a colour of its own"), "speech"),
    ("MOTION_ADD", N_("models and their motions, in another colour"), "motion"),
    ("TIMER_START", N_("variables and timers, dim: their arguments too"), "quiet"),
)
"""Each family by one of its messages: what belongs to it, and its style."""

_styles: dict[str, FamilyStyle] = {}


def family_style(type_: str) -> FamilyStyle:
    """Returns the style of a message type, which is looked up once."""
    style = _styles.get(type_)
    if style is None:
        if len(_styles) >= _REMEMBERED:
            _styles.clear()
        style = _styles[type_] = _style(type_)
    return style


def _style(type_: str) -> FamilyStyle:
    if type_ == WORDS_TYPE:
        return FamilyStyle("user", "user")
    entry = find(type_)
    return _PLAIN if entry is None else _STYLES.get(_FAMILIES.get(entry.category, ""), _PLAIN)
