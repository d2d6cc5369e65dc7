"""The keys that work everywhere. Letters and digits act in every pane but a text field, function
keys there too; what a single pane adds stands in that pane.
"""

import unicodedata
from typing import Final

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.keys import KEY_NAME_REPLACEMENTS

from mdxdash.wire.full_width import half_width

_SAME_KEYS: Final = {"・": "/", "「": "[", "」": "]"}
"""What a Japanese input method types with a key, to what the key types without it."""


def half_width_key(event: Key) -> Key:
    """Returns the key that is pressed with an input method left on (`ｑ`, `／`, `１`) as the key
    that it is without it (q, /, 1); any other event as it is."""
    typed = event.character or ""
    character = _SAME_KEYS.get(typed, half_width(typed))
    if character == typed or len(character) != 1:
        return event
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    key = character if character.isalnum() else KEY_NAME_REPLACEMENTS.get(name, name)
    return Key(key, character)


LINK_KEYS: list[BindingType] = [
    Binding(
        "right_square_bracket",
        "reply",
        "Reply",
        show=False,
        key_display="]",
        tooltip="Go to the reply to the row's command",
    ),
    Binding(
        "left_square_bracket",
        "command",
        "Command",
        show=False,
        key_display="[",
        tooltip="Go to the command that the row replies to",
    ),
]
"""Where there are events: between a command and the replies to it."""

KEYS: list[BindingType] = [
    # With priority, so that what is typed right after them, however fast, goes into the text
    # field they open and is no key of the pane before it (see `MdxdashApp.check_action`).
    Binding(
        "slash",
        "write('filter')",
        "Filter",
        key_display="/",
        priority=True,
        tooltip="Type a filter (F3)",
    ),
    Binding("f3", "filter", show=False),
    # With priority, since text fields have this key too.
    Binding("ctrl+f", "find", "Find", priority=True, tooltip="Find without filtering"),
    Binding("t,f4", "pane('types')", "Types", key_display="t", tooltip="Go to the types (F4)"),
    Binding(
        "space,f8",
        "hold",
        "Hold",
        key_display="space",
        tooltip="Hold the stream, or follow it again (F8)",
    ),
    Binding("1", "macro('1')", "Macros", key_display="1-9", tooltip="Fire, start, stop a macro"),
    *(Binding(str(n), f"macro('{n}')", show=False) for n in range(2, 10)),
    Binding("0", "stop_macros", "Stop all", show=False, tooltip="Stop all running macros"),
    Binding(
        "V", "say", "Say or play", show=False, tooltip="Let agents say a text or play a sound file"
    ),
    Binding("S", "stop_speech", "Stop speech", show=False, tooltip="Stop what agents speak"),
    Binding("u", "runs", "Runs", show=False, tooltip="The runs of macros, step by step"),
    Binding("R", "record_macro", "Record", show=False, tooltip="Record what is sent as a macro"),
    Binding("c", "write('compose_line')", "Compose", priority=True, tooltip="Write a command (F2)"),
    Binding("f2", "compose_line", show=False),
    Binding(
        "exclamation_mark",
        "next_alert",
        "Alerts",
        key_display="!",
        tooltip="Go to the newest alert, and on to the next, through the filter if need be",
    ),
    Binding("L", "lost_agent", "Lost agent", show=False, tooltip="The last events of a lost agent"),
    Binding(
        "p",
        "watches",
        "Watches",
        show=False,
        tooltip="Pin the filter in force as a counter, with an alarm if wanted; unpin it",
    ),
    Binding("a,f7", "pane('agents')", "Agents", show=False, tooltip="Go to the agents (F7)"),
    Binding("m,f5", "pane('macros')", "Macros pane", show=False, tooltip="Go to the macros (F5)"),
    Binding("s,f6", "view('events')", "Stream", show=False, tooltip="Go to the events (F6)"),
    Binding("escape", "show_stream", "Back", show=False, tooltip="Go back to the view"),
    Binding(
        "C",
        "view('conversation')",
        "Conversation",
        show=False,
        tooltip="What the user and the agent said, with latencies",
    ),
    Binding("T", "view('timeline')", "Timeline", show=False, tooltip="Everything against time"),
    Binding(
        "M",
        "make_macro",
        "Make a macro",
        show=False,
        tooltip="Make a macro of the selected dialogue: it says the same and expects the same",
    ),
    Binding(
        "D",
        "compare",
        "Compare",
        show=False,
        tooltip="This session and an older one, side by side",
    ),
    Binding("d", "speak", "Speak", show=False, tooltip="Speak to the agent as its user"),
    Binding("i", "pane('detail')", "Detail", show=False, tooltip="Go to the detail"),
    Binding("Z", "zoom", "Zoom", show=False, tooltip="Let the pane fill the screen; again: back"),
    Binding(
        "B", "wrap_rows", "Wrap rows", show=False, tooltip="Show long rows in several lines, or cut"
    ),
    Binding(
        "O",
        "columns",
        "Columns",
        show=False,
        tooltip="Choose the rows' columns and their widths",
    ),
    Binding("f", "follow", "Follow", show=False, tooltip="Follow the newest event"),
    Binding("o", "only_type", "Only this type", show=False, tooltip="Show only the row's type"),
    Binding("h", "hide_type", "Hide this type", show=False, tooltip="Hide the row's type"),
    Binding("e", "explain", "Explain", show=False, tooltip="Explain the row's message"),
    *LINK_KEYS,
    Binding("r", "reuse", "Reuse", show=False, tooltip="Put the row's message in the composer"),
    Binding("w", "copy_mdf", "Copy .mdf", show=False, tooltip="Copy the lines for an agent's .mdf"),
    Binding(
        "v",
        "connections",
        "Connections",
        show=False,
        tooltip="Every connection in detail, and the refused ones",
    ),
    Binding("z", "statistics", "Statistics", show=False, tooltip="Rates, round trips, types"),
    Binding("E", "export", "Export", show=False, tooltip="Export the shown events to a file"),
    Binding(
        "P",
        "replay",
        "Replay",
        show=False,
        tooltip="Send the selected rows' commands again, at their times; again: stop",
    ),
    Binding("question_mark,f1", "help", "Help", key_display="?", tooltip="This screen (F1)"),
    Binding("q,f10", "quit", "Quit", key_display="q", tooltip="Quit (F10)"),
]
