"""A settings file with every setting, its meaning and its default, all commented out.

`mdxdash config init` writes it, and so does whatever is first saved where there is no file.
"""

import re
import textwrap
from functools import cache
from typing import Final

from mdxdash.language.translation import N_, Language, _, current
from mdxdash.settings.model import SECTIONS, VERSION, all_settings
from mdxdash.settings.setting import UNSET, Setting, literal

_WIDTH: Final = 96

_INTRODUCTION: Final = N_(
    """\
# Settings and macros of mdxdash. To change a setting, remove the # in front of it. Environment
# variables (MDXDASH_PORT) and options (--port) win over this file. `mdxdash config show` lists the
# values in force.

version = {version}
"""
)

_GROUPS_AND_MACROS: Final = N_("""\
[groups]

# Names for several agents, which a target may mean:
#left = ["chat", "chat-1"]

[filters]

# Filters under names, which the filter line and the palette of the dashboard offer:
#errors = "level:error OR is:lost"

[highlights]

# Filters of rows that stand out in the dashboard, with the colour: primary, secondary, accent,
# success, warning or error:
#"type:RECOG_EVENT_STOP weather" = "success"

# A speech synthesiser, for the step { say = "Hello", voice = "mei" }:
#[voice.mei]
#command = "open_jtalk -x /usr/share/... -m mei_normal.htsvoice -ow {out}"

# A script that gets events and sends what it prints:
#[program.chat]
#command = "python -u chat.py"
#feed = "type:RECOG_EVENT_STOP"

# A macro. `every` makes it fire periodically, `target` is an agent ("chat"), a pattern ("chat*") or
# a group. `send` may be a list of lines: ["FIRST|1", "SECOND|2"]. `on` fires it after an event:
#   on = "type:RECOG_EVENT_STOP hello". Instead of `send` it may have `steps`:
#   steps = [
#     { send = "SYNTH_START|0|mei_voice_normal|Hello" },
#     { wait = "type:SYNTH_EVENT_START args:0", timeout = "5s" },
#     { wait = "type:SYNTH_EVENT_STOP args:0", timeout = "30s" },
#   ]

# A watch counts the events of a filter in the status bar. `alarm = "first"`, `above = 10` (a
# minute) or `absent` with `within` raise an alarm:
#[[watch]]
#name = "No answer"
#on = "type:RECOG_EVENT_STOP"
#absent = "type:SYNTH_EVENT_START"
#within = "5s"
""")


_KEYS: Final = N_("""\
[keys]

# Other keys for what the dashboard does, one or several; `mdxdash config keys` lists the names:
#only_this_type = "I"
#runs = ["U", "f11"]
""")


def commented_file() -> str:
    """Returns the text of the file, in the language in use. Read as settings it changes nothing."""
    return _written(current())


@cache
def _written(_language: Language) -> str:
    parts = [_(_INTRODUCTION).format(version=VERSION)]
    for section in SECTIONS:
        parts.append(f"[{section}]\n")
        parts += [_entry(setting) for setting in all_settings() if setting.section == section]
    return "\n".join([*parts, _(_KEYS), _(_GROUPS_AND_MACROS)])


def _entry(setting: Setting) -> str:
    about = setting.about
    unset = (
        "" if about.unset == UNSET else _(" Without a value: {unset}.").format(unset=_(about.unset))
    )
    comment = _lines(f"{_(about.meaning)}{unset}")
    value = about.example if setting.default is None else setting.written(setting.default)
    return "\n".join([*(f"# {line}" for line in comment), f"#{setting.key} = {literal(value)}\n"])


def _lines(text: str) -> list[str]:
    """Returns the lines of a comment. Japanese may be broken anywhere but in words of other
    languages; its characters are two cells wide."""
    if current() == "en":
        return textwrap.wrap(text, _WIDTH)
    lines, cells = [""], 0
    for piece in re.findall(r"[!-~]+[、。)]?|[^!-~][、。)]?", text):
        width = sum(1 if character.isascii() else 2 for character in piece)
        if cells + width > _WIDTH:
            lines.append("")
            cells = 0
        if lines[-1] or piece != " ":
            lines[-1] += piece
            cells += width
    return lines
