"""The codes of the findings of `check`: what each one means, and what to do about it."""

from typing import Final, Literal

import msgspec

from mdxdash.wire.framing import WIRE_RULES

Severity = Literal["refused", "ask", "hint"]
"""`refused`: never sent, because it would harm the agent. `ask`: sent when confirmed, because it
may harm the agent or cut the connection. `hint`: only reported."""

SEVERITIES: Final[tuple[Severity, ...]] = ("refused", "ask", "hint")
"""The most severe first."""

OF_THE_DOCUMENTATION: Final = frozenset({"H408"})
"""An error in the documentation of a message: its explanation has it, and it says nothing of a
line."""

FOR_WRITERS: Final = OF_THE_DOCUMENTATION | {"H401", "H416"}
"""Hints that help whoever writes a command, and not whoever runs a saved macro or pipes many lines:
also a message type that only the content knows (H401), and the reminder that a file must exist
(H416)."""


class Code(msgspec.Struct, frozen=True):
    """One kind of finding."""

    code: str
    """Stable: people and programs refer to it."""
    severity: Severity
    meaning: str
    """What is wrong, and what happens if it is sent."""
    remedy: str = ""
    """What to do instead."""
    types: tuple[str, ...] = ()
    """The only messages that it can be found in; empty for any."""


_CATALOG_CODES: Final = (
    Code(
        "C201",
        "refused",
        "A button whose action does not begin with `open,` `play,` `message,` or `setkeyvalue,` "
        "crashes the agent at its next update. The documentation's `keyvalueset` is such a one.",
        "Write one of the four words, a comma, and what it acts on: `message,TYPE`.",
        ("BUTTON_ADD",),
    ),
    Code(
        "C202",
        "refused",
        "A text page with more than 10 button labels crashes the agent.",
        "Give at most 10 labels with commas between; a label cannot hold a comma.",
        ("INFOTEXT_FILE", "INFOTEXT_STRING"),
    ),
    Code(
        "C203",
        "refused",
        "GAIN without a value crashes the agent while its recogniser (Julius) runs.",
        "Add the scale: `RECOG_MODIFY|GAIN|1.0`.",
        ("RECOG_MODIFY",),
    ),
    Code(
        "C204",
        "refused",
        "Setting a text board that exists to no text at all crashes the agent.",
        "To empty the board set it to `_`, which shows as a space.",
        ("TEXTAREA_SET",),
    ),
    Code(
        "A301",
        "ask",
        "Without a main FST this crashes the agent: if the content was started without any FST, "
        "and for a sub-FST also if the last FST_LOAD failed. Nothing that the agent sends proves "
        "that one runs, but a sub-FST that has started.",
        "Send it only if the content has an .fst of its own (the one beside its .mdf).",
        ("FST_LOAD", "SUBFST_START", "SUBFST_START_IF"),
    ),
    Code(
        "A302",
        "ask",
        "After a variable is removed that is neither the first nor the last one set, the next "
        "VALUE_GET or VALUE_SET, from anyone, hangs the agent for ever.",
        "Set it to another value instead of removing it.",
        ("VALUE_UNSET",),
    ),
    Code(
        "A303",
        "ask",
        "A middle variable has been removed in this agent, so looking a variable up is expected "
        "to hang it for ever.",
        "Restart the agent first.",
        ("VALUE_GET", "VALUE_SET", "VALUE_EVAL", "VALUE_UNSET"),
    ),
    Code(
        "A304",
        "ask",
        "A second SPEAK_START freezes the agent until the first speech has ended; for ever if "
        "its AppData/Julius is missing.",
        "Wait for SPEAK_EVENT_STOP.",
        ("SPEAK_START",),
    ),
    Code(
        "A305",
        "ask",
        "The Network plugin has been switched off in this agent. NETWORK_GET then crashes it; "
        "whether switching it on again helps is not known.",
        "Restart the agent first.",
        ("NETWORK_GET",),
    ),
    Code(
        "A306",
        "ask",
        "This cuts the agent's connection to this hub. After PLUGIN_DISABLE|Remote it is not "
        "opened again, and on Linux the loss can end the whole agent; OPEN_CONTENT and the key R "
        "restart the content, and it connects again after about a second.",
        "Confirm if that is what you want.",
        ("PLUGIN_DISABLE", "OPEN_CONTENT", "REMOTEKEY_CHAR"),
    ),
    Code(
        "A307",
        "ask",
        "A button whose image file is not found crashes the agent at its next update, and this "
        "image has not been on a button of this agent yet.",
        "Make sure that the file is there, as seen from the agent's content.",
        ("BUTTON_ADD",),
    ),
    Code(
        "A308",
        "ask",
        "Setting a text board to no text at all crashes the agent if the board exists. It has not "
        "been announced here.",
        "To empty a board set it to `_`, which shows as a space.",
        ("TEXTAREA_SET",),
    ),
    Code(
        "A309",
        "ask",
        "Once the Network plugin is off, the next NETWORK_GET, be it from the content's own "
        "script, crashes the agent.",
        "Leave it on.",
        ("PLUGIN_DISABLE",),
    ),
    Code(
        "A310",
        "ask",
        "SPEAK_START of a file that cannot be read, or is no sound, freezes the agent for good. "
        "Only the agent sees its files, so a name that does not end as those of sound files is "
        "asked about.",
        "Play a WAV, FLAC or OGG file of less than 60 seconds that is there, as seen from the "
        "agent's content.",
        ("SPEAK_START",),
    ),
    Code(
        "A311",
        "ask",
        "A file that exists but is no image that can be loaded, be it a damaged one, crashes the "
        "agent. Only the agent sees its files, so a name that does not end as those of images is "
        "asked about.",
        "Show a PNG, JPEG, BMP or TGA image.",
        ("WINDOWFRAME", "WINDOWFRAME_ADD", "WINDOWOVERLAY_ADD"),
    ),
    Code(
        "A312",
        "ask",
        "A model that is deleted or changed while MOTIONCAPTURE_START records its motion can crash "
        "the agent.",
        "Send MOTIONCAPTURE_STOP for the model first.",
        ("MODEL_DELETE", "MODEL_CHANGE", "MODEL_CHANGE_ASYNC"),
    ),
    Code(
        "A313",
        "ask",
        "FST_LOAD of a script that has companions beside it (`main.fst*.fst` beside `main.fst`) "
        "crashes the agent; a file that is not there stops all scripts. Only the agent sees its "
        "files. A script that this agent has loaded before is not asked about.",
        "Send it only if no other file in the script's folder has a name that begins with the "
        "script's.",
        ("FST_LOAD",),
    ),
    Code(
        "A314",
        "ask",
        "The type or the bar behind it is written with full-width characters, as an input method "
        "that was left on types them. The agent takes all of it for an unknown type.",
        "Write the type and the bars in ASCII. Arguments may hold full-width characters.",
    ),
    Code(
        "A315",
        "ask",
        "The line has no bar, is of no known type, and reads as text: it has a blank or a "
        "character that is not ASCII in it, or ends as a sentence does. It would be sent as a "
        "message of that type. Several pasted lines are several messages.",
        "Write the text behind a type and a bar, in one line.",
    ),
    Code(
        "H401",
        "hint",
        "MMDAgent-EX knows no message of this type. It passes, and a script may wait for it; but "
        "an unknown line that begins with __AV is dropped.",
        "Check the spelling, unless the type is your own.",
    ),
    Code(
        "H402",
        "hint",
        "The program neither sends nor obeys this message: it is a misprint of the documentation, "
        "or a name that was reserved.",
        "Use the message that was meant.",
    ),
    Code(
        "H403",
        "hint",
        "This is an event, which the agent itself sends. Sent to it, nothing happens but that its "
        "script takes it as having happened.",
        "For an effect send the command, not its event.",
    ),
    Code(
        "H404",
        "hint",
        "The number of arguments is not one that this message takes.",
        "Compare with its forms.",
    ),
    Code("H405", "hint", "The value is none of the choices. Letter case counts."),
    Code(
        "H406",
        "hint",
        "Commands drop empty arguments, and the later ones move up.",
        "Write the default instead of nothing.",
    ),
    Code("H407", "hint", "The value is not the number, or not as many numbers, as is asked for."),
    Code(
        "H408", "hint", "The published documentation and the program disagree about this message."
    ),
    Code(
        "H409",
        "hint",
        "The program takes this only from its own keyboard, menu, buttons and HTTP; through the "
        "socket, as from scripts, it is silently dropped.",
        "Put it on a button or a menu item (`message,TYPE`), to be tapped.",
        ("RECOG_RECORD_START", "RECOG_RECORD_STOP"),
    ),
    Code("H410", "hint", "The command works on one system only; elsewhere it does nothing."),
    Code(
        "H411",
        "hint",
        "The name is in use in this agent, and the command refuses one that is.",
        "Choose another name, or delete the old one first.",
    ),
    Code(
        "H412",
        "hint",
        "Nothing of this name has been announced by this agent.",
        "Check the spelling.",
    ),
    Code(
        "H413",
        "hint",
        "A line that begins with SND would be taken for audio, so it is sent as the message of "
        "this name. Blocks of sound cannot be typed.",
        "Use the audio functions to send sound.",
    ),
    Code("H414", "hint", "The file's name does not end as the files that this argument takes."),
    Code(
        "H415",
        "hint",
        "Lines that begin with __AV take commas. With a bar after the type the agent knows no "
        "such line, and drops it.",
        "Write a comma: `__AV_SETMODEL,mei`.",
    ),
    Code(
        "H416",
        "hint",
        "A file that cannot be read freezes the agent for good (SPEAK_START), and one that is no "
        "image crashes it (the others). Only the agent sees its files.",
        "Make sure that the file is there and whole, as seen from the agent's content.",
        ("SPEAK_START", "WINDOWFRAME", "WINDOWFRAME_ADD", "WINDOWOVERLAY_ADD"),
    ),
)

CODES: Final[dict[str, Code]] = {
    **{code: Code(code, "refused", meaning) for code, meaning in WIRE_RULES.items()},
    **{code.code: code for code in _CATALOG_CODES},
}
"""Every code; those of the wire (`W…`) come first."""
