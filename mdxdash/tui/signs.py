"""The signs of the screen, and the legend of all of them for the help screen and the README."""

import unicodedata
from typing import Final

from mdxdash.events.text import SIGN_MEANINGS
from mdxdash.language.translation import N_
from mdxdash.tui.rows.message_families import FAMILIES

CONNECTED: Final = "●"
SILENT: Final = "◌"
GONE: Final = "○"
UPSTREAM: Final = "⇄"
UNKNOWN: Final = "?"
MARKED: Final = "▌"
HIGHLIGHTED: Final = "»"
TYPE_SHOWN: Final = "■"
TYPE_HIDDEN: Final = "□"
RUNNING: Final = "▶"
PASSED: Final = "✓"
FAILED: Final = "✕"
STOPPED: Final = "■"
FAULT: Final = "!"

_ASCII: Final = {
    # Events, agents, macros; how sure something is; what goes where.
    "●": "*",
    "○": "o",
    "◌": "~",
    "◆": "^",
    "◇": "_",
    "◉": "*",
    "■": "#",
    "□": "-",
    "▶": ">",
    "▸": ">",
    "▾": "v",
    "▼": "v",
    "▲": "^",
    "✓": "v",
    "✔": "v",
    "✕": "x",
    "✗": "x",
    "╳": "X",
    "»": "+",
    "«": "<",
    "←": "<",
    "→": ">",
    "↑": "^",
    "↓": "v",
    "⇐": "(",
    "⇒": ")",
    "⇄": "=",
    "↯": "/",
    "⚡": "/",
    "♪": "&",
    "⌫": "<",
    "⏎": "<",
    "␊": "n",
    "␛": "e",
    "␡": "d",
    # In texts.
    "…": "~",
    "‥": "~",
    "·": ".",
    "×": "x",
    "±": "+",
    "–": "-",
    "—": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "°": "o",
    "∞": "8",
    "\ufffd": "?",
    # Bars, sparklines, lanes, scroll bars.
    **dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True)),
    **dict.fromkeys("▏▎▍▌▋▊▉▐▕", "|"),
    **dict.fromkeys("▔▀", "-"),
    **dict(zip("░▒▓", ":%#", strict=True)),
}


def ascii_table() -> dict[int, str]:
    """Returns what stands for each sign of the screen in a terminal that draws some of them two
    cells wide, for `str.translate`: a character of ASCII for each, lines and corners of borders
    included. It is the same for a sign wherever it stands, also in a text of others."""
    lines = {}
    for code in range(0x2500, 0x2580):
        name = unicodedata.name(chr(code))
        is_line = not {"AND", "DIAGONAL"}.intersection(name.split())
        ends = name.endswith(("HORIZONTAL", "LEFT", "RIGHT"))
        upright = name.endswith(("VERTICAL", "UP", "DOWN"))
        lines[code] = "-" if is_line and ends else "|" if is_line and upright else "+"
    eighths = {code: "|" if code < 0x1FB76 else "-" for code in range(0x1FB70, 0x1FB7C)}
    eighths |= {code: "-" if code < 0x1FB87 else "|" for code in range(0x1FB82, 0x1FB8C)}
    return lines | eighths | {ord(sign): plain for sign, plain in _ASCII.items()}


LEGEND: Final = (
    (
        N_("Events"),
        (
            *SIGN_MEANINGS.items(),
            (MARKED, N_("a marked row")),
            (HIGHLIGHTED, N_("a row that a highlight of the settings matches")),
        ),
    ),
    (
        N_("Families of messages"),
        tuple((type_, meaning) for type_, meaning, style in FAMILIES),
    ),
    (
        N_("Agents"),
        (
            (CONNECTED, N_("connected")),
            (SILENT, N_("connected, but silent for some time")),
            (GONE, N_("gone")),
            (UPSTREAM, N_("relayed to the server behind mdxdash")),
        ),
    ),
    (
        N_("Types"),
        (
            (TYPE_SHOWN, N_("shown")),
            (TYPE_HIDDEN, N_("hidden by the filter")),
            (UNKNOWN, N_("unknown to the catalog")),
        ),
    ),
    (
        N_("Macros"),
        (
            (RUNNING, N_("running, or on")),
            (PASSED, N_("passed")),
            (FAILED, N_("failed")),
            (STOPPED, N_("stopped")),
        ),
    ),
    (
        N_("Recording"),
        (
            ("● REC", N_("events are written to the recording")),
            ("○ REC", N_("nothing can be written to the recording")),
        ),
    ),
)
"""Sections, each with signs and their meanings."""
