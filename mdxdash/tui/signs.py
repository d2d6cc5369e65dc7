"""The signs of the screen, and the legend of all of them for the help screen and the README."""

from typing import Final

from mdxdash.events.text import SIGN_MEANINGS

CONNECTED: Final = "●"
SILENT: Final = "◌"
GONE: Final = "○"
UPSTREAM: Final = "⇄"
UNKNOWN: Final = "?"
MARKED: Final = "▌"
TYPE_SHOWN: Final = "■"
TYPE_HIDDEN: Final = "□"
RUNNING: Final = "▶"
PASSED: Final = "✓"
FAILED: Final = "✕"
STOPPED: Final = "■"
FAULT: Final = "!"

LEGEND: Final = (
    (
        "Events",
        (*SIGN_MEANINGS.items(), (MARKED, "a marked row")),
    ),
    (
        "Agents",
        (
            (CONNECTED, "connected"),
            (SILENT, "connected, but silent for some time"),
            (GONE, "gone"),
            (UPSTREAM, "relayed to the server behind mdxdash"),
        ),
    ),
    (
        "Types",
        (
            (TYPE_SHOWN, "shown"),
            (TYPE_HIDDEN, "hidden by the filter"),
            (UNKNOWN, "unknown to the catalog"),
        ),
    ),
    (
        "Macros",
        (
            (RUNNING, "running, or on"),
            (PASSED, "passed"),
            (FAILED, "failed"),
            (STOPPED, "stopped"),
        ),
    ),
    (
        "Recording",
        (
            ("● REC", "events are written to the recording"),
            ("○ REC", "nothing can be written to the recording"),
        ),
    ),
)
"""Sections, each with signs and their meanings."""
