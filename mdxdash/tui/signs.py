"""The signs of the screen, and the legend of all of them for the help screen and the README."""

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
