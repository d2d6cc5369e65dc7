"""The keys that work everywhere. Letters and digits act in every pane but a text field, function
keys there too; what a single pane adds stands in that pane. A key means the same in all panes.

Those that the footer may show come first, the most important of them first.
"""

import unicodedata
from typing import Final

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.keys import KEY_NAME_REPLACEMENTS

from mdxdash.tui.key_actions import named
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
    return Key(key_of_character(character), character)


def key_of_character(character: str) -> str:
    """Returns Textual's name of the key that types a character: `slash` for `/`."""
    if character.isalnum():
        return character
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _hidden(keys: str, action: str, description: str, tooltip: str) -> Binding:
    """A key that the help shows, and not the footer."""
    return Binding(keys, action, description, show=False, tooltip=tooltip)


LINK_KEYS: list[BindingType] = named(
    [
        _hidden("right_square_bracket", "reply", "Reply", "Go to the reply to the row's command"),
        _hidden(
            "left_square_bracket", "command", "Command", "Go to the command that the row replies to"
        ),
    ]
)
"""Where there are events: between a command and the replies to it."""

KEYS: list[BindingType] = [
    *named(
        [
            # With priority, so that what is typed right after them, however fast, goes into the
            # text field they open and is no key of the pane before it (see
            # `DashboardScreen.check_action`).
            Binding("slash", "write('filter')", "Filter", priority=True, tooltip="Type a filter"),
            Binding("f3", "filter", "Filter", tooltip="Type a filter"),
            # With priority, since text fields have this key too.
            Binding("ctrl+f", "find", "Find", priority=True, tooltip="Find without filtering"),
            Binding(
                "exclamation_mark",
                "next_alert",
                "Alerts",
                tooltip="Go to the newest alert, and on to the next, through the filter if need be",
            ),
            Binding("space,f8", "hold", "Hold", tooltip="Hold the stream, or follow it again"),
        ]
    ),
    Binding(
        "1",
        "macro('1')",
        "Fire",
        key_display="1-9",
        tooltip="Fire the macro with that key; start or stop a periodic one",
    ),
    *(Binding(str(n), f"macro('{n}')", show=False) for n in range(2, 10)),
    *named(
        [
            Binding(
                "c",
                "write('compose_line')",
                "Compose",
                priority=True,
                tooltip="Write a command",
            ),
            Binding("f2", "compose_line", "Compose", tooltip="Write a command"),
            Binding("t,f4", "pane('types')", "Types", tooltip="Go to the types"),
            Binding(
                "ctrl+p",
                "command_palette",
                "Palette",
                priority=True,
                tooltip="Find what can be done, by its name",
            ),
            Binding("question_mark,f1", "help", "Help", tooltip="The keys, the filter, the signs"),
            Binding("q,f10", "quit", "Quit", tooltip="Quit"),
        ]
    ),
    # Without a name: whatever the settings say, there is a way out.
    Binding("ctrl+q", "quit", "Quit", show=False, priority=True, tooltip="Quit"),
    *named(
        [
            _hidden("0", "stop_macros", "Stop all", "Stop all running macros"),
            _hidden("V", "say", "Say or play", "Let agents say a text or play a sound file"),
            _hidden("S", "stop_speech", "Stop speech", "Stop what agents speak"),
            _hidden("u", "runs", "Runs", "The runs of macros, step by step"),
            _hidden("R", "record_macro", "Record", "Record what is sent as a macro; again: end it"),
            _hidden("L", "lost_agent", "Lost agent", "The last events of a lost agent"),
            _hidden(
                "p",
                "watches",
                "Watches",
                "Pin the filter in force as a counter, with an alarm if wanted; unpin it",
            ),
            _hidden("a,f7", "pane('agents')", "Agents", "Go to the agents"),
            _hidden("m,f5", "pane('macros')", "Macros", "Go to the macros"),
            _hidden("s,f6", "view('events')", "Events", "Go to the events"),
            _hidden("escape", "show_stream", "Back", "Go back to the view"),
            _hidden(
                "C",
                "view('conversation')",
                "Conversation",
                "What the user and the agent said, with latencies",
            ),
            _hidden("T", "view('timeline')", "Timeline", "Everything against time"),
            _hidden(
                "M",
                "make_macro",
                "Make a macro",
                "Make a macro of the selected dialogue: it says the same and expects the same",
            ),
            _hidden("D", "compare", "Compare", "This session and an older one, side by side"),
            _hidden("d", "speak", "Speak", "Speak to the agent as its user"),
            _hidden("i", "pane('detail')", "Detail", "Go to the detail"),
            _hidden("Z", "zoom", "Zoom", "Let the pane fill the screen; again: back"),
            _hidden("at", "go_to_time", "Go to time", "Go to a time"),
            _hidden("B", "wrap_rows", "Wrap rows", "Show long rows in several lines, or cut"),
            _hidden("O", "columns", "Columns", "Choose the rows' columns and their widths"),
            _hidden("f", "follow", "Follow", "Follow the newest event"),
            _hidden("ctrl+l", "clear", "Clear", "Clear the view; the log keeps the events"),
            _hidden("ctrl+z", "uncover", "Undo clear", "Show again what was cleared"),
            _hidden("o", "only_type", "Only this type", "Show only this type; again: all types"),
            _hidden("h", "hide_type", "Hide this type", "Hide the row's type"),
            _hidden("e", "explain", "Explain", "Explain the row's message"),
        ]
    ),
    *LINK_KEYS,
    *named(
        [
            _hidden("r", "reuse", "Reuse", "Put the row's message in the composer"),
            _hidden("w", "copy_mdf", "Copy .mdf", "Copy the lines for an agent's .mdf"),
            _hidden(
                "v",
                "connections",
                "Connections",
                "Every connection in detail, and the refused ones",
            ),
            _hidden("z", "statistics", "Statistics", "Rates, round trips, types"),
            _hidden("X", "export", "Export", "Export the shown events to a file"),
            _hidden(
                "P",
                "replay",
                "Replay",
                "Send the selected rows' commands again, at their times; again: stop",
            ),
        ]
    ),
]
